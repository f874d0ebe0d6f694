"""From words to needles: what must be in a product, in any of the ways that mean the same."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import connection

from commerce.catalog import keys
from commerce.search.models import phrases
from commerce.search.wording import Word, Wording, spans, splits, typed_initials

_PHRASINGS = 4  # ways to say the same that are looked for
TRIGRAM = 3  # a shorter key has no trigram inside a word: it must begin one


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
        return self.key if len(self.key) >= TRIGRAM else f" {self.key}"

    @property
    def column(self) -> str:
        """Return where to look; index `product_search_keys` or `product_search_initials`."""
        return "search_initials" if self.initials else "search_keys"


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


def any_word(words: Iterable[Word]) -> tuple[Phrasing, ...]:
    """Return what to look for when one of the words is enough."""
    return tuple((((needle(word, bare=True),),),) for word in words)


def words(search: Search, *, partly: bool) -> tuple[Phrasing, ...]:
    """Return what to look for when nothing but the words themselves counts: all of them, or one."""
    typed = search.wording.bare_words
    return any_word(typed) if partly else (tuple(((needle(word, bare=True),),) for word in typed),)


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
    return tuple(Needle(key, alone=word.isascii() or len(key) <= TRIGRAM) for word, key in typed if key)


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
    if len(slots) > 1 and any(len(word.key) < TRIGRAM for word in wording.words):
        found.append([((Needle(wording.key),),)])
    return tuple(tuple(filter(None, phrasing)) for phrasing in found[:_PHRASINGS] if any(phrasing))


def least(ways: Iterable[Way]) -> list[Way]:
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
