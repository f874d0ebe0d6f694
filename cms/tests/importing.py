"""Files that are imported, and what came of them."""

import io
import zipfile
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from cms.importing import exporting, running, services, writing
from cms.models import CatalogImport, ProductPage
from cms.tests import factories

NEW = """slug,status,title_ko,title_en,categories,option1_name_ko,option1_name_en,sku,option1_ko,option1_en,price,weight,pictures,description_ko
moon-jar,live,달항아리,Moon jar,bowls,색상,Colour,MJ-W,백자,White,"120,000",900,jar.jpg,첫 문단
,,,,,,,MJ-C,청자,Celadon,130000원,950,,
"""


def nothing(url: str) -> bytes:
    raise AssertionError(url)


def upload(
    text: str | bytes, user: Any, *, pictures: bytes | None = None, name: str = "goods.csv"
) -> CatalogImport:
    data = text.encode() if isinstance(text, str) else text
    zipped = ContentFile(pictures, name="pictures.zip") if pictures else None
    run = services.ask(file=ContentFile(data, name=name), pictures=zipped, user=user, now=timezone.now())
    return go_on(run)


def go_on(run: CatalogImport, fetch: Any = nothing) -> CatalogImport:
    while running.advance(run_id=run.pk, fetch=fetch, now=timezone.now()):
        pass
    run.refresh_from_db()
    return run


def carry_out(
    run: CatalogImport, user: Any, *, together: bool = False, fetch: Any = nothing
) -> CatalogImport:
    services.confirm(run_id=run.pk, together=together, user=user, now=timezone.now())
    return go_on(run, fetch)


def outcomes(run: CatalogImport) -> list[str]:
    return list(run.rows.order_by("line").values_list("outcome", flat=True))


def codes(run: CatalogImport) -> list[tuple[int, str, str]]:
    return [(row.line, entry["column"], entry["code"]) for row in run.rows.all() for entry in row.messages]


def zipped(**names: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in names.items():
            archive.writestr(name.replace("__", "."), content)
    return data.getvalue()


def jpeg(colour: str = "#dad4c8") -> bytes:
    data = io.BytesIO()
    factories.Image.new("RGB", (40, 50), colour).save(data, "JPEG")
    return data.getvalue()


def exported(kind: str = "catalog") -> str:
    rows = exporting.rows(pages=ProductPage.objects.filter(locale__language_code="ko"), kind=kind)
    return b"".join(writing.csv_parts(rows=rows)).decode()
