"""Show an unsaved page as shoppers will see it: the shop's own templates, the page's words, today's stock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone, translation

from cms import goods, languages
from commerce import paging
from commerce.catalog import asking, facets, making, notices, prices
from commerce.catalog import selectors as catalog
from commerce.catalog import views as catalog_views
from commerce.catalog.models import Variant
from commerce.catalog.shapes import Card, CategoryView, Crumb, Guide, Picture, ProductView, VariantView
from commerce.catalog.sku import normalise_sku
from commerce.inventory import selectors as inventory

CARD = "card"
SOLD_OUT = "sold-out"


@dataclass(frozen=True)
class _Nothing:
    """What stands in for the first variant of a draft that has none yet."""

    sku: str = ""
    price: int = 0
    image_id: int | None = None
    option1: str = ""
    option1_en: str = ""
    option2: str = ""
    option2_en: str = ""
    sale_price: int | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    content: int | None = None
    content_unit: str = ""
    barcode: str = ""


_NOTHING = _Nothing()


def product_response(*, page: Any, request: HttpRequest, mode: str) -> HttpResponse:
    """Return the preview of a product page; `mode` is one of the page's preview modes."""
    language = languages.of(page=page)
    with translation.override(language):
        view = product_view(page=page, sold_out=mode == SOLD_OUT)
        if mode == CARD:
            context = {"cards": [card_of(view)], "page": page}
            return TemplateResponse(request, "cms/preview_card.html", context).render()
        now = timezone.now()  # noqa: TID251  # the preview is a request of its own
        context = catalog_views.product_context(shown=view, language=language, now=now)
        return TemplateResponse(request, "commerce/product.html", context).render()


def category_response(*, page: Any, request: HttpRequest) -> HttpResponse:
    """Return the preview of a category page with the products that are linked to it by now."""
    language = languages.of(page=page)
    with translation.override(language):
        view = category_view(page=page)
        shown = paging.Spans(catalog.listing(path=view.path, sort=""), settings.LISTING_PAGE_SIZE).span(
            number=1
        )
        context = catalog_views.listing_context(
            category=view,
            page=shown,
            sort=next(iter(catalog.SORTS)),
            asked=asking.Asked(),
            counted=facets.count(path=view.path, asked=asking.Asked(), language=language),
            language=language,
        )
        return TemplateResponse(request, "commerce/listing.html", context).render()


def product_view(*, page: Any, sold_out: bool = False) -> ProductView:
    """Return a product as its unsaved page has it; a page of another language takes the goods from its lead."""
    language = languages.of(page=page)
    lead = languages.lead_of(page=page)
    text = goods.text_of(page=page)
    shown = [Picture.of(data, language=language) for data in goods.pictures_of(page=lead)]
    return ProductView(
        key=page.translation_key,
        slug=lead.slug or "preview",
        title=text["title"],
        summary=text["summary"],
        body=text["body"],
        details=text["details"],
        option_names=tuple(_word(name, language) for name in goods.option_names(page=lead)),
        variants=_variants(lead, language, sold_out=sold_out),
        pictures=tuple(picture for picture in shown if picture),
        crumbs=_crumbs(lead, language),
        seo_title=text["seo_title"],
        seo_description=text["seo_description"],
        languages=(language,),
        brand=_word(goods.brand_of(page=lead), language),
        brand_key=lead.brand.key if lead.brand else "",
        attributes=tuple(map(making.fact_in(language), goods.attributes_of(page=lead))),
        notice=notices.table(kind=lead.notice_kind, words=text["notice"], fallback=lead.notice_values),
        guides=tuple(Guide(**guide) for guide in text["guides"]),
        badges=tuple(_word(words, language) for words in goods.badges_of(page=lead)),
    )


def card_of(view: ProductView) -> Card:
    """Return the card that a list would show of a product."""
    costs = {variant.price for variant in view.variants}
    cheapest = min(view.variants, key=lambda variant: variant.price, default=None)
    return Card(
        key=view.key,
        slug=view.slug,
        title=view.title,
        summary=view.summary,
        price=view.price_from,
        price_varies=len(costs) > 1,
        regular=cheapest.regular if cheapest else 0,
        brand=view.brand,
        badges=view.badges,
        picture=view.pictures[0] if view.pictures else None,
        second_picture=view.pictures[1] if len(view.pictures) > 1 else None,
        sold_out=view.sold_out,
        options=tuple(dict.fromkeys(variant.options[0] for variant in view.variants if variant.options)),
    )


def category_view(*, page: Any) -> CategoryView:
    """Return a category as its unsaved page has it."""
    language = languages.of(page=page)
    lead = languages.lead_of(page=page)
    path = lead.shelf
    published = catalog.category_page(path=path, language=language)
    return CategoryView(
        key=page.translation_key,
        path=path,
        title=page.title,
        intro=page.intro,
        crumbs=(Crumb(title=page.title, path=path),),
        children=published.children if published else (),
        siblings=published.siblings if published else (),
        seo_title=page.seo_title,
        seo_description=page.search_description,
        picture=Picture.of(goods.category_picture(page=lead), language=language),
        languages=(language,),
    )


def _variants(lead: Any, language: str, *, sold_out: bool) -> tuple[VariantView, ...]:
    rows = goods.ordered(lead.variants) or [_NOTHING]
    skus = [normalise_sku(row.sku) for row in rows]
    known = dict(Variant.objects.filter(sku__in=skus).values_list("sku", "pk"))
    today = timezone.localdate()
    stock = {} if sold_out else inventory.supplies(variant_ids=list(known.values()), today=today)
    left = [stock.get(known.get(sku, 0), inventory.Supply(0)) for sku in skus]
    chosen = next((index for index, supply in enumerate(left) if supply.available), 0)
    now = timezone.now()  # noqa: TID251  # the preview is a request of its own
    terms = [prices.Terms(row.price or 0, row.sale_price, row.sale_from, row.sale_until) for row in rows]
    return tuple(
        VariantView(
            pk=known.get(sku, 0),
            sku=sku,
            options=tuple(_word(words, language) for words in goods.options_of(page=lead, variant=row)),
            price=prices.effective(terms[index], now=now),
            regular=terms[index].price if prices.reduced(terms[index], now=now) else 0,
            until=row.sale_until if prices.reduced(terms[index], now=now) else None,
            content=row.content,
            content_unit=row.content_unit,
            barcode=row.barcode,
            supply=left[index],
            picture=goods.picture_name(row.image_id),
            selected=index == chosen,
        )
        for index, (row, sku) in enumerate(zip(rows, skus, strict=True))
    )


def _crumbs(lead: Any, language: str) -> tuple[Crumb, ...]:
    shelves = sorted(lead.categories.all(), key=lambda shelf: -shelf.depth)
    if not shelves:
        return ()
    view = catalog.category_page(path=shelves[0].shelf, language=language)
    return view.crumbs if view else ()


def _word(words: dict[str, str], language: str) -> str:
    return words.get(language) or words.get(languages.default(), "")
