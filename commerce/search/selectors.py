"""What the pages of search read: products in the order of how well they fit, and where else to look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from commerce.catalog import keys
from commerce.catalog.shapes import CategoryLink
from commerce.search import finding, vocabulary, wording
from commerce.search.sifting import BEST, Ask, sift
from commerce.search.wording import Wording

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

    products: Sequence[int]  # their keys
    count: int
    fit: Fit
    instead: str = ""  # what was looked for, when something was mistyped
    words: Wording = field(default_factory=lambda: Wording("", ()))
    more: bool = False  # there are more than `count`: nobody counts them all


def find(*, typed: Wording, sort: str = BEST) -> Found:
    """Return the products that fit a search, best first or in the order of a listing; a few queries.

    Of what fits very many, the first are read when they are asked for: see `sifting`.
    """
    if not typed.words:
        return Found([], 0, Fit.NOTHING, words=typed)
    search = finding.searches(typed)[0]
    return _as_typed(search, sort) or _otherwise(search, sort) or Found([], 0, Fit.NOTHING, words=typed)


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


def _as_typed(search: finding.Search, sort: str) -> Found | None:
    asked = Ask(search, search.strict, search.loose, sort=sort, pinned=search.promoted)
    return _found(asked, Fit.EXACT)


def _otherwise(search: finding.Search, sort: str) -> Found | None:
    """Look for known words in place of mistyped ones, then for any of the words."""
    typed = search.wording
    known = vocabulary.correct(typed)
    meant = finding.searches(*wordings) if (wordings := _meant(typed, known)) else []
    ways = (*(phrasing for one in meant for phrasing in one.loose), *finding.initials_phrasing(typed))
    if ways:
        shown = meant[0] if meant else search
        asked = Ask(shown, ways, ways, sort=sort, pinned=shown.promoted)
        if found := _found(asked, Fit.CORRECTED, instead=shown.wording.text if meant else ""):
            return found
    words = finding.corrected(typed, known).bare_words
    if len(words) < 2:
        return None
    some = finding.any_word(words)
    asked = Ask(finding.plain(words), some, some, sort=sort, partly=True)
    return _found(asked, Fit.PARTLY, words=typed)


def _found(asked: Ask, fit: Fit, *, instead: str = "", words: Wording | None = None) -> Found | None:
    sifted = sift(asked)
    if not sifted.ids:
        return None
    return Found(
        sifted.ids,
        len(sifted.ids),
        fit,
        instead=instead,
        words=words or asked.search.wording,
        more=sifted.more,
    )


def _meant(typed: Wording, known: dict[str, str]) -> list[Wording]:
    """Return what may have been meant: words put right one by one, or all of them as one word."""
    by_word = [finding.corrected(typed, known)] if any(word.key in known for word in typed.words) else []
    whole = [wording.read(known[typed.key])] if len(typed.words) > 1 and typed.key in known else []
    return by_word + whole


def _named(title: str, typed: Wording) -> bool:
    whole = keys.column(keys.entries([title]))
    first = keys.column(keys.entries([title], initial=True))
    for word in typed.words:
        column, key = (first, word.key) if word.initials else (whole, word.bare)
        if f" {key}" in column:
            return True
    return False
