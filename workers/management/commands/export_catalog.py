"""Write all products into a table that `import_catalog` reads."""

from pathlib import Path
from shutil import copyfileobj
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.importing import exporting, shelf, writing


class Command(BaseCommand):
    help = "Write all products into FILE, as CSV or, where it ends so, as XLSX."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--feed", action="store_true", help="SKU, price and units on the shelf alone")

    def handle(self, *args: Any, file: Path, feed: bool, **options: Any) -> None:
        rows = exporting.rows(pages=shelf.products(), kind="feed" if feed else "catalog")
        with file.open("wb") as out:
            if file.suffix.lower() == ".xlsx":
                with writing.workbook(rows=rows) as book:
                    copyfileobj(book, out)
            else:
                out.writelines(writing.csv_parts(rows=rows))
