"""Products as a table, with the columns that an import reads; read in parts, however many they are."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from cms.importing import columns, fields, shelf
from cms.importing.shelf import Shelf
from cms.importing.words import message
from cms.models import CatalogImport, ImportRow
from commerce.inventory.models import StockItem

BATCH = 200  # products that are read at once


def rows(*, pages: Any, kind: str) -> Iterator[list[str]]:
    """Yield the headings and a row for each variant of these pages of the leading language, by address.

    `kind` is `catalog` or `feed` (SKU, price, units on the shelf). What a product says is in its first row.
    """
    names = columns.FEED if kind == CatalogImport.Kind.FEED else columns.CATALOG
    yield list(names)
    keys = pages.order_by("slug").values_list("pk", flat=True).iterator(chunk_size=1_000)
    while batch := list(islice(keys, BATCH)):
        found = list(shelf.products().filter(pk__in=batch).order_by("slug"))
        around = shelf.of_pages(shelf=Shelf(), pages=found)
        counted = _counted(around) if "on_hand" in names else {}
        for page in found:
            for cells in _rows(page, around):
                cells["on_hand"] = str(counted.get(cells["sku"], ""))
                yield [cells.get(name, "") for name in names]


def errors(*, run: CatalogImport) -> Iterator[list[str]]:
    """Yield the rows with errors as they were uploaded, and what is wrong with them in the reader's language."""
    headings = [*run.columns, columns.MESSAGE]
    yield headings
    names = [columns.known(cell) for cell in run.columns]
    for row in run.rows.filter(outcome=ImportRow.Outcome.ERROR).iterator(chunk_size=1_000):
        values = {**row.values, "slug": row.slug, "sku": row.sku}
        told = " / ".join(
            f"{entry['column']}: {message(entry)}" if entry["column"] else message(entry)
            for entry in row.messages
        )
        yield [*(values.get(name, "") for name in names), told]


def _rows(page: Any, around: Shelf) -> Iterator[dict[str, str]]:
    product = fields.of_page(
        page=page,
        shelves=around.shelves.get(page.pk, []),
        pictures=around.pictures.get(page.pk, []),
        details=around.details.get(page.pk, []),
    ) | _english(around.english.get(page.translation_key), around)
    for place, row in enumerate(around.variants.get(page.pk, [])):
        said = product if place == 0 else {"slug": page.slug}
        yield {**said, **fields.of_variant(row=row, image=row.image)}


def _english(page: Any | None, around: Shelf) -> dict[str, str]:
    return fields.of_english(page=page, details=around.details.get(page.pk, []) if page else [])


def _counted(around: Shelf) -> dict[str, int]:
    skus = [row.sku for rows_ in around.variants.values() for row in rows_]
    items = StockItem.objects.filter(variant__sku__in=skus)
    return dict(items.values_list("variant__sku", "on_hand"))
