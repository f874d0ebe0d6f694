"""Products from a file: what is found of each row, and what the shop has afterwards."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import ReferenceIndex
from wagtail.rich_text import RichText

from cms.importing import exporting, running, services, writing
from cms.models import CatalogImport, ProductPage
from cms.tests import desk, factories
from cms.tests.factories import Shop
from cms.tests.importing import NEW, carry_out, codes, exported, jpeg, nothing, outcomes, upload, zipped
from commerce import copies
from commerce.catalog.models import Product, Variant
from commerce.events.outbox import OutboxEvent
from commerce.inventory import stockroom
from commerce.inventory.models import StockItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> Any:
    return desk.person("editor@maru.example", group="Editors")


def test_a_new_product_comes_from_a_file_with_its_pictures_and_is_on_sale(shop: Shop, editor: Any) -> None:
    factories.category(shop, slug="bowls", title="밥그릇")
    shop.translate(shop.products).save_revision().publish()
    run = upload(NEW, editor, pictures=zipped(jar__jpg=jpeg()))

    assert (run.state, run.error, codes(run)) == ("checked", "", [])
    assert outcomes(run) == ["new", "new"]
    assert not ProductPage.objects.exists()  # a dry run changes nothing

    run = carry_out(run, editor)

    assert (run.state, codes(run)) == ("done", [])
    product = Product.objects.get(slug="moon-jar")
    assert (product.listed, product.price_min, product.price_max) == (True, 120_000, 130_000)
    assert [(row.sku, row.weight, row.options) for row in product.variants.all()] == [
        ("MJ-W", 900, [{"ko": "백자", "en": "White"}]),
        ("MJ-C", 950, [{"ko": "청자", "en": "Celadon"}]),
    ]
    assert {text.language: text.title for text in product.texts.all()} == {"ko": "달항아리", "en": "Moon jar"}
    assert [shelf.path for shelf in product.categories.all()] == ["bowls"]
    assert "첫 문단" in product.texts.get(language="ko").body
    page = ProductPage.objects.get(slug="moon-jar", locale=shop.ko)
    assert page.latest_revision.user == editor
    assert OutboxEvent.objects.filter(type="product.listed").count() == 2  # one for each language


def test_what_was_exported_changes_nothing(shop: Shop, editor: Any) -> None:
    factories.category(shop, slug="bowls", title="밥그릇")
    shop.translate(shop.products).save_revision().publish()
    carry_out(upload(NEW, editor, pictures=zipped(jar__jpg=jpeg())), editor)
    page = factories.publish(factories.product(shop, rank=-3, search_words="그릇, =밥"))
    page.body = [
        ("text", RichText("<h2>제목</h2><p>말 <b>굵게</b></p>")),
        ("quote", {"text": "말", "source": ""}),
    ]
    factories.publish(page)
    factories.product(shop, slug="draft", skus=("D-1",))

    run = upload(exported(), editor)

    assert (run.state, codes(run)) == ("checked", [])
    assert [row.changes for row in run.rows.all()] == [[]] * 5
    assert outcomes(run) == ["same"] * 5


def test_a_workbook_says_the_same_as_csv(shop: Shop, editor: Any) -> None:
    factories.publish(factories.product(shop))
    rows = exporting.rows(pages=ProductPage.objects.filter(locale__language_code="ko"), kind="catalog")
    data = writing.workbook(rows=rows).read()

    run = upload(data, editor, name="goods.xlsx")

    assert outcomes(run) == ["same", "same"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_are_recognised(
    shop: Shop, editor: Any, encoding: str, separator: str
) -> None:
    factories.publish(factories.product(shop))
    text = f"품목코드{separator}판매가\nRB-W{separator}12500\n"

    run = upload(text.encode(encoding), editor)

    assert run.kind == "feed"
    assert [row.changes for row in run.rows.all()] == [[["price", "10000", "12500"]]]


def test_prices_and_stock_go_straight_to_page_shop_and_shelf(shop: Shop, editor: Any) -> None:
    keeper = desk.person("keeper@maru.example", group="Editors", permissions=("change_stockitem",))
    page = factories.publish(factories.product(shop))
    before = OutboxEvent.objects.filter(type="product.listed").count()
    run = upload("sku,price,on_hand\nRB-W,9000,12\nRB-C,,5\n", keeper)

    assert [row.changes for row in run.rows.all()] == [
        [["price", "10000", "9000"], ["on_hand", "0", "12"]],
        [["on_hand", "0", "5"]],
    ]
    carry_out(run, keeper)

    assert [Variant.objects.get(sku=sku).price for sku in ("RB-W", "RB-C")] == [9_000, 11_000]
    assert [row.price for row in ProductPage.objects.get(pk=page.pk).variants.all()] == [9_000, 11_000]
    assert dict(StockItem.objects.values_list("variant__sku", "on_hand")) == {"RB-W": 12, "RB-C": 5}
    assert OutboxEvent.objects.filter(type="product.listed").count() == before + 1
    assert OutboxEvent.objects.filter(type="product.repriced").count() == 1
    assert outcomes(upload(exported("feed"), keeper)) == ["same", "same"]


def test_stock_wants_the_right_to_count_it(shop: Shop, editor: Any) -> None:
    factories.publish(factories.product(shop))

    run = upload("sku,on_hand\nRB-W,12\n", editor)

    assert codes(run) == [(2, "on_hand", "stock_denied")]


def test_errors_are_told_at_their_row_and_column(shop: Shop, editor: Any) -> None:
    factories.publish(factories.product(shop))
    text = """slug,status,title_ko,sku,price,categories,pictures
Bad Slug,draft,가,A-1,1000,,
cup,sale,나,A-2,-5,,
dish,draft,다,A-3,x,nowhere,
jar,live,라,A-4,1000,,
pot,draft,마,RB-W,1000,,
pan,draft,,A-5,,,
tray,draft,바,A-6,1000,,lost.jpg
mug,draft,사,A-7,1000,,
can,draft,아,A-7,1000,,
"""
    run = upload(text, editor)

    assert codes(run) == [
        (2, "slug", "slug_wrong"),
        (3, "price", "too_small"),
        (3, "status", "status"),
        (4, "price", "number"),
        (5, "pictures", "picture_needed"),
        (6, "sku", "sku_taken"),
        (7, "title_ko", "needed"),
        (7, "price", "needed"),
        (8, "pictures", "picture"),
        (9, "sku", "sku_twice"),
        (10, "sku", "sku_twice"),
    ]
    with pytest.raises(services.NotChecked):
        services.confirm(run_id=run.pk, together=False, user=editor, now=timezone.now())
    assert ProductPage.objects.count() == 1


def test_a_page_that_changed_after_the_check_is_left_alone(shop: Shop, editor: Any) -> None:
    page = factories.publish(factories.product(shop))
    run = upload("sku,price\nRB-W,9000\n", editor)
    factories.publish(ProductPage.objects.get(pk=page.pk))

    run = carry_out(run, editor)

    assert codes(run) == [(2, "", "moved")]
    assert Variant.objects.get(sku="RB-W").price == 10_000


def test_changes_that_nobody_published_are_not_published_by_an_import(shop: Shop, editor: Any) -> None:
    page = factories.publish(factories.product(shop))
    page.title = "아직 아님"
    page.save_revision()

    run = upload("sku,price\nRB-W,9000\n", editor)

    assert codes(run) == [(2, "", "unpublished")]


def test_pictures_come_from_addresses_once(shop: Shop, editor: Any) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return jpeg("#112233")

    text = "slug,status,title_ko,sku,price,pictures\njar,live,항아리,J-1,1000,https://img.example/jar.jpg\n"
    carry_out(upload(text, editor), editor, fetch=fetch)

    assert outcomes(upload(text, editor)) == ["same"]
    assert asked == ["https://img.example/jar.jpg"]


def test_a_file_that_is_no_picture_is_refused_at_its_row(shop: Shop, editor: Any) -> None:
    text = "slug,status,title_ko,sku,price,pictures\njar,live,항아리,J-1,1000,https://img.example/jar.jpg\n"

    run = carry_out(upload(text, editor), editor, fetch=lambda _url: b"<svg onload=alert(1)>")

    assert codes(run) == [(2, "pictures", "picture_bad")]
    assert not ProductPage.objects.exists()


def test_stock_below_what_is_promised_is_refused(shop: Shop) -> None:
    keeper = desk.person("keeper@maru.example", group="Editors", permissions=("change_stockitem",))
    factories.publish(factories.product(shop))
    row = Variant.objects.get(sku="RB-W")
    stockroom.receive(variant_id=row.pk, quantity=5, reason="first", now=desk.NOW)
    desk.order(item=row, quantity=3)

    run = upload("sku,on_hand\nRB-W,2\n", keeper)

    assert codes(run) == [(2, "on_hand", "promised")]


def test_kept_copies_of_pages_are_thrown_away_once_for_each_chunk(
    shop: Shop, editor: Any, django_capture_on_commit_callbacks: Any
) -> None:
    for number in range(3):
        factories.publish(factories.product(shop, slug=f"bowl-{number}", skus=(f"B-{number}",)))
    run = upload("sku,price\nB-0,1\nB-1,2\nB-2,3\n", editor)
    services.confirm(run_id=run.pk, together=False, user=editor, now=timezone.now())

    with django_capture_on_commit_callbacks() as callbacks:
        running.advance(run_id=run.pk, fetch=nothing, now=timezone.now())

    assert [act for act in callbacks if act is copies.forget] == [copies.forget]


def test_what_a_page_refers_to_is_known_afterwards(shop: Shop, editor: Any) -> None:
    text = "slug,status,title_ko,sku,price,pictures\njar,live,항아리,J-1,1000,https://img.example/jar.jpg\n"
    carry_out(upload(text, editor), editor, fetch=lambda _url: jpeg("#445566"))

    picture = ProductPage.objects.get(slug="jar").pictures.get().image
    assert ReferenceIndex.get_references_to(picture).count() == 1


def test_formulas_are_text_in_what_is_written() -> None:
    parts = b"".join(writing.csv_parts(rows=[["=1+1", "@x", "-5", "a"]])).decode("utf-8-sig")

    assert parts == "'=1+1,'@x,-5,a\r\n"
    assert writing.unescaped("'=1+1") == "=1+1"


def test_whoever_may_not_publish_may_not_import(shop: Shop) -> None:
    staff = desk.person("staff@maru.example", group="Staff")

    with pytest.raises(services.NotAllowed):
        services.ask(file=ContentFile(b"sku", name="a.csv"), pictures=None, user=staff, now=timezone.now())

    assert not CatalogImport.objects.exists()
