"""What the pages of search read: products in the order of how well they fit, and where else to look."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from commerce.catalog import keys
from commerce.catalog import selectors as catalog
from commerce.catalog.models import Product
from commerce.catalog.shapes import CategoryLink
from commerce.search import finding, vocabulary, wording
from commerce.search.wording import Wording

BEST = "best"
MOST = 500  # products that a search of a single key counts: it fits most of a catalog
_CATEGORIES = 5  # categories that are named beside products


class Fit(Enum):
    """How what was found fits what was typed."""

    EXACT = "exact"  # every word
    CORRECTED = "corrected"  # every word, after mistyped ones were replaced
    PARTLY = "partly"  # some of the words
    NOTHING = "nothing"


@dataclass(frozen=True)
class Found:
    """What a search found."""

    products: QuerySet[Product]
    count: int
    fit: Fit
    instead: str = ""  # what was looked for, when something was mistyped
    words: Wording = field(default_factory=lambda: Wording("", ()))
    more: bool = False  # there are more than `count`: nobody counts them all


def find(*, typed: Wording, sort: str = BEST) -> Found:
    """Return the products that fit a search, best first or in the order of a listing; at most five queries."""
    nothing = Found(Product.objects.none(), 0, Fit.NOTHING, words=typed)
    if not typed.words:
        return nothing
    search = finding.searches(typed)[0]
    if len(typed.words) == 1 and len(typed.words[0].key) == 1 and not search.promoted:
        return _one_key(search, sort) or nothing
    return _as_typed(search, sort) or _otherwise(search, sort) or nothing


def categories(*, typed: Wording, tree: Iterable[CategoryLink]) -> list[CategoryLink]:
    """Return the categories whose title has one of the words, of the menu that the page has anyway."""
    shelves = [shelf for top in tree for shelf in (top, *top.children)]
    return [shelf for shelf in shelves if _named(shelf.title, typed)][:_CATEGORIES]


def terms(*, typed: Wording, limit: int) -> list[str]:
    """Return searches that complete the last word of what was typed; one query."""
    if not typed.words:
        return []
    last = typed.words[-1]
    before = [word.text for word in typed.words[:-1]]
    return [" ".join((*before, word)) for word in vocabulary.complete(last, limit=limit)]


def listed() -> QuerySet[Product]:
    """Return what can be found: everything on sale."""
    return catalog.on_sale().order_by()


def _one_key(search: finding.Search, sort: str) -> Found | None:
    """Return what has a word that begins with a key: counted up to MOST, in the order of a listing.

    Both readings stop as soon as they have enough, so that none goes through a large catalog: score and exact count
    would have to look at everything.
    """
    fitting = listed().filter(finding.condition(search.loose))
    count = len(fitting.values_list("pk")[: MOST + 1])
    if not count:
        return None
    order = catalog.SORTS.get(sort, catalog.SORTS["recommended"])[1]
    rows = fitting.order_by(*order)
    return Found(rows, min(count, MOST), Fit.EXACT, words=search.wording, more=count > MOST)


def _as_typed(search: finding.Search, sort: str) -> Found | None:
    pinned = Q(pk__in=search.promoted) if search.promoted else Q()
    strict, loose = finding.condition(search.strict), finding.condition(search.loose)
    wanted = {"loose": loose | pinned, "strict": strict | pinned}
    same = search.strict == search.loose and not search.promoted
    more = (
        {} if same else {"strict": wanted["strict"], "typed": strict}
    )  # each is read once more for every row
    how_many = (
        listed()
        .filter(wanted["loose"])  # whatever fits strictly fits loosely
        .aggregate(loose=Count("pk"), **{name: Count("pk", filter=fitting) for name, fitting in more.items()})
    )
    if not how_many["loose"]:
        return None
    name = "strict" if how_many.get("typed") else "loose"
    rows = _ordered(listed().filter(wanted[name]), search, sort)
    return Found(rows, how_many[name], Fit.EXACT, words=search.wording)


def _otherwise(search: finding.Search, sort: str) -> Found | None:
    """Look for known words in place of mistyped ones, then for any of the words."""
    typed = search.wording
    known = vocabulary.correct(typed)
    meant = finding.searches(*wordings) if (wordings := _meant(typed, known)) else []
    ways = [phrasing for one in meant for phrasing in one.loose] + list(finding.initials_phrasing(typed))
    words = finding.corrected(typed, known).bare_words
    if not ways and len(words) < 2:
        return None
    every = finding.condition(ways) if ways else Q(pk=None)
    some = finding.any_word(words)
    how_many = listed().filter(every | some).aggregate(every=Count("pk", filter=every), some=Count("pk"))
    if how_many["every"]:
        shown = meant[0] if meant else search
        rows = _ordered(listed().filter(every), shown, sort)
        instead = shown.wording.text if meant else ""
        return Found(rows, how_many["every"], Fit.CORRECTED, instead=instead, words=shown.wording)
    if how_many["some"]:
        rows = _ordered(listed().filter(some), finding.plain(words), sort)
        return Found(rows, how_many["some"], Fit.PARTLY, words=typed)
    return None


def _meant(typed: Wording, known: dict[str, str]) -> list[Wording]:
    """Return what may have been meant: words put right one by one, or all of them as one word."""
    by_word = [finding.corrected(typed, known)] if any(word.key in known for word in typed.words) else []
    whole = [wording.read(known[typed.key])] if len(typed.words) > 1 and typed.key in known else []
    return by_word + whole


def _ordered(rows: QuerySet[Product], search: finding.Search, sort: str) -> QuerySet[Product]:
    if sort in catalog.SORTS:
        return rows.order_by(*catalog.SORTS[sort][1])
    best = rows.annotate(score=finding.score(search))
    if not search.promoted:
        return best.order_by(*finding.ORDER)
    places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(search.promoted)]
    first = Case(*places, default=Value(len(places)), output_field=IntegerField())
    return best.annotate(promoted=first).order_by("promoted", *finding.ORDER)


def _named(title: str, typed: Wording) -> bool:
    whole = keys.column(keys.entries([title]))
    first = keys.column(keys.entries([title], initial=True))
    for word in typed.words:
        column, key = (first, word.key) if word.initials else (whole, word.bare)
        if f" {key}" in column:
            return True
    return False
