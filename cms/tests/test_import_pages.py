"""The screens of imports: who may see them, what they say, and what they let people do."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from wagtail.models import PageLogEntry

from cms.importing import running, services
from cms.models import CatalogImport, ProductPage
from cms.tests import factories
from cms.tests.factories import Shop
from cms.tests.importing import go_on, nothing
from commerce.catalog.models import Variant

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def editor(shop: Shop, sign_in: SignIn) -> Client:
    factories.publish(factories.product(shop))
    return sign_in("editor@maru.example", group="Editors")


def send(client: Client, text: str, name: str = "goods.csv") -> CatalogImport:
    answer = client.post("/admin/imports/", {"file": SimpleUploadedFile(name, text.encode())})
    run = CatalogImport.objects.get(pk=int(re.findall(r"\d+", answer.url)[0]))
    return go_on(run)


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize(
    "path", ["", "1/", "1/progress/", "1/errors.csv", "export.csv", "export.xlsx", "export.csv?kind=feed"]
)
def test_whoever_may_not_publish_gets_403(shop: Shop, sign_in: SignIn, path: str) -> None:
    staff = sign_in("staff@maru.example", group="Staff", permissions=("access_admin",))

    assert staff.get(f"/admin/imports/{path}").status_code == 403
    assert "/admin/imports/" not in staff.get("/admin/").content.decode()


@pytest.mark.parametrize("path", ["1/cancel/", "1/go-on/"])
def test_nobody_else_stops_an_import(shop: Shop, sign_in: SignIn, path: str) -> None:
    staff = sign_in("staff@maru.example", group="Staff", permissions=("access_admin",))

    assert staff.post(f"/admin/imports/{path}").status_code == 403


def test_from_upload_to_the_shop(editor: Client) -> None:
    run = send(editor, "sku,price\nRB-W,9000\nNO,1\n")
    seen = editor.get(f"/admin/imports/{run.pk}/")

    assert seen.status_code == 200
    assert "10000" in text_of(seen) and "9000" in text_of(seen)
    assert Variant.objects.get(sku="RB-W").price == 10_000

    answer = editor.post(f"/admin/imports/{run.pk}/")
    assert answer.status_code == 302
    assert editor.get(f"/admin/imports/{run.pk}/").content.count(b"data-live=") == 1
    go_on(run)

    assert Variant.objects.get(sku="RB-W").price == 9_000
    assert "data-live=" not in editor.get(f"/admin/imports/{run.pk}/").content.decode()
    entry = PageLogEntry.objects.get(action="catalog.import")
    assert (entry.user.email, entry.data["file"], entry.data["rows"]) == (
        "editor@maru.example",
        "goods.csv",
        1,
    )


def test_no_file_is_told_at_the_field(editor: Client) -> None:
    answer = editor.post("/admin/imports/", {})

    assert answer.status_code == 422
    assert not CatalogImport.objects.exists()


def test_all_or_none_is_refused_while_rows_have_errors(editor: Client) -> None:
    run = send(editor, "sku,price\nRB-W,9000\nNO,1\n")

    answer = editor.post(f"/admin/imports/{run.pk}/", {"together": "on"})

    run.refresh_from_db()
    assert (answer.status_code, run.state) == (422, "checked")


def test_errors_come_back_as_the_same_file_with_a_column_of_messages(editor: Client) -> None:
    run = send(editor, "품목코드,판매가,메모\nRB-W,9000,x\nNO,1,y\n")

    answer = editor.get(f"/admin/imports/{run.pk}/errors.csv")

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "품목코드,판매가,메모,message"
    assert lines[1].startswith("NO,1,") and "sku: " in lines[1]
    assert len(lines) == 2


def test_the_list_of_products_is_downloaded_as_it_is_filtered(shop: Shop, editor: Client) -> None:
    factories.product(shop, slug="draft", skus=("D-1",))

    answer = editor.get("/admin/imports/export.csv?status=draft")

    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows] == ["slug", "draft"]
    assert "export.csv?status=draft" in editor.get("/admin/products/?status=draft").content.decode()


def test_a_workbook_is_downloaded(editor: Client) -> None:
    answer = editor.get("/admin/imports/export.xlsx")

    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_cancelling_keeps_the_shop_as_it_is(editor: Client) -> None:
    run = send(editor, "sku,price\nRB-W,9000\n")

    editor.post(f"/admin/imports/{run.pk}/cancel/")

    run.refresh_from_db()
    assert run.state == "cancelled"
    assert not running.advance(run_id=run.pk, fetch=nothing, now=timezone.now())
    assert ProductPage.objects.get().variants.first().price == 10_000


def test_an_import_that_stands_still_can_be_called_again(editor: Client) -> None:
    run = send(editor, "sku,price\nRB-W,9000\n")
    editor.post(f"/admin/imports/{run.pk}/")
    assert "go-on" not in editor.get(f"/admin/imports/{run.pk}/").content.decode()
    CatalogImport.objects.filter(pk=run.pk).update(moved_at=timezone.now() - 2 * services.SILENT)

    assert "go-on" in editor.get(f"/admin/imports/{run.pk}/").content.decode()
    assert editor.post(f"/admin/imports/{run.pk}/go-on/").status_code == 302


def test_what_a_file_says_is_shown_as_text(editor: Client) -> None:
    run = send(editor, "slug,status,title_ko,sku,price\nx,draft,<script>alert(1)</script>,X-1,1\n", "<b>.csv")

    page = editor.get(f"/admin/imports/{run.pk}/").content.decode()

    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page
