"""The pages of search. They work from their address alone; the script only shows suggestions while one types."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from commerce import limits, paging, partly
from commerce.catalog import selectors as catalog
from commerce.catalog import shapes
from commerce.search import selectors, services, stories, wording
from commerce.search.models import FoundInstead
from commerce.search.selectors import Fit, Found
from commerce.search.sifting import BEST
from commerce.search.wording import Wording

SECONDS = 60  # in which a client may search so often as the settings say
POPULAR = 4  # products that a search without results offers instead
_SUGGESTED = {"terms": 5, "products": 5, "stories": 3}
_FRESH = 60  # seconds that a browser may keep suggestions

SORTS = [(BEST, _("Best match")), *((key, label) for key, (label, _order) in catalog.SORTS.items())]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what fits `?q=`, a page of it (`?page=`, or several: `?from=`) in an order (`?sort=`); without words, where to begin."""
    language = get_language() or shapes.DEFAULT_LANGUAGE
    typed = wording.read(request.GET.get("q", ""))
    tree = catalog.category_tree(language=language)
    context: dict[str, Any] = {"q": typed.text, "menu": tree, "searching": True, "too_long": typed.cut}
    if typed.words and (wait := _wait(request, "search", settings.SEARCH_TRIES)):
        response = render(request, "commerce/search.html", {**context, "wait": wait}, status=429)
        response["Retry-After"] = str(wait)
        return response
    sort = request.GET.get("sort", "")
    found = selectors.find(typed=typed, sort=sort)
    context |= {"found": found, "shelves": selectors.categories(typed=found.words, tree=tree)}
    context |= _results(request, found, sort, language) if found.count else _instead(language)
    _remember(found, typed, language)
    part = partly.wanted(request)
    template = "commerce/search_part.html" if part and found.count else "commerce/search.html"
    page = partly.told_apart(render(request, template, context))
    return partly.whole(page) if part and not found.count else page


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Answer what is being typed (`?q=`) with the options of a list: searches, categories, products, stories."""
    language = get_language() or shapes.DEFAULT_LANGUAGE
    typed = wording.read(request.GET.get("q", ""))
    if not typed.words or _wait(request, "suggest", settings.SUGGEST_TRIES):
        return HttpResponse(status=204)
    found = selectors.find(typed=typed)
    groups: dict[str, list[Any]] = {
        "terms": selectors.terms(typed=found.words, limit=_SUGGESTED["terms"]),
        "shelves": selectors.categories(typed=found.words, tree=catalog.category_tree(language=language)),
        "cards": catalog.cards_of(
            found.products[: _SUGGESTED["products"]], language=language, now=timezone.now()
        ),
        "stories": _stories(found, language),
    }
    total = sum(map(len, groups.values()))
    response = render(request, "commerce/search_suggest.html", {**groups, "found": found, "total": total})
    patch_cache_control(response, private=True, max_age=_FRESH)
    return response


def _wait(request: HttpRequest, name: str, tries: int) -> int:
    return limits.seconds_to_wait(
        name=name, who=limits.client(request), tries=tries, seconds=SECONDS, now=timezone.now()
    )


def _results(request: HttpRequest, found: Found, sort: str, language: str) -> dict[str, Any]:
    page = _page(found, request)
    return {
        "page": page,
        "cards": catalog.cards_of(list(page), language=language, now=timezone.now()),
        "sort": sort if sort in catalog.SORTS else "",
        "sorts": tuple((key, str(label)) for key, label in SORTS),
        "stories": _stories(found, language),
    }


def _page(found: Found, request: HttpRequest) -> paging.Span:
    """Return what was asked for; the first page instead of what is no number, the last instead of one too far."""
    paginator = paging.Spans(found.products, settings.LISTING_PAGE_SIZE)
    number = paginator.get_page(request.GET.get("page", "")).number
    return paginator.span(number=number, first=request.GET.get("from", ""), added=partly.adds(request))


def _instead(language: str) -> dict[str, Any]:
    popular = catalog.listing(path="", sort="recommended")[:POPULAR]
    return {"popular": catalog.cards_in(popular, language=language, now=timezone.now())}


def _stories(found: Found, language: str) -> list[stories.StoryLink]:
    """Return stories that have all the words, unless words had to be put right or left out."""
    words = found.words.bare_words
    if found.fit not in (Fit.EXACT, Fit.NOTHING) or any(word.initials for word in words):
        return []
    keys = [word.bare for word in words]
    return stories.find(keys=keys, language=language, limit=_SUGGESTED["stories"])


def _remember(found: Found, typed: Wording, language: str) -> None:
    shown = {Fit.NOTHING: FoundInstead.NOTHING, Fit.PARTLY: FoundInstead.PARTLY}.get(found.fit)
    if typed.words and shown:
        services.remember_empty(query=typed.text, language=language, shown=shown, now=timezone.now())
