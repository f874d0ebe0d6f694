"""What an editor sees before anybody else does."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.models import ProductPage
from cms.tests import factories
from cms.tests.factories import Shop
from cms.tests.forms import product_form, rows
from commerce.catalog.models import Variant
from commerce.customers.models import User
from commerce.inventory.models import StockItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("admin@maru.example", "a-long-password"))
    return client


def preview(admin: Client, page: Any, data: dict[str, Any], mode: str = "") -> str:
    url = reverse("wagtailadmin_pages:preview_on_edit", args=(page.pk,))
    answer = admin.post(f"{url}?mode={mode}", data)
    assert answer.json()["is_valid"] is True
    response = admin.get(f"{url}?mode={mode}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_preview_shows_the_unsaved_price_and_nothing_is_stored(admin: Client, shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    StockItem.objects.update(on_hand=3)
    first, second = rows(page)

    html = preview(
        admin, page, product_form(page, variants=[{**first, "price": "98765"}, second], title="새 이름")
    )

    assert "98,765원" in html
    assert "새 이름" in html
    assert Variant.objects.get(sku="RB-W").price == 10_000


def test_a_changed_variant_keeps_its_place_in_the_preview(admin: Client, shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    StockItem.objects.update(on_hand=3)
    first, second = rows(page)

    html = preview(admin, page, product_form(page, variants=[{**first, "price": "98765"}, second]))

    assert re.search(r"data-price[^>]*>98,765원<", html)


def test_a_draft_that_was_never_published_has_a_preview(admin: Client, shop: Shop) -> None:
    page = factories.product(shop)

    html = preview(admin, page, product_form(page, variants=rows(page)))

    assert "백자 밥공기" in html
    assert "10,000원" in html


def test_an_empty_draft_has_a_preview(admin: Client, shop: Shop) -> None:
    page = factories.product(shop, skus=())

    assert "백자 밥공기" in preview(admin, page, product_form(page, variants=[]))


def test_the_card_preview_shows_the_card_alone(admin: Client, shop: Shop) -> None:
    page = factories.publish(factories.product(shop))

    dear = [{**row, "price": "54321"} for row in rows(page)]

    html = preview(admin, page, product_form(page, variants=dear), mode="card")

    assert "54,321원" in html
    assert "<form" not in html.partition("<main")[2].partition("</main>")[0]


def test_the_sold_out_preview_leaves_the_stock_alone(admin: Client, shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    StockItem.objects.update(on_hand=3)

    html = preview(admin, page, product_form(page, variants=rows(page)), mode="sold-out")

    assert "disabled" in html
    assert set(StockItem.objects.values_list("on_hand", flat=True)) == {3}


def test_the_english_preview_takes_the_goods_from_the_korean_page(admin: Client, shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    english = shop.translate(page)
    data = product_form(english, variants=[], title="Rice bowl")

    html = preview(admin, english, data)

    assert "Rice bowl" in html
    assert "₩10,000" in html
    assert "RB-W colour" in html


def test_a_category_has_a_preview_with_its_products(admin: Client, shop: Shop) -> None:
    bowls = factories.category(shop, slug="bowls", title="밥그릇")
    page = factories.product(shop)
    page.categories = [bowls]
    factories.publish(page)

    response = bowls.make_preview_request(original_request=None)

    assert response.status_code == 200
    assert "백자 밥공기" in response.content.decode()


def test_the_address_of_a_page_is_the_address_in_the_shop(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    english = factories.publish(shop.translate(page))
    tableware = factories.category(shop, slug="tableware", title="그릇")
    bowls = factories.category(shop, slug="bowls", title="밥그릇", parent=tableware)

    assert page.get_url() == "/p/rice-bowl/"
    assert ProductPage.objects.get(pk=english.pk).get_url() == "/en/p/rice-bowl/"
    assert bowls.get_url() == "/c/tableware/bowls/"
    assert page.get_full_url() == "http://testserver/p/rice-bowl/"
