"""Each row by itself: what is wrong with its keys and its cells, whatever the shop has."""

import re

from cms.importing import columns, fields, plain
from cms.importing.judged import Judged
from cms.importing.shelf import Shelf
from cms.models import ImportRow
from commerce.catalog import barcodes

_SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_SKU = re.compile(r"^[A-Z0-9][A-Z0-9-]*$")
_LARGEST = 2_147_483_647  # what the database holds
_LONGEST_DETAIL = 80  # characters of the name of a line
_MOST_UNITS = 1_000_000  # more is a slip of the finger


def keys(*, judged: Judged, by_sku: bool, shelf: Shelf) -> None:
    """Check address and SKU of each row, and whose the SKU is."""
    for row in judged.rows:
        if not by_sku and not row.slug:
            judged.wrong(row, "slug_needed", "slug")
        elif not by_sku and not _SLUG.match(row.slug):
            judged.wrong(row, "slug_wrong", "slug")
        if not row.sku:
            judged.wrong(row, "sku_needed", "sku")
        elif not _SKU.match(row.sku):
            judged.wrong(row, "sku_wrong", "sku")
        elif by_sku and judged.page is None:
            judged.wrong(row, "sku_unknown", "sku", sku=row.sku)
        elif row.sku in shelf.twice:
            others = [line for line in shelf.twice[row.sku] if line != row.line]
            judged.wrong(row, "sku_twice", "sku", sku=row.sku, line=others[0] if others else row.line)
        else:
            _owner(judged, row, shelf)


def _owner(judged: Judged, row: ImportRow, shelf: Shelf) -> None:
    key, slug = shelf.foreign.get(row.sku, (None, ""))
    if key is not None and (judged.page is None or judged.page.translation_key != key):
        judged.wrong(row, "sku_taken", "sku", sku=row.sku, slug=slug)


def form(*, judged: Judged, row: ImportRow) -> None:
    """Check what can be said of each cell by itself: lengths, numbers, words that are known."""
    for name, text in row.values.items():
        column = columns.BY_NAME[name]
        if column.longest and len(text) > column.longest:
            judged.wrong(row, "too_long", name, length=len(text), longest=column.longest)
        elif column.number and text:
            _number(judged, row, column, text)
        elif name == "barcode" and text and not barcodes.valid(text):
            judged.wrong(row, "barcode", name, text=text)
        elif name in ("details_ko", "details_en"):
            _details(judged, row, name, text)
        elif name == "status" and text not in ("", fields.LIVE, fields.DRAFT):
            judged.wrong(row, "status", name, text=text)


def barcode(*, judged: Judged, row: ImportRow, shelf: Shelf) -> None:
    """Check that a barcode is on no other variant, of the shop or of the file."""
    code = row.values.get("barcode", "")
    owner = shelf.barcodes.get(code, row.sku)
    others = [line for line in shelf.barcode_lines.get(code, ()) if line != row.line]
    if others:
        judged.wrong(row, "barcode_twice", "barcode", barcode=code, line=others[0])
    elif owner not in (row.sku, *(other.sku for other in judged.rows)):
        judged.wrong(row, "barcode_taken", "barcode", barcode=code, sku=owner)


def _details(judged: Judged, row: ImportRow, column: str, text: str) -> None:
    for name, value in plain.lines(text):
        if not name or not value:
            judged.wrong(row, "detail", column, text=value or name)
        elif len(name) > _LONGEST_DETAIL:
            judged.wrong(row, "too_long", column, length=len(name), longest=_LONGEST_DETAIL)


def _number(judged: Judged, row: ImportRow, column: columns.Column, text: str) -> None:
    bare = text.removeprefix("-")
    if not (bare.isascii() and bare.isdigit()):
        judged.wrong(row, "number", column.name, text=text)
    elif int(text) < column.least:
        judged.wrong(row, "too_small", column.name, text=text, least=column.least)
    elif int(text) > (_MOST_UNITS if column.level == "stock" else _LARGEST):
        judged.wrong(row, "too_large", column.name, text=text)
