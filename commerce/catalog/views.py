"""The catalog as shoppers see it. Every page works from its address alone; scripts only make it quicker."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import InvalidPage
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from commerce import copies, limits, paging, partly
from commerce.catalog import asking, bestsellers, choices, facets, options, selectors, shapes, structured
from commerce.catalog.models import Product
from commerce.shipping import selectors as shipping
from commerce.shipping.models import ShippingMethod

PAGE_SECONDS = 300  # a copy of a page lives so long at most; facts end it earlier
STOCK_SECONDS = 60  # and one that limits what can be ordered: each order changes that without a fact
ALTERNATIVES = 4  # products that a page without content offers instead
RECENT = 8  # products that a browser remembers and shows again
SELLING = "selling"
_SECONDS = 60  # in which a client may narrow listings so often as the settings say


def _sorts() -> dict[str, Any]:
    """Return the orders of a listing: those of the catalog, and what sells best behind what is new."""
    labels = [(key, label) for key, (label, _order) in selectors.SORTS.items()]
    return dict([*labels[:2], (SELLING, _("Best selling")), *labels[2:]])


SORTS = _sorts()


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a product; `?variant=SKU` chooses the variant whose price and picture are shown."""
    language = get_language() or shapes.DEFAULT_LANGUAGE
    now = timezone.now()
    shown = selectors.product_page(slug=slug, language=language, sku=request.GET.get("variant", ""), now=now)
    if shown is None or not shown.variants:
        return _withdrawn(request, slug, language)
    page = render(request, "commerce/product.html", product_context(shown=shown, language=language, now=now))
    edges = (variant.changes_at for variant in shown.variants)
    seconds = copies.seconds_until(edges, now=now, most=STOCK_SECONDS)
    return page if options.counts_units(shown) else copies.alike(page, seconds=seconds)


@require_safe
def recent(request: HttpRequest) -> HttpResponse:
    """Return cards for `?p=slug&p=slug`: what a browser remembers to have shown; the shop keeps no trace of it."""
    slugs = [slug for slug in dict.fromkeys(request.GET.getlist("p")) if "\x00" not in slug][:RECENT]
    language = get_language() or shapes.DEFAULT_LANGUAGE
    cards = selectors.by_slugs(slugs=slugs, language=language, now=timezone.now())
    response = render(request, "commerce/recent.html", {"cards": cards})
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, max_age=STOCK_SECONDS)
    return response


@require_safe
def listing(request: HttpRequest, path: str = "") -> HttpResponse:
    """Show a page of a category and those below it, or of everything.

    `?price=`, `?option=` and `?stock=` narrow it (see `asking`), `?sort=` and `?page=` choose what is seen of it, `?from=` the first
    of several pages that are shown at once.
    """
    if request.GET and (wait := _wait(request)):
        return too_often(request, wait)
    language = get_language() or shapes.DEFAULT_LANGUAGE
    category = selectors.category_page(path=path, language=language) if path else None
    if path and category is None:
        return not_found(request)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else next(iter(SORTS))
    asked, counted = _counted(request, path, language)
    products = facets.narrowed(selectors.listing(path=path, sort=sort), asked=asked, counted=counted)
    paginator = paging.Spans(_sorted(products, sort, category), settings.LISTING_PAGE_SIZE)
    paginator.__dict__["count"] = counted.fitting  # it was counted already
    try:
        page = paginator.span(
            number=request.GET.get("page", "1"),
            first=request.GET.get("from", ""),
            added=partly.adds(request),
        )
    except InvalidPage:
        return not_found(request)
    context = listing_context(
        category=category, page=page, sort=sort, asked=asked, counted=counted, language=language
    )
    numbered = page.first > 1 and asked == asking.Asked()
    canonical = request.path + (f"?page={page.first}" if numbered else "")
    part = partly.wanted(request)
    template = "commerce/listing_fragment.html" if part and counted.every else "commerce/listing.html"
    shelf = partly.told_apart(render(request, template, {**context, "canonical": canonical}))
    if part:
        return shelf if counted.every else partly.whole(shelf)
    edges = (card.changes_at for card in context["cards"])
    return copies.alike(shelf, seconds=copies.seconds_until(edges, now=timezone.now(), most=PAGE_SECONDS))


def _sorted(
    products: QuerySet[Product], sort: str, category: shapes.CategoryView | None
) -> QuerySet[Product]:
    """Return products in the order of the day's sales, or in that in which an editor picked them, where asked for."""
    if sort == SELLING:
        return bestsellers.first(products, today=timezone.localdate())
    if category and category.picked and sort == next(iter(SORTS)):
        return selectors.as_picked(products, keys=category.picked)
    return products


def product_context(*, shown: shapes.ProductView, language: str, now: datetime) -> dict[str, Any]:
    """Return what the template of a product page needs; the editors' preview uses it too."""
    matching, similar = selectors.related(shown=shown, limit=ALTERNATIVES, language=language, now=now)
    return {
        "matching": matching,
        "similar": similar,
        "sale": options.sale(shown.selected, language=language) if shown.selected else {},
        "product": shown,
        "pictures": options.pictures_first(shown),
        "groups": options.groups(shown),
        "variants": options.table(shown, language=language),
        "stock_note": options.stock_note(shown.selected) if shown.selected else "",
        "later": options.later(shown.selected) if shown.selected else "",
        "rate": _rate(goods=shown.selected.price if shown.selected else 0, language=language),
        "text_languages": shown.languages,
        "menu_path": shown.crumbs[0].path if shown.crumbs else None,
    }


def listing_context(
    *,
    category: shapes.CategoryView | None,
    page: paging.Span,
    sort: str,
    asked: asking.Asked,
    counted: facets.Counted,
    language: str,
) -> dict[str, Any]:
    """Return what the template of a listing needs for one page of products; the editors' preview uses it too."""
    chosen_sort = "" if sort == next(iter(SORTS)) else sort
    return {
        "category": category,
        "shelves": _shelves(category),
        "cards": selectors.cards_in(page.object_list, language=language, now=timezone.now()),  # type: ignore[arg-type]  # it is a query
        "page": page,
        "asked": asked,
        "counted": counted,
        "facets": choices.offered(counted=counted, asked=asked, language=language),
        "chips": choices.chips(counted=counted, asked=asked, sort=chosen_sort, language=language),
        "all_address": asking.Asked().address(sort=chosen_sort),
        "sort": chosen_sort,
        "sorts": tuple((key, str(label)) for key, label in SORTS.items()),
        "structured": structured.breadcrumbs(category.crumbs, language=language) if category else "",
        "text_languages": category.languages if category else (),
        "menu_path": category.path if category else "",
    }


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that nothing is here, with status 404, and offer what came last instead."""
    language = get_language() or shapes.DEFAULT_LANGUAGE
    newest = selectors.newest(limit=ALTERNATIVES, language=language, now=timezone.now())
    return render(request, "404.html", {"cards": newest, "catalog": reverse("catalog")}, status=404)


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    """Ask a client that narrows listings very often to wait so many seconds, with status 429."""
    response = render(
        request, "commerce/listing_wait.html", {"wait": wait, "again": request.get_full_path()}, status=429
    )
    response["Retry-After"] = str(wait)
    return response


def _wait(request: HttpRequest) -> int:
    """Count an address with a question, of which no copy is kept, and return how many seconds to wait."""
    return limits.seconds_to_wait(
        name="listing",
        who=limits.client(request),
        tries=settings.LISTING_TRIES,
        seconds=_SECONDS,
        now=timezone.now(),
    )


def _withdrawn(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Say that a product is not sold, with status 404: it may come back. What stood beside it is offered instead."""
    beside = selectors.beside_withdrawn(slug=slug, limit=ALTERNATIVES, language=language, now=timezone.now())
    if not beside:
        return not_found(request)
    return render(request, "404.html", {"cards": beside, "beside": True}, status=404)


def _counted(request: HttpRequest, path: str, language: str) -> tuple[asking.Asked, facets.Counted]:
    """Return what is asked for and its counts; values that the listing does not have are not asked for."""
    asked = asking.read(request.GET)
    if asked.groups:
        whole = facets.count(path=path, asked=asking.Asked(), language=language)
        asked = asked.within(whole.known)
    return asked, facets.count(path=path, asked=asked, language=language)


def _shelves(category: shapes.CategoryView | None) -> tuple[shapes.CategoryLink, ...]:
    """Return where to go from here: further down, or sideways where that is not in the menu already."""
    if category is None:
        return ()
    return category.children or (category.siblings if "/" in category.path else ())


def _rate(*, goods: int, language: str) -> shipping.Rate | None:
    try:
        return shipping.rate_shown(goods=goods, language=language)
    except ShippingMethod.DoesNotExist:
        return None  # the page can be read; the order sheet refuses with a reason
