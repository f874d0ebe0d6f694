"""An editor writes a product: what is refused, what is kept, what reaches the shop."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms import attributes, notice_rows
from cms.models import ProductAttribute, ProductPage, ProductPicture, ProductType, ProductVariant
from cms.tests import factories
from cms.tests.factories import Shop
from cms.tests.forms import product_form, row_of, rows
from commerce.catalog.models import Product, Variant
from commerce.customers.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("admin@maru.example", "a-long-password"))
    return client


@pytest.fixture
def page(shop: Shop) -> Any:
    return factories.publish(factories.product(shop))


def edit(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=(page.pk,))


def errors_of(response: Any, formset: str) -> list[dict[str, list[str]]]:
    return [dict(form.errors) for form in response.context["form"].formsets[formset].forms]


def test_the_editor_sees_variants_and_pictures_on_the_korean_page(admin: Client, page: Any) -> None:
    html = admin.get(edit(page)).content.decode()

    assert "variants-TOTAL_FORMS" in html
    assert "pictures-TOTAL_FORMS" in html


def test_the_english_page_shows_words_only_and_is_saved_without_the_rest(
    admin: Client, page: Any, shop: Shop
) -> None:
    english = shop.translate(page)
    html = admin.get(edit(english)).content.decode()
    data = product_form(english, variants=[], title="Rice bowl")
    data = {key: value for key, value in data.items() if not key.startswith(("variants", "pictures", "rank"))}

    response = admin.post(edit(english), {**data, "action-publish": "1"})

    assert response.status_code == 302
    assert "variants-TOTAL_FORMS" not in html
    assert "pictures-TOTAL_FORMS" not in html
    assert 'name="slug"' not in html
    titles = dict(Product.objects.get().texts.values_list("language", "title"))
    assert titles == {"ko": "백자 밥공기", "en": "Rice bowl"}
    assert Variant.objects.filter(active=True).count() == 2


def test_publishing_from_the_form_reaches_the_shop_with_the_sku_normalised(admin: Client, page: Any) -> None:
    data = product_form(page, variants=[*rows(page), row_of(" rb blue 01 ", option1="쪽빛", price="15000")])

    response = admin.post(edit(page), {**data, "action-publish": "1"})

    assert response.status_code == 302
    assert Variant.objects.get(sku="RB-BLUE-01").price == 15_000


def test_a_sku_written_twice_is_refused_and_what_was_typed_is_kept(admin: Client, page: Any) -> None:
    data = product_form(
        page,
        variants=[*rows(page), row_of("NEW-1", option1="하나", price="77000"), row_of("new 1", option1="둘")],
    )

    response = admin.post(edit(page), {**data, "action-publish": "1"})

    errors = errors_of(response, "variants")
    assert errors[:2] == [{}, {}]
    assert list(errors[2]) == ["sku"]
    assert list(errors[3]) == ["sku"]
    html = response.content.decode()
    assert 'value="77000"' in html
    assert 'value="new 1"' in html
    assert set(Variant.objects.values_list("sku", flat=True)) == {"RB-W", "RB-C"}
    assert ProductVariant.objects.filter(page=page).count() == 2


def test_a_wrong_variant_says_nothing_of_pictures_that_are_there(admin: Client, page: Any) -> None:
    shown = str(page.pictures.first().image_id)
    first, second = rows(page)
    wrong = [first | {"image": shown}, second | {"image": shown, "price": "-1"}]

    response = admin.post(edit(page), {**product_form(page, variants=wrong), "action-publish": "1"})

    assert [list(errors) for errors in errors_of(response, "variants")] == [[], ["price"]]


def test_a_sku_of_another_product_is_refused_by_name(admin: Client, page: Any, shop: Shop) -> None:
    factories.publish(factories.product(shop, slug="cup", skus=("CUP-1",)))

    response = admin.post(
        edit(page), {**product_form(page, variants=[*rows(page), row_of("cup-1")]), "action-publish": "1"}
    )

    (message,) = errors_of(response, "variants")[2]["sku"]
    assert "CUP-1" in message
    assert "cup" in message
    assert Variant.objects.get(sku="CUP-1").product.slug == "cup"


@pytest.mark.parametrize(
    ("barcodes", "told"),
    [
        (("8801234567890", ""), "바코드가 아니에요"),
        (("8 801234 567893", "8801234567893"), "두 번 이상"),
        (("4006381333931", ""), "옵션 상품 CUP-1의 것"),
    ],
)
def test_a_barcode_that_cannot_be_is_refused_and_what_was_typed_is_kept(
    admin: Client, page: Any, shop: Shop, barcodes: tuple[str, str], told: str
) -> None:
    cup = factories.product(shop, slug="cup", skus=("CUP-1",))
    ProductVariant.objects.filter(page=cup).update(barcode="4006381333931")
    factories.publish(ProductPage.objects.get(pk=cup.pk))
    typed = [{**row, "barcode": code} for row, code in zip(rows(page), barcodes, strict=True)]

    response = admin.post(
        edit(page),
        {**product_form(page, variants=typed), "action-publish": "1"},
    )

    assert told in errors_of(response, "variants")[0]["barcode"][0]
    assert f'value="{barcodes[0]}"' in response.content.decode()
    assert set(Variant.objects.exclude(sku="CUP-1").values_list("barcode", flat=True)) == {""}


@pytest.mark.parametrize("price", ["0", "-5", "12.5", ""])
def test_a_price_that_is_not_whole_won_above_nothing_is_refused(admin: Client, page: Any, price: str) -> None:
    response = admin.post(
        edit(page),
        {**product_form(page, variants=[row_of("RB-W", price=price)]), "action-publish": "1"},
    )

    assert list(errors_of(response, "variants")[0]) == ["price"]
    assert Variant.objects.get(sku="RB-W").price == 10_000


def test_a_product_without_variants_is_not_published(admin: Client, page: Any) -> None:
    gone = [{**row, "DELETE": "1"} for row in rows(page)]

    response = admin.post(edit(page), {**product_form(page, variants=gone), "action-publish": "1"})

    assert response.context["form"].formsets["variants"].non_form_errors()
    assert Variant.objects.filter(active=True).count() == 2


def test_a_product_without_pictures_is_not_published(admin: Client, page: Any) -> None:
    ProductPicture.objects.filter(page=page).delete()
    data = product_form(ProductPage.objects.get(pk=page.pk), variants=rows(page))

    response = admin.post(edit(page), {**data, "action-publish": "1"})

    assert response.context["form"].formsets["pictures"].non_form_errors()


def test_a_picture_says_what_it_shows_in_both_languages(admin: Client, page: Any) -> None:
    data = product_form(page, variants=rows(page))
    data["pictures-0-alt_en"] = ""

    response = admin.post(edit(page), {**data, "action-publish": "1"})

    assert list(errors_of(response, "pictures")[0]) == ["alt_en"]


def test_every_variant_says_its_option_and_no_two_say_the_same(admin: Client, page: Any) -> None:
    variants = [row_of("A-1", option1=""), row_of("A-2", option1="흰"), row_of("A-3", option1="흰")]

    response = admin.post(edit(page), {**product_form(page, variants=variants), "action-publish": "1"})

    assert [list(errors) for errors in errors_of(response, "variants")] == [["option1"], ["sku"], ["sku"]]


def test_a_variant_is_shown_by_one_of_the_products_own_pictures(admin: Client, page: Any) -> None:
    stray = factories.image("stray")

    response = admin.post(
        edit(page),
        {**product_form(page, variants=[row_of("A-1", image=str(stray.pk))]), "action-publish": "1"},
    )

    assert list(errors_of(response, "variants")[0]) == ["image"]


def test_a_draft_may_be_as_incomplete_as_it_likes(admin: Client, page: Any) -> None:
    variants = [row_of("", option1=""), row_of("RB-W"), row_of("RB-W")]

    response = admin.post(edit(page), product_form(page, variants=variants))

    assert response.status_code == 302
    page.refresh_from_db()
    assert page.has_unpublished_changes
    assert Variant.objects.filter(active=True).count() == 2


def test_the_editor_reads_messages_in_the_language_of_the_admin(admin: Client, page: Any) -> None:
    admin.cookies["django_language"] = "en"
    data = product_form(page, variants=[row_of("A-1", option1="하나"), row_of("A-1", option1="둘")])

    response = admin.post(edit(page), {**data, "action-publish": "1"}, headers={"Accept-Language": "en"})

    assert response.status_code == 200
    assert errors_of(response, "variants")[0]["sku"]


def test_a_copy_is_a_draft_without_skus(admin: Client, page: Any, shop: Shop) -> None:
    response = admin.post(
        reverse("wagtailadmin_pages:copy", args=(page.pk,)),
        {
            "new_title": "사본",
            "new_slug": "copy",
            "new_parent_page": str(shop.products.pk),
            "publish_copies": "1",
            "alias": "1",
        },
    )

    copy = ProductPage.objects.get(slug="copy")
    assert response.url == edit(copy)
    assert (copy.live, copy.alias_of_id) == (False, None)
    assert [variant.sku for variant in copy.variants.all()] == ["", ""]
    latest = copy.get_latest_revision_as_object()
    assert [variant.sku for variant in latest.variants.all()] == ["", ""]
    assert [variant.sku for variant in page.variants.all()] == ["RB-W", "RB-C"]
    assert Product.objects.count() == 1


def test_a_product_that_was_on_sale_cannot_be_deleted(admin: Client, page: Any, shop: Shop) -> None:
    user = User.objects.get()
    draft = factories.product(shop, slug="draft")

    assert not page.permissions_for_user(user).can_delete()
    assert draft.permissions_for_user(user).can_delete()
    assert not shop.products.permissions_for_user(user).can_delete()
    response = admin.post(reverse("wagtailadmin_pages:delete", args=(page.pk,)))
    assert response.status_code == 302
    assert ProductPage.objects.filter(pk=page.pk).exists()


def test_deleting_many_at_once_spares_products_that_were_on_sale(admin: Client, page: Any) -> None:
    url = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "delete"))

    admin.post(f"{url}?next=/admin/&id={page.pk}")

    assert ProductPage.objects.filter(pk=page.pk).exists()


def test_a_failed_publication_is_told_to_the_editor(
    admin: Client, page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> bool:
        raise RuntimeError("the shop is away")

    monkeypatch.setattr("commerce.catalog.services.list_product", broken)

    response = admin.post(
        edit(page), {**product_form(page, variants=rows(page)), "action-publish": "1"}, follow=True
    )

    assert response.status_code == 200
    assert "the shop is away" in response.content.decode()
    assert "the shop is away" in admin.get(reverse("wagtailadmin_home")).content.decode()


def test_the_list_of_products_shows_price_stock_and_languages(admin: Client, page: Any, shop: Shop) -> None:
    factories.publish(shop.translate(page))

    html = admin.get(reverse("products:index")).content.decode()

    assert "10,000원 – 11,000원" in html
    assert "ko · en" in html
    assert html.count("백자 밥공기") >= 1


@pytest.mark.parametrize(
    ("query", "shown"), [("stock=in", False), ("stock=out", True), ("status=live", True)]
)
def test_the_list_of_products_is_filtered(admin: Client, page: Any, query: str, shown: bool) -> None:
    html = admin.get(f"{reverse('products:index')}?{query}").content.decode()

    assert (f"/admin/pages/{page.pk}/edit/" in html) is shown


@pytest.mark.parametrize("name", ["categories", "stories"])
def test_the_other_lists_open(admin: Client, shop: Shop, name: str) -> None:
    assert admin.get(reverse(f"{name}:index")).status_code == 200


def test_the_fields_of_a_type_are_there_as_soon_as_it_is_chosen(client: Client, shop: Shop) -> None:
    client.force_login(User.objects.create_superuser("admin@maru.example", "a-long-password"))
    kind = ProductType(name="그릇")
    kind.attributes = [ProductAttribute(code="width", name="지름", kind="number", unit="cm")]
    kind.save()
    page = factories.product(shop)
    address = reverse("own_fields", args=(attributes.PREFIX,))

    html = client.get(address, {"chosen": str(kind.pk), "page": str(page.pk)}).content.decode()

    assert "지름" in html
    assert f'name="{attributes.PREFIX}width"' in html
    for nothing in ("", "0", "x"):
        assert "<input" not in client.get(address, {"chosen": nothing}).content.decode()
    notice = client.get(reverse("own_fields", args=(notice_rows.PREFIX,)), {"chosen": "kitchen"})
    assert f'name="{notice_rows.PREFIX}material"' in notice.content.decode()
    assert client.get(reverse("own_fields", args=("other",))).status_code == 404


def test_nobody_but_staff_asks_for_fields(client: Client, shop: Shop) -> None:
    response = client.get(reverse("own_fields", args=(attributes.PREFIX,)), {"chosen": "1"})

    assert response.status_code == 302
    assert "login" in response.headers["Location"]
