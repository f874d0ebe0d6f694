"""Read a table as spreadsheets save it, row by row: CSV in UTF-8 or CP949, or XLSX. Nothing in it is run.

A workbook is a zip: how large it becomes is measured before anything of it is unpacked.
"""

import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from typing import IO, Any

from openpyxl import load_workbook

MOST_BYTES = 50 * 1024 * 1024  # of a file as it is uploaded
MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_CELL = 32_767  # characters: more no spreadsheet holds
MOST_UNPACKED = 400 * 1024 * 1024  # bytes of a workbook, all its parts together
MOST_RATIO = 200  # times that a part may grow when it is unpacked
SMALL = 1024 * 1024  # bytes: below this a part may grow as it likes
MOST_PARTS = 2_000
SEPARATORS = ",;\t"
_SAMPLE = 65_536  # bytes by which encoding and separator are recognised


class Unreadable(Exception):
    """The file is of no use; `why` is a key of `words.REASONS`, `detail` what it speaks of."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was typed; `number` counts as spreadsheets do, the headings are 1."""

    number: int
    cells: list[str]


def lines(*, file: IO[bytes]) -> Iterator[Line]:
    """Yield the rows of a table with something in them, the headings first. The file is read once, in parts.

    Raises:
        Unreadable: it is no table, too large, or a zip that unpacks to far more than it is.
    """
    file.seek(0)
    beginning = file.read(4)
    file.seek(0)
    rows = _workbook(file) if beginning.startswith(b"PK") else _text(file)
    for count, line in enumerate(rows):
        if count > MOST_ROWS:
            raise Unreadable("rows", f"{MOST_ROWS:,}")
        if len(line.cells) > MOST_COLUMNS or any(len(cell) > LONGEST_CELL for cell in line.cells):
            raise Unreadable("wide", str(line.number))
        yield line


def safe_zip(*, file: IO[bytes], most: int = MOST_UNPACKED) -> zipfile.ZipFile:
    """Open a zip whose parts together are small enough, by what its own index says.

    Raises:
        Unreadable: it is no zip, is encrypted, or would unpack to more than it may.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as trouble:
        raise Unreadable("zip") from trouble
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    grows = any(
        part.file_size > SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1) for part in parts
    )
    if len(parts) > MOST_PARTS or total > most or grows:
        raise Unreadable("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("locked")
    return archive


def _workbook(file: IO[bytes]) -> Iterator[Line]:
    with safe_zip(file=file) as archive:
        names = archive.namelist()
    if "xl/workbook.xml" not in names:
        raise Unreadable("encoding")
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a program wrote there may be anything
            for number, row in enumerate(
                sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1
            ):
                cells = _trimmed([_cell(value) for value in row])
                if cells:
                    yield Line(number, cells)
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception as trouble:  # openpyxl raises what its parts raise: XML, zip, keys, values
        raise Unreadable("xlsx") from trouble


def _text(file: IO[bytes]) -> Iterator[Line]:
    encoding, separator = _guess(file)
    file.seek(0)
    text = TextIOWrapper(file, encoding=encoding, newline="")
    try:
        reader = csv.reader(text, delimiter=separator, strict=True)
        before = 0
        for row in reader:
            number, before = before + 1, reader.line_num
            cells = _trimmed([cell.strip() for cell in row])
            if cells:
                yield Line(number, cells)
    except UnicodeDecodeError as trouble:
        raise Unreadable("encoding") from trouble
    except csv.Error as trouble:
        raise Unreadable("csv", str(reader.line_num)) from trouble
    finally:
        text.detach()  # the file stays open for whoever opened it


def _guess(file: IO[bytes]) -> tuple[str, str]:
    """Return encoding and separator: the whole file is tried, since one letter decides."""
    for encoding in ("utf-8-sig", "cp949"):
        file.seek(0)
        text = TextIOWrapper(file, encoding=encoding, newline="")
        try:
            sample = text.read(_SAMPLE)
            while text.read(1 << 20):
                pass
        except UnicodeDecodeError:
            continue
        finally:
            text.detach()
        if "\0" not in sample:
            first = sample.split("\n", 1)[0]
            return encoding, max(SEPARATORS, key=first.count)
    raise Unreadable("encoding")


def _cell(value: Any) -> str:
    """Return a cell as text: a whole number without a point, a formula by the value it had when it was saved."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).replace("\0", "").strip()


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells
