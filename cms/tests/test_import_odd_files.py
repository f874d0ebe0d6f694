"""Files of no use are refused with a reason, and none does harm."""

import io
import zipfile
from typing import Any

import pytest

from cms.models import ImportRow, ProductPage
from cms.tests import desk, factories
from cms.tests.factories import Shop
from cms.tests.importing import NEW, carry_out, jpeg, upload, zipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> Any:
    return desk.person("editor@maru.example", group="Editors")


def bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 30_000_000)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\x03", "encoding"),
        (b"colour,size\nred,3\n", "headings"),
        (b"sku,price,sku\nA,1,B\n", "twice"),
        (b"sku,price\n", "empty"),
        (b'sku,price\n"A,1\n', "csv"),
        (b"PK\x03\x04 broken", "zip"),
        (bomb(), "bomb"),
        (zipped(readme__txt=b"no workbook"), "encoding"),
    ],
)
def test_a_file_of_no_use_is_refused_with_a_reason(shop: Shop, editor: Any, data: bytes, why: str) -> None:
    run = upload(data, editor)

    assert (run.state, run.error) == ("failed", why)
    assert not ImportRow.objects.exists()


def test_a_zip_cannot_write_outside_or_grow_without_end(shop: Shop, editor: Any) -> None:
    run = upload(NEW, editor, pictures=bomb())
    assert (run.state, run.error) == ("failed", "bomb")

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("../../etc/jar.jpg", jpeg())
    factories.category(shop, slug="bowls", title="밥그릇")
    run = upload(NEW.replace("Moon jar", ""), editor, pictures=data.getvalue())

    run = carry_out(run, editor)
    page = ProductPage.objects.get(slug="moon-jar")
    assert page.pictures.get().image.file.name.startswith("original_images/jar")
