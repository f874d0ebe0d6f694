"""Write a table: CSV for every spreadsheet, or XLSX. What would be read as a formula is marked as text."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError

Format = Literal["csv", "xlsx"]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # tells Excel that it is Unicode


def csv_parts(*, rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield a CSV file in parts, however long it is."""
    yield _BYTE_ORDER_MARK
    part = io.StringIO()
    writer = csv.writer(part)
    for row in rows:
        writer.writerow([escaped(cell) for cell in row])
        yield part.getvalue().encode()
        part.seek(0)
        part.truncate()


def workbook(*, rows: Iterable[Sequence[str]]) -> IO[bytes]:
    """Return a workbook in a temporary file; rows go to the disk one by one."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("products")
    for row in rows:
        sheet.append([_text_cell(sheet, cell) for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    book.save(file)
    file.seek(0)
    return file


def escaped(text: str) -> str:
    """Return a cell that no spreadsheet runs; a number below zero is no formula."""
    if text.startswith(_FORMULA_STARTS) and not text.lstrip("-").isdigit():
        return f"'{text}"
    return text


def unescaped(text: str) -> str:
    """Return what was written before it was escaped, so that a file that comes back says the same."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text


def _text_cell(sheet: object, text: str) -> WriteOnlyCell:
    try:
        cell = WriteOnlyCell(sheet, value=escaped(text))
    except IllegalCharacterError:
        cell = WriteOnlyCell(
            sheet, value="".join(sign for sign in text if sign.isprintable() or sign in "\n\t")
        )
    cell.data_type = "s"
    return cell
