"""What editors say of a product beyond its words: attributes, the notice of the law, sales, relations, guides."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms import attributes, publishing
from cms.models import (
    Brand,
    Guide,
    ProductPage,
    ProductRelation,
    ProductType,
    ProductVariant,
)
from cms.tests import factories
from cms.tests.factories import Shop
from cms.tests.forms import product_form, rows
from cms.tests.words import bowl, editor, kind
from commerce.catalog.models import Product, ProductFacets, Variant
from commerce.events.models import OutboxEvent

pytestmark = pytest.mark.django_db
Rows = list[dict[str, Any]]
__all__ = ["bowl", "editor", "kind"]  # fixtures


def send(
    editor: Client, page: Any, *, publish: bool = True, variants: Rows | None = None, **changes: Any
) -> Any:
    """Send the form of a product page as it is, with changes."""
    data = product_form(page, variants=rows(page) if variants is None else variants, **changes)
    act = {"action-publish": "1"} if publish else {}
    return editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), {**data, **act})


def form_of(editor: Client, page: Any) -> str:
    return editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


FILLED = {
    "attribute_material": "백자",
    "attribute_width": "11.50",
    "attribute_washable": "yes",
    "attribute_tone": "흰색",
    "attribute_made-by": "물레",
    "attribute_made-by__en": "Thrown",
}


def test_the_form_asks_for_each_attribute_of_the_type_once(
    editor: Client, bowl: Any, kind: ProductType
) -> None:
    assert "attribute_material" not in form_of(editor, bowl)

    send(editor, bowl, publish=False, product_type=str(kind.pk))

    html = form_of(editor, bowl)
    for name in FILLED:
        assert html.count(f'name="{name}"') == 1
    assert html.count('name="notice_row_material"') == 1


def test_attributes_reach_the_shop_as_facts_and_as_filters(
    editor: Client, bowl: Any, kind: ProductType
) -> None:
    assert send(editor, bowl, product_type=str(kind.pk), **FILLED).status_code == 302

    product = Product.objects.get()
    assert [(one["code"], one["labels"]["en"]) for one in product.attributes] == [
        ("material", "Porcelain"),
        ("width", "11.5 cm"),
        ("washable", "Yes"),
        ("tone", "White"),
        ("made-by", "Thrown"),
    ]
    assert {one["code"]: one["facet"]["value"] for one in product.attributes if one.get("facet")} == {
        "material": "백자",
        "width": "10-20",
        "washable": "yes",
        "tone": "흰색",
    }
    assert len(ProductFacets.objects.get().shared) == 4
    assert publishing.reconcile().healed == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("attribute_width", "wide"),
        ("attribute_width", "-3"),
        ("attribute_material", "금"),
        ("attribute_washable", "1"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_at_its_field(
    editor: Client, bowl: Any, kind: ProductType, name: str, value: str
) -> None:
    response = send(editor, bowl, product_type=str(kind.pk), **{**FILLED, name: value})

    assert response.status_code == 200
    assert set(response.context["form"].errors) == {name}
    assert Product.objects.get().attributes == []


def test_a_field_that_was_not_shown_yet_empties_nothing(editor: Client, bowl: Any, kind: ProductType) -> None:
    send(editor, bowl, product_type=str(kind.pk), **FILLED)
    send(editor, ProductPage.objects.get(pk=bowl.pk), product_type=str(kind.pk))

    assert ProductPage.objects.get(pk=bowl.pk).attribute_values["material"] == "백자"


def test_nothing_is_published_without_its_kind_of_goods_but_drafts_are_saved(
    editor: Client, bowl: Any
) -> None:
    refused = send(editor, bowl, notice_kind="", title="새 이름")

    assert set(refused.context["form"].errors) == {"notice_kind"}
    assert Product.objects.get().texts.get(language="ko").title == "백자 밥공기"
    assert send(editor, bowl, publish=False, notice_kind="", title="새 이름").status_code == 302


def test_every_row_of_the_notice_is_filled_in_or_said_to_be_in_the_description(
    editor: Client, bowl: Any
) -> None:
    wanted = ["fibres", "colour", "size", "maker", "origin", "washing", "made", "guarantee", "service"]
    filled = {f"notice_row_{row}": row for row in wanted}
    clothes = {"notice_kind": "clothing", "notice_in_description": ""}

    refused = send(editor, bowl, **clothes, **{**filled, "notice_row_origin": ""})
    assert set(refused.context["form"].errors) == {"notice_row_origin"}
    assert send(editor, bowl, **clothes, **filled).status_code == 302

    product = Product.objects.get()
    assert product.notice == "clothing"
    assert product.texts.get(language="ko").notice == {row: row for row in wanted}


def test_the_notice_is_a_table_and_says_where_the_rest_stands(
    editor: Client, bowl: Any, client: Client
) -> None:
    send(editor, bowl, notice_row_material="백자토")

    html = Client().get("/p/rice-bowl/").content.decode()

    assert '<th scope="row">' in html
    table = html.split('id="notice"', 1)[1].split("</table>", 1)[0]
    assert "<td>백자토</td>" in table
    assert table.count("<tr>") == 10


def test_one_picture_in_scale_is_wanted(editor: Client, bowl: Any) -> None:
    bowl.pictures.update(role="front")
    bowl = ProductPage.objects.get(pk=bowl.pk)

    response = send(editor, bowl)

    assert response.status_code == 200
    assert list(response.context["form"].formsets["pictures"].errors[0]) == ["role"]
    assert send(editor, bowl, publish=False).status_code == 302


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sale_price": "10000"}, "sale_price"),
        ({"sale_price": "0"}, "sale_price"),
        (
            {"sale_price": "9000", "sale_from": "2026-12-02 10:00", "sale_until": "2026-12-02 10:00"},
            "sale_until",
        ),
        ({"sale_from": "2026-12-02 10:00"}, "sale_price"),
        ({"content": "250"}, "content_unit"),
    ],
)
def test_a_sale_that_is_none_is_refused_at_its_field(
    editor: Client, bowl: Any, changes: dict[str, str], field: str
) -> None:
    first, *others = rows(bowl)

    response = send(editor, bowl, variants=[{**first, **changes}, *others])

    assert response.status_code == 200
    assert list(response.context["form"].formsets["variants"].errors[0]) == [field]
    assert not Variant.objects.filter(sale_price__isnull=False).exists()


def test_a_sale_reaches_the_shop(editor: Client, bowl: Any) -> None:
    first, *others = rows(bowl)
    sale = {"sale_price": "9000", "sale_until": "2099-01-01 10:00", "content": "250", "content_unit": "ml"}

    assert send(editor, bowl, variants=[{**first, **sale}, *others]).status_code == 302

    row = Variant.objects.get(sku="RB-W")
    assert (row.price, row.sale_price, row.price_told, row.content, row.content_unit) == (
        10_000,
        9_000,
        9_000,
        250,
        "ml",
    )
    assert row.sale_until and timezone.localtime(row.sale_until).isoformat() == "2099-01-01T10:00:00+09:00"
    assert publishing.reconcile().healed == []


def test_a_brand_that_is_renamed_is_renamed_on_its_products(bowl: Any) -> None:
    brand = Brand.objects.create(key="maru", name="마루", name_en="Maru")
    bowl.brand = brand
    factories.publish(bowl)
    brand.name_en = "Maru & Co"
    brand.save()
    told = OutboxEvent.objects.filter(type="content.changed").latest("pk").payload["subject"]

    assert told == f"brand:{brand.pk}"
    assert Product.objects.get().brand["en"] == "Maru"
    assert publishing.follow_vocabulary(subject=told) == 1
    assert Product.objects.get().brand == {"key": "maru", "ko": "마루", "en": "Maru & Co"}


def test_guides_and_relations_reach_the_page(shop: Shop, bowl: Any, client: Client) -> None:
    other = factories.publish(factories.product(shop, slug="cup", skus=("CUP",), title="찻잔"))
    bowl.care_guide = Guide.objects.create(kind="care", title="돌보기", body="<p>살살 씻어 주세요</p>")
    bowl.relations = [ProductRelation(product=other, kind="matching")]
    factories.publish(bowl)

    html = client.get("/p/rice-bowl/").content.decode()

    assert "<summary>돌보기</summary>" in html
    assert "살살 씻어 주세요" in html
    assert '<a href="/p/cup/">찻잔</a>' in html.split('id="matching"', 1)[1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("백자 = White", [("백자", "White", "")]),
        ("백자", [("백자", "백자", "")]),
        ("  백자=White   #F4F1EA \n\n= x\n#ffffff", [("백자", "White", "#f4f1ea")]),
    ],
)
def test_choices_are_read_line_by_line(text: str, found: list[tuple[str, str, str]]) -> None:
    assert [(one.ko, one.en, one.swatch) for one in attributes.parse_choices(text)] == found


@pytest.mark.parametrize(("text", "good"), [("10, 20.5", True), ("10,", True), ("20, 10", False), ("ten", False), ("nan", False), ("", False)])  # fmt: skip
def test_ranges_rise(text: str, good: bool) -> None:
    assert (attributes.parse_bounds(text) is not None) is good


def test_the_preview_shows_what_is_not_published_yet(bowl: Any, kind: ProductType) -> None:
    bowl.brand = Brand.objects.create(key="maru", name="마루")
    bowl.product_type, bowl.attribute_values = kind, {"width": "12"}
    bowl.variants = [
        ProductVariant(
            sku="RB-W", price=10_000, sale_price=8_000, content=200, content_unit="ml", option1="흰색"
        )
    ]

    html = bowl.make_preview_request(preview_mode="").content.decode()

    for words in ("마루</a>", "<dd>12 cm</dd>", ">8,000원</p>", "10,000원</del>", "4,000원 / 100ml"):
        assert words in html
    assert Product.objects.get().brand == {}
