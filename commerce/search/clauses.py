"""The pieces of SQL that a search is put together from.

They are written here and not by Django, which takes longer to put such conditions together than PostgreSQL to carry them
out. Keys are letters and digits: nothing in them has a meaning in a pattern.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from commerce.search.finding import TRIGRAM, Needle, Phrasing, Search, Slot, Way, least
from commerce.search.wording import Word


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of SQL and the values that belong into it."""

    text: str
    values: tuple[str, ...] = ()


NEVER, ALWAYS = Clause("FALSE"), Clause("TRUE")


def every(clauses: Iterable[Clause]) -> Clause:
    """Return the condition that all of some hold."""
    return _joined(clauses, " AND ")


def some(clauses: Iterable[Clause]) -> Clause:
    """Return the condition that one of some holds."""
    return _joined(clauses, " OR ")


def condition(phrasings: Iterable[Phrasing]) -> Clause:
    """Return which products are found: in any phrasing each slot in any of its ways."""
    return some(every(map(_slot, phrasing)) for phrasing in phrasings)


def begins_in_title(word: Word) -> Clause:
    """Return which products have a word in a title that begins so."""
    return _like("search_initials" if word.initials else "search_title", f" {word.bare}")


def other_words_in_title(search: Search) -> Clause:
    """Return which products have in a title what means the same; never when nothing does."""
    ways = {way for phrasing in search.strict for slot in phrasing for way in slot[1:]}
    kept = least(sorted(ways, key=repr))
    return (
        some(every(_like("search_title", needle.text) for needle in way) for way in kept) if kept else NEVER
    )


def has_title(key: str) -> Clause:
    """Return which products have a title of exactly these keys."""
    return _like("search_title", f"={key}=")


def finds_title(key: str) -> Clause:
    """Return the same as the index `product_full_titles` knows it."""
    return Clause("string_to_array(search_title, '=') @> ARRAY[%s]", (key,))


def is_not(clause: Clause) -> Clause:
    """Return the condition that another does not hold."""
    return Clause(f"NOT ({clause.text})", clause.values)


def score(search: Search) -> Clause:
    """Return how well a product's title fits, higher is better; titles and codes in full come first."""
    parts = [_word_score(word) for word in search.wording.words]
    if whole := search.wording.key:
        parts.append(
            _case((_like("search_title", f"={whole}="), 12), (_like("search_keys", f" {whole} "), 8))
        )
    if (others := other_words_in_title(search)) is not NEVER:
        parts.append(_case((others, 3)))
    return _joined(parts, " + ") if parts else Clause("0")


def _word_score(word: Word) -> Clause:
    column = "search_initials" if word.initials else "search_title"
    whens = [(_like(column, f" {word.key} "), 9), (_like(column, f" {word.key}"), 6)]
    if len(word.key) >= TRIGRAM:
        whens.append((_like(column, word.key), 4))
    if word.bare != word.key:
        whens.append((_like(column, f" {word.bare}"), 5))
    return _case(*whens)


def _slot(slot: Slot) -> Clause:
    return some(map(_way, least(slot)))


def _way(way: Way) -> Clause:
    return every(map(_needle, way))


def _needle(needle: Needle) -> Clause:
    return _like(needle.column, needle.text)


def _like(column: str, text: str) -> Clause:
    return Clause(f"{column} LIKE %s", (f"%{text}%",))


def _case(*whens: tuple[Clause, int]) -> Clause:
    lines = " ".join(f"WHEN {clause.text} THEN {number}" for clause, number in whens)
    return Clause(f"CASE {lines} ELSE 0 END", tuple(value for clause, _ in whens for value in clause.values))


def _joined(clauses: Iterable[Clause], word: str) -> Clause:
    parts = list(clauses)
    if len(parts) == 1:
        return parts[0]
    return Clause(
        f"({word.join(part.text for part in parts)})",
        tuple(value for part in parts for value in part.values),
    )
