"""Take the rows of a file over into the database: once, in one transaction, grouped by product."""

from collections.abc import Iterator
from itertools import islice
from typing import IO

from cms.importing import columns, fields, writing
from cms.importing.files import Line, Unreadable, lines
from cms.importing.shelf import products
from cms.models import CatalogImport, ImportRow, ProductVariant

BATCH = 1_000  # rows in one statement


def load(*, run: CatalogImport, file: IO[bytes]) -> None:
    """Write a row for each line and say how many products they are. The caller's transaction holds the import.

    Raises:
        Unreadable: the file is of no use; nothing is kept.
    """
    table = lines(file=file)
    headings = next(table, None)
    if headings is None:
        raise Unreadable("empty")
    names = _columns(headings)
    run.columns, run.kind = headings.cells, _kind(names)
    run.rows.all().delete()
    grouping = _Grouping(by_sku=run.kind == CatalogImport.Kind.FEED)
    run.rows_total = 0
    while batch := list(islice(table, BATCH)):
        rows = [_row(run, names, line) for line in batch]
        grouping.place(rows)
        ImportRow.objects.bulk_create(rows)
        run.rows_total += len(rows)
    if not run.rows_total:
        raise Unreadable("empty")
    run.groups, run.loaded = grouping.last, True


def _columns(headings: Line) -> list[str]:
    names = [columns.known(cell) for cell in headings.cells]
    for name in filter(None, names):
        if names.count(name) > 1:
            raise Unreadable("twice", name)
    if "sku" not in names:
        raise Unreadable("headings")
    return names


def _kind(names: list[str]) -> str:
    """A file without addresses changes what products have already: its SKUs name them."""
    if "slug" in names:
        return CatalogImport.Kind.CATALOG
    if not {"price", "on_hand", "weight", "barcode"} & set(names):
        raise Unreadable("headings")
    return CatalogImport.Kind.FEED


def _row(run: CatalogImport, names: list[str], line: Line) -> ImportRow:
    cells = dict(zip(names, [*line.cells, *[""] * len(names)], strict=False))
    cells.pop("", None)
    values = {
        name: fields.tidy(column=name, text=writing.unescaped(text.replace("\0", "")))
        for name, text in cells.items()
    }
    if run.kind == CatalogImport.Kind.FEED:  # nothing said: nothing changed
        values = {
            name: text for name, text in values.items() if text and columns.BY_NAME[name].level != "product"
        }
        values = {name: text for name, text in values.items() if columns.BY_NAME[name].level != "english"}
    slug, sku = values.pop("slug", ""), values.pop("sku", "")
    return ImportRow(run=run, line=line.number, slug=slug[:255], sku=sku[:64], values=values)


class _Grouping:
    """Numbers products in the order in which they are first met; a row without an address belongs to the one above."""

    def __init__(self, *, by_sku: bool) -> None:
        self._by_sku, self._numbers, self._above = by_sku, dict[str, int](), ""
        self.last = 0

    def place(self, rows: list[ImportRow]) -> None:
        """Give each row its group."""
        keys = self._owners(rows) if self._by_sku else self._addresses(rows)
        for row, key in zip(rows, keys, strict=True):
            if key not in self._numbers:
                self.last += 1
                self._numbers[key] = self.last
            row.group = self._numbers[key]

    def _addresses(self, rows: list[ImportRow]) -> Iterator[str]:
        for row in rows:
            row.slug = self._above = row.slug or self._above
            yield row.slug or f"line {row.line}"

    def _owners(self, rows: list[ImportRow]) -> Iterator[str]:
        variants = ProductVariant.objects.filter(
            sku__in=[row.sku for row in rows], page__in=products().values("pk")
        )
        owners = dict(variants.values_list("sku", "page_id"))
        for row in rows:
            yield str(owners.get(row.sku) or f"line {row.line}")
