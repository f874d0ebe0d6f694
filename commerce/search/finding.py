"""From words to rows: conditions that use the trigram indexes, and the order in which shoppers expect what is found."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_

from django.db import connection
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable

from commerce.catalog import keys
from commerce.search.models import phrases
from commerce.search.wording import Word, Wording, spans, splits, typed_initials

ORDER = ("-score", "-rank", "-listed_at", "-pk")
_PHRASINGS = 4  # ways to say the same that are looked for
_TRIGRAM = 3  # a shorter key has no trigram inside a word: it must begin one


@dataclass(frozen=True, slots=True)
class Needle:
    """Something that must be in a row."""

    key: str
    initials: bool = False
    alone: bool = False  # a word of its own, not a part of one

    @property
    def text(self) -> str:
        """Return what a column must contain."""
        if self.alone:
            return f" {self.key} "
        return self.key if len(self.key) >= _TRIGRAM else f" {self.key}"

    def inside(self) -> Q:
        """Return the condition; index `product_search_keys` or `product_search_initials`."""
        column = "search_initials" if self.initials else "search_keys"
        return Q(**{f"{column}__contains": self.text})


Way = tuple[Needle, ...]  # all of these
Slot = tuple[Way, ...]  # any of these ways
Phrasing = tuple[Slot, ...]  # all of these slots


@dataclass(frozen=True, slots=True)
class Search:
    """A search with everything that means the same."""

    wording: Wording
    strict: tuple[Phrasing, ...]  # the words as they were typed, or their synonyms
    loose: tuple[Phrasing, ...]  # without particles and plurals, and parted where a space may be missing
    promoted: tuple[int, ...] = ()  # products that editors put first


def searches(*wordings: Wording) -> list[Search]:
    """Return what to look for, with the synonyms and promoted results that editors keep; one query for all."""
    lessons = _lessons(wordings)
    return [_search(wording, lessons) for wording in wordings]


def _search(wording: Wording, lessons: "list[_Lesson]") -> Search:
    meanings = _meanings(wording, lessons)
    strict = _phrasings(wording, meanings, bare=False)
    loose = _phrasings(wording, meanings, bare=True)
    if len(wording.words) == 1:
        pairs = splits(wording.words[0])
        loose = (*loose, *(tuple(((Needle(part),),) for part in pair) for pair in pairs))
    promoted = (row.product for row in lessons if row.product and wording.whole_keys.intersection(row.keys))
    return Search(wording, strict, loose, tuple(dict.fromkeys(promoted)))


def plain(words: tuple[Word, ...]) -> Search:
    """Return a search for words without synonyms: enough to put what was found in order."""
    wording = Wording(" ".join(word.text for word in words), words)
    ways = _phrasings(wording, {}, bare=True)
    return Search(wording, ways, ways)


def condition(phrasings: Iterable[Phrasing]) -> Q:
    """Return which products are found: in any phrasing each slot in any of its ways."""
    return reduce(or_, (reduce(and_, map(_slot, phrasing)) for phrasing in phrasings))


def any_word(words: Iterable[Word]) -> Q:
    """Return which products have at least one of the words."""
    return reduce(or_, (needle(word, bare=True).inside() for word in words))


def needle(word: Word, *, bare: bool = False) -> Needle:
    """Return what to look for of one word."""
    return Needle(word.bare if bare else word.key, initials=word.initials)


def corrected(wording: Wording, by_key: dict[str, str]) -> Wording:
    """Return the search with known words in place of mistyped ones; `by_key` maps keys to words."""
    words = tuple(
        replace(word, text=by_key[word.key], key=keys.of(by_key[word.key]), bare=keys.of(by_key[word.key]))
        if word.key in by_key
        else word
        for word in wording.words
    )
    return Wording(" ".join(word.text for word in words), words)


def initials_phrasing(wording: Wording) -> tuple[Phrasing, ...]:
    """Return the search read as first consonants that were typed on the other layout; empty when it is none."""
    if not wording.words or not all(map(typed_initials, wording.words)):
        return ()
    return (tuple(((Needle(word.key, initials=True),),) for word in wording.words),)


def score(search: Search) -> Combinable:
    """Return how well a product's title fits, higher is better; titles and codes in full come first."""
    words, whole = search.wording.words, search.wording.key
    parts: list[Combinable] = [_word_score(word) for word in words]
    if whole:
        full = Case(
            When(search_title__contains=f"={whole}=", then=Value(12)),
            When(search_keys__contains=f" {whole} ", then=Value(8)),
            default=Value(0),
            output_field=IntegerField(),
        )
        parts.append(full)
    same = {way for phrasing in search.strict for slot in phrasing for way in slot[1:]}
    if same:
        other = reduce(or_, (_in_title(way) for way in _least(sorted(same, key=repr))))
        parts.append(Case(When(other, then=Value(3)), default=Value(0), output_field=IntegerField()))
    total: Combinable = Value(0)
    for part in parts:
        total = total + part
    return total


def _word_score(word: Word) -> Combinable:
    column = "search_initials" if word.initials else "search_title"
    whens = [
        When(**{f"{column}__contains": f" {word.key} ", "then": Value(9)}),
        When(**{f"{column}__contains": f" {word.key}", "then": Value(6)}),
    ]
    if len(word.key) >= _TRIGRAM:
        whens.append(When(**{f"{column}__contains": word.key, "then": Value(4)}))
    if word.bare != word.key:
        whens.append(When(**{f"{column}__contains": f" {word.bare}", "then": Value(5)}))
    return Case(*whens, default=Value(0), output_field=IntegerField())


def _in_title(way: Way) -> Q:
    return reduce(and_, (Q(search_title__contains=needle.text) for needle in way))


@dataclass(frozen=True, slots=True)
class _Lesson:
    """A row of synonyms, or a product that is promoted."""

    words: str
    keys: list[str]
    product: int | None


_LESSONS = """
SELECT words, keys, NULL::bigint, 0 AS place FROM commerce_synonyms WHERE keys && %s::varchar[]
UNION ALL
SELECT r.words, r.keys, r.product_id, r.position FROM commerce_promotedresult r
JOIN commerce_product p ON p.id = r.product_id AND p.listed
WHERE r.keys && %s::varchar[]
ORDER BY place
"""


def _lessons(wordings: Iterable[Wording]) -> list[_Lesson]:
    wanted = list({key for wording in wordings for key in spans(wording.words)})
    whole = list({key for wording in wordings for key in wording.whole_keys})
    with connection.cursor() as cursor:
        cursor.execute(_LESSONS, [wanted, whole])
        return [_Lesson(words, keys, product) for words, keys, product, _place in cursor.fetchall()]


def _meanings(wording: Wording, lessons: Iterable[_Lesson]) -> dict[tuple[int, int], list[Way]]:
    """Return the synonyms of words and of words side by side, by their first and last place."""
    wanted = spans(wording.words)
    found: dict[tuple[int, int], list[Way]] = {}
    for row in lessons:
        said = [] if row.product else [(phrase, keys.of(phrase)) for phrase in phrases(row.words)]
        for key in set(row.keys).intersection(wanted):
            ways = [_way(phrase) for phrase, own in said if own != key]
            if ways:
                found.setdefault(wanted[key], []).extend(ways)
    return found


def _way(phrase: str) -> Way:
    # A mug is no mugwort, and 초 is no chopstick: Latin and short words must stand alone where editors meant them.
    typed = [(word, keys.of(word)) for word in keys.words(phrase)]
    return tuple(Needle(key, alone=word.isascii() or len(key) <= _TRIGRAM) for word, key in typed if key)


def _phrasings(
    wording: Wording, meanings: dict[tuple[int, int], list[Way]], *, bare: bool
) -> tuple[Phrasing, ...]:
    """Return the ways to say the same: word by word, then with a synonym for several words, then all in one."""
    kept = set(wording.bare_words if bare else wording.words)
    slots: list[Slot] = [
        ((needle(word, bare=bare),), *meanings.get((place, place), ())) if word in kept else ()
        for place, word in enumerate(wording.words)
    ]
    found: list[list[Slot]] = [slots]
    for (first, last), ways in meanings.items():
        if last > first:
            found.append([*slots[:first], tuple(ways), *slots[last + 1 :]])
    if len(slots) > 1 and any(len(word.key) < _TRIGRAM for word in wording.words):
        found.append([((Needle(wording.key),),)])
    return tuple(tuple(filter(None, phrasing)) for phrasing in found[:_PHRASINGS] if any(phrasing))


def _slot(slot: Slot) -> Q:
    return reduce(or_, (reduce(and_, (needle.inside() for needle in way)) for way in _least(slot)))


def _least(ways: Iterable[Way]) -> list[Way]:
    """Return the ways without those that find only what another finds too: each is looked for in the index."""
    kept: list[Way] = []
    for way in ways:
        if not any(_implies(way, other) for other in kept):
            kept = [other for other in kept if not _implies(other, way)] + [way]
    return kept


def _implies(way: Way, other: Way) -> bool:
    """Return whether every text that has all of a way has all of the other as well."""
    return all(
        any(own.initials == needle.initials and needle.text in own.text for own in way) for needle in other
    )
