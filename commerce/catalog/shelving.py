"""The categories that are shown. They are few, every page needs some of them, and they change rarely.

What a process read of them it uses as long as copies of pages have the same version: each fact about categories brings
a new one (`commerce.events.shown`).
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from commerce import copies
from commerce.catalog.models import Category, CategoryText
from commerce.near import Near

SECONDS = 300  # how long they are used at most
_READ = ("pk", "key", "path", "parent_id", "position", "picture", "collection", "rule")
_WORDS = ("language", "title", "intro", "seo_title", "seo_description")
_near: Near[Any] = Near(most=20)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category with what is written of it in each language."""

    row: Category
    texts: list[CategoryText] = field(default_factory=list)


def every() -> list[Shelf]:
    """Return every category that is shown, those without words among them, in the order of the menu."""
    key = key_of("shelves")
    found: list[Shelf] | None = recall(key)
    if found is None:
        found = _shelves()
        keep(key, found)
    return found


def below(path: str) -> list[int]:
    """Return the keys of the category at a path and those below it."""
    return [
        shelf.row.pk for shelf in every() if shelf.row.path == path or shelf.row.path.startswith(f"{path}/")
    ]


def key_of(*parts: str) -> Hashable:
    """Return what to keep something under that is made of categories; read it before the categories."""
    return (copies.version(), *parts)


def recall(key: Hashable) -> Any:
    """Return what was kept, or None."""
    return _near.get(key)


def keep(key: Hashable, value: Any) -> None:
    """Keep something that is made of categories."""
    _near.keep(key, value, seconds=settings.PAGE_COPIES_NEAR and SECONDS)


def source(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the query so that it may be kept: what is kept must be as new as its version, so the primary is asked."""
    return rows.using(DEFAULT_DB_ALIAS) if settings.PAGE_COPIES_NEAR else rows


def _shelves() -> list[Shelf]:
    rows = source(Category.objects.filter(listed=True)).order_by("position", "pk", "texts__pk")
    found: dict[int, Shelf] = {}
    for values in rows.values_list(*_READ, *(f"texts__{name}" for name in _WORDS)):
        shelf = found.get(values[0])
        if shelf is None:
            shelf = found[values[0]] = Shelf(Category(**dict(zip(_READ, values, strict=False))))
        words = dict(zip(_WORDS, values[len(_READ) :], strict=True))
        if words["language"]:
            shelf.texts.append(CategoryText(**words))
    return list(found.values())
