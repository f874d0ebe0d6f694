"""What was found of one product's rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.importing import fields
from cms.models import ImportRow, ProductPage

Cells = dict[str, str]


@dataclass
class Judged:
    """One product: its page if there is one, what is to be written, and what was found of each row."""

    rows: Sequence[ImportRow]
    page: ProductPage | None = None
    english: ProductPage | None = None
    product: Cells = field(default_factory=dict)  # columns that change
    words: Cells = field(default_factory=dict)  # columns of the English page that change
    variants: dict[str, Cells] = field(default_factory=dict)  # changed columns by SKU
    stock: dict[str, int] = field(default_factory=dict)  # units on the shelf by SKU
    status: str = ""  # what the page is to be afterwards; empty: as it is
    errors: dict[int, list[dict[str, Any]]] = field(default_factory=dict)  # by line
    changes: dict[int, list[list[str]]] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.errors

    @property
    def goes_live(self) -> bool:
        """Return whether the product is on sale afterwards."""
        return (self.status or (fields.LIVE if self.page and self.page.live else fields.DRAFT)) == fields.LIVE

    def wrong(self, row: ImportRow, code: str, column: str = "", **values: Any) -> None:
        """Note that something is wrong with a row."""
        entry = {
            "code": code,
            "column": column,
            "values": {name: str(value) for name, value in values.items()},
        }
        found = self.errors.setdefault(row.line, [])
        if entry not in found:
            found.append(entry)

    def change(self, row: ImportRow, column: str, before: str, after: str) -> None:
        """Note what a row changes."""
        self.changes.setdefault(row.line, []).append([column, before, after])
