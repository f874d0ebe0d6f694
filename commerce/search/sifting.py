"""Read which products fit a search, best first: all of them where they are few, else no more than a page needs.

A word of a large catalog may fit thousands of products. To put all of them in order means to read all of them, and
nobody turns to the hundredth page: of those the most recommended ones come first, in tiers, until a page is full.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from django.conf import settings
from django.db import connection

from commerce.catalog import selectors as catalog
from commerce.near import Near
from commerce.search import clauses, finding
from commerce.search.clauses import Clause
from commerce.search.finding import Phrasing, Search

MOST = 500  # products that are counted and put in order one by one
BEST = "best"
_RECOMMENDED = "rank DESC, listed_at DESC, id DESC"  # index `product_recommended`
_COLUMNS = "search_title, search_keys, search_initials"
_SAMPLE = 1000  # products, the most recommended ones, that tell how often something is found
_OFTEN = 5  # of them: then it is looked for product by product, else in the index
_WINDOW = 200  # products that are looked at for each one that is wanted, before all are
_LEARNED = 600  # seconds that a process knows what is found often


@dataclass(frozen=True, slots=True)
class Ask:
    """What is looked for: `narrow` when any product fits that, else `wide`, which everything narrow fits as well."""

    search: Search
    narrow: tuple[Phrasing, ...]
    wide: tuple[Phrasing, ...]
    sort: str = BEST
    pinned: tuple[int, ...] = ()  # products that belong to what is found whatever their words
    partly: bool = False  # one of the words is enough


class Ids(Sequence[int]):
    """The keys of products, in order; of many the first ones are read when a page asks for them, once."""

    def __init__(self, count: int, read: Callable[[int], list[int]]) -> None:
        self._count, self._read = count, read
        self._asked, self._known = 0, list[int]()

    def first(self, most: int) -> list[int]:
        """Return so many of the first, or as many as there are."""
        if self._asked < most:
            self._asked, self._known = most, self._read(most)
        return self._known[:most]

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> list[int]: ...
    def __getitem__(self, place: int | slice) -> int | list[int]:
        if isinstance(place, int):
            return self.first(place + 1)[place]
        first, last, _step = place.indices(self._count)
        return self.first(last)[first:] if last > first else []


@dataclass(frozen=True, slots=True)
class Sifted:
    """What fits. `more`: there are more than are counted."""

    ids: Sequence[int]
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Many:
    """What is known of a search that fits more than `MOST` products."""

    narrow: bool
    in_title: bool  # its words stand in titles often
    others: bool  # so do words that mean the same


_known: Near[_Many] = Near(most=2000)


def sift(asked: Ask) -> Sifted:
    """Return what fits, best first: one query of few, two when the close ones among many are few.

    That it fits many is learned once, with one or two more, and remembered; `Ids` are read with one to four then.
    """
    if many := _known.get(_key(asked)):
        return _walked(asked, many)
    rows = _read(asked, asked.wide)
    if len(rows) <= MOST:
        return _few(asked, rows)
    close = [] if asked.wide == asked.narrow else _read(asked, asked.narrow)
    if len(close) <= MOST and any(narrow for _pk, narrow in close):
        return _few(asked, close)
    many = _learn(asked, narrow=len(close) > MOST or asked.wide == asked.narrow)
    _known.keep(_key(asked), many, seconds=settings.PAGE_COPIES_NEAR and _LEARNED)
    return _walked(asked, many)


def _key(asked: Ask) -> Hashable:
    return asked.narrow, asked.wide, asked.pinned


def _few(asked: Ask, rows: list[tuple[int, bool]]) -> Sifted:
    """Return the close ones if there are any; those first that editors put there, unless another order is wanted."""
    if any(narrow for _pk, narrow in rows):
        rows = [(pk, narrow) for pk, narrow in rows if narrow or pk in asked.pinned]
    found = [pk for pk, _narrow in rows]
    if asked.pinned and asked.sort not in catalog.SORTS:
        pinned = [pk for pk in asked.pinned if pk in found]
        found = [*pinned, *(pk for pk in found if pk not in pinned)]
    return Sifted(found)


_READ = """
SELECT id, narrow FROM (
    SELECT id, rank, listed_at, price_min, price_max, rating_score, rating_count,
        ({narrow}) AS narrow, ({score}) AS score
    FROM commerce_product WHERE listed AND ({fits}) LIMIT {most}
) AS found ORDER BY {order}
"""


def _read(asked: Ask, fitting: tuple[Phrasing, ...]) -> list[tuple[int, bool]]:
    best = asked.sort not in catalog.SORTS
    narrow = clauses.condition(asked.narrow)
    score = clauses.score(asked.search) if best else Clause("0")
    fits = _or_pinned(clauses.condition(fitting), asked)
    order = f"score DESC, {_RECOMMENDED}" if best else _order(asked.sort)
    text = _READ.format(narrow=narrow.text, score=score.text, fits=fits.text, order=order, most=MOST + 1)
    return _rows(text, [*narrow.values, *score.values, *fits.values])


# --- many -------------------------------------------------------------------------------------------------

_LEARN = f"""
SELECT count(*) FILTER (WHERE {{title}}), count(*) FILTER (WHERE {{others}})
FROM (SELECT {_COLUMNS} FROM commerce_product WHERE listed ORDER BY {_RECOMMENDED} LIMIT {{sample}}) AS most
"""
# Conditions are tried on one product after the other, in their order: a sort of all of them is never worth its while.
_WALK = f"""
SELECT id FROM (SELECT id, {_COLUMNS} FROM commerce_product WHERE listed ORDER BY {{order}} LIMIT {{window}}) AS walked
WHERE {{fits}} LIMIT {{most}}
"""
_LOOK = f"""
SELECT id FROM (SELECT id, rank, listed_at, {_COLUMNS} FROM commerce_product WHERE listed AND {{first}} OFFSET 0) AS found
WHERE {{fits}} ORDER BY {{whole}} DESC, {_RECOMMENDED} LIMIT {{most}}
"""


@dataclass(frozen=True, slots=True)
class _Tier:
    """Products that come before those of the next tier; in each the most recommended ones come first.

    `first`: what an index finds, of which they are some. Without it they are looked for one after the other.
    """

    marks: Clause
    first: Clause | None = None


def _learn(asked: Ask, *, narrow: bool) -> _Many:
    title, others = _title(asked), clauses.other_words_in_title(asked.search)
    text = _LEARN.format(title=title.text, others=others.text, sample=_SAMPLE)
    ((titles, meant),) = _rows(text, [*title.values, *others.values])
    return _Many(narrow=narrow, in_title=titles >= _OFTEN, others=meant >= _OFTEN)


def _walked(asked: Ask, many: _Many) -> Sifted:
    def read(most: int) -> list[int]:
        found = _until(asked, many, most)
        if len(found) < most:  # it does not fit so many any more
            _known.forget(_key(asked))
        return found

    return Sifted(Ids(MOST, read), more=True)


def _until(asked: Ask, many: _Many, most: int) -> list[int]:
    """Return the first so many products."""
    fits = clauses.condition(asked.narrow if many.narrow else asked.wide)
    if asked.sort in catalog.SORTS:
        return _walked_to(_or_pinned(fits, asked), order=_order(asked.sort), most=most)
    found = list(asked.pinned[:most])
    before = [_pinned(asked)] if asked.pinned else []
    for tier in _tiers(asked, many):
        if len(found) == most:
            break
        wanted = clauses.every([tier.marks, fits, *map(clauses.is_not, before)])
        if tier.first:
            found += _looked_up(asked, tier.first, wanted, most=most - len(found))
        else:
            found += _walked_to(wanted, order=_RECOMMENDED, most=most - len(found))
        before.append(tier.marks)
    return found


def _tiers(asked: Ask, many: _Many) -> Iterator[_Tier]:
    key, title = asked.search.wording.key, _title(asked)
    if many.in_title:
        yield _Tier(clauses.has_title(key), clauses.finds_title(key))
        yield _Tier(title)
    else:
        words = finding.words(asked.search, partly=asked.partly)
        yield _Tier(clauses.some([clauses.has_title(key), title]), clauses.condition(words))
    if many.others:
        yield _Tier(clauses.other_words_in_title(asked.search))
    yield _Tier(clauses.ALWAYS)


def _title(asked: Ask) -> Clause:
    words = map(clauses.begins_in_title, asked.search.wording.bare_words)
    return clauses.some(words) if asked.partly else clauses.every(words)


def _looked_up(asked: Ask, first: Clause, wanted: Clause, *, most: int) -> list[int]:
    """Return the first of what an index finds: those whose whole title it is before the others."""
    whole = clauses.has_title(asked.search.wording.key)
    text = _LOOK.format(first=first.text, fits=wanted.text, whole=whole.text, most=most)
    return _keys(text, [*first.values, *wanted.values, *whole.values])


def _walked_to(wanted: Clause, *, order: str, most: int) -> list[int]:
    """Return the first that are wanted of all products, which are looked at one after the other."""
    found = _walk(wanted, order=order, most=most, window=most * _WINDOW)
    return found if len(found) == most else _walk(wanted, order=order, most=most, window="ALL")


def _walk(fits: Clause, *, order: str, most: int, window: int | str) -> list[int]:
    return _keys(_WALK.format(fits=fits.text, order=order, most=most, window=window), fits.values)


def _keys(text: str, values: Sequence[str]) -> list[int]:
    return [pk for (pk,) in _rows(text, values)]


def _pinned(asked: Ask) -> Clause:
    return Clause(f"id IN ({', '.join(map(str, asked.pinned))})")


def _or_pinned(clause: Clause, asked: Ask) -> Clause:
    return clauses.some([clause, _pinned(asked)]) if asked.pinned else clause


def _order(sort: str) -> str:
    columns = (column.replace("pk", "id") for column in catalog.SORTS[sort][1])
    return ", ".join(f"{column[1:]} DESC" if column[0] == "-" else column for column in columns)


def _rows(text: str, values: Sequence[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
