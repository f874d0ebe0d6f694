"""Choosers that a page reads together: one statement for all pictures of all its bands, one for all products.

Wagtail asks once for each field of each kind of band; a page of ten kinds would ask thirty times.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from wagtail.blocks import ListBlock, PageChooserBlock
from wagtail.blocks.struct_block import BaseStructBlock
from wagtail.images.blocks import ImageChooserBlock

_read: ContextVar[dict[Any, dict[int, Any]] | None] = ContextVar("chosen", default=None)


class Together:
    """A chooser that takes what was read before. Stands before Wagtail's class."""

    model_class: Any

    def bulk_to_python(self, values: list[Any]) -> list[Any]:
        """Return the chosen rows in their order; None for those that are gone."""
        known = (_read.get() or {}).get(self.model_class)
        if known is None:
            found: list[Any] = super().bulk_to_python(values)  # type: ignore[misc]
            return found
        return [known.get(key) for key in values]


class PictureChooser(Together, ImageChooserBlock):
    """Chooses a picture."""


class PageChooser(Together, PageChooserBlock):
    """Chooses a page."""


def load(stream: Any) -> list[Any]:
    """Return the bands of a stream with everything that their choosers point at; what was read once is not read again."""
    if not getattr(stream, "is_lazy", False) or getattr(stream, "read_together", False):
        return list(stream or ())
    with _together(stream.stream_block, stream._raw_data):
        bands = list(stream)
    stream.read_together = True
    return bands


@contextmanager
def _together(block: Any, rows: list[dict[str, Any]]) -> Iterator[None]:
    wanted: dict[Any, set[int]] = {}
    for row in rows:
        kind = block.child_blocks.get(row["type"])
        _collect(kind, row["value"], wanted)
    token = _read.set({model: model.objects.in_bulk(keys) for model, keys in wanted.items()})
    try:
        yield
    finally:
        _read.reset(token)


def _collect(block: Any, raw: Any, wanted: dict[Any, set[int]]) -> None:
    if isinstance(block, Together):
        keys = wanted.setdefault(block.model_class, set())
        if raw is not None:
            keys.add(raw)
    elif isinstance(block, BaseStructBlock) and isinstance(raw, dict):
        for name, child in block.child_blocks.items():
            _collect(child, raw.get(name), wanted)
    elif isinstance(block, ListBlock) and isinstance(raw, list):
        for item in raw:
            is_row = isinstance(item, dict) and item.get("type") == "item"
            _collect(block.child_block, item["value"] if is_row else item, wanted)
