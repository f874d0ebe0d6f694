"""Read a file of tracking numbers as a courier's program or a spreadsheet writes it."""

import csv
import io
import re
from dataclasses import dataclass

MOST_BYTES, MOST_ROWS = 1_000_000, 1_000
_NAMES = {  # what a column may be called, without spaces and in lower case
    "order": ("주문번호", "고객주문번호", "ordernumber", "order"),
    "courier": ("택배사", "배송업체", "courier"),
    "number": ("송장번호", "운송장번호", "등기번호", "trackingnumber", "tracking", "number"),
    "sku": ("sku", "상품코드", "품목코드"),
    "quantity": ("수량", "quantity", "qty"),
}
_POSITIONS = ("order", "courier", "number", "sku", "quantity")  # of a file without headings


class Unreadable(Exception):
    """The file cannot be read; `why` is `encoding`, `columns`, `empty`, `size` or `csv`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the file as it was typed; `line` counts from 1 with the headings."""

    line: int
    order: str
    courier: str
    number: str
    sku: str = ""
    quantity: str = ""


def decode(*, data: bytes) -> str:
    """Return the text of a file in UTF-8 or, as Korean Excel writes it, in CP949.

    Raises:
        Unreadable: it is neither, or too large.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable("size")
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:  # else it is no text at all, for example a workbook
            return text
    raise Unreadable("encoding")


def rows(*, text: str) -> list[Row]:
    """Return the lines that have something to say; those without a tracking number are not filled in yet.

    Raises:
        Unreadable: order number, courier and tracking number cannot be told apart, or there are too many.
    """
    table = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    try:
        lines = [(table.line_num, [cell.strip() for cell in cells]) for cells in table]
    except csv.Error as broken:
        raise Unreadable("csv") from broken
    filled = [(number, cells) for number, cells in lines if any(cells)]
    if not filled:
        raise Unreadable("empty")
    places = _places(filled[0][1])
    if places:
        filled = filled[1:]
    found = [
        _row(number, cells, places or dict(zip(_POSITIONS, range(5), strict=True)))
        for number, cells in filled
    ]
    if len(found) > MOST_ROWS:
        raise Unreadable("size")
    return [row for row in found if row.number]


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _places(cells: list[str]) -> dict[str, int]:
    plain = [re.sub(r"[\s_'\"]", "", cell).lower() for cell in cells]
    places = {
        name: next(plain.index(called) for called in names if called in plain)
        for name, names in _NAMES.items()
        if set(names) & set(plain)
    }
    if not places and not re.match(r"^\d{8}-?\w{7}$", cells[0]):
        raise Unreadable("columns")
    if places and not {"order", "courier", "number"} <= set(places):
        raise Unreadable("columns")
    return places


def _row(line: int, cells: list[str], places: dict[str, int]) -> Row:
    values = {name: cells[place] for name, place in places.items() if place < len(cells)}
    return Row(**{"line": line, "order": "", "courier": "", "number": "", **values})  # type: ignore[arg-type]
