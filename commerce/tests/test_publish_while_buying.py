"""Publishing a product and ordering it do not stand in each other's way."""

import uuid

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from commerce.catalog import services as catalog
from commerce.catalog.models import Variant
from commerce.inventory.models import StockItem
from commerce.orders.models import Order
from commerce.tests.factories import NOW, cart, place, product, shelf
from commerce.tests.test_stock_race import at_once

pytestmark = pytest.mark.usefixtures("committed")


def publish(*, price: int) -> None:
    """Bring the cup to a new price, as the page that was just published says."""
    payload = catalog.ProductPayload(
        key=uuid.uuid5(uuid.NAMESPACE_URL, "cup"),
        language="ko",
        version=2,
        text=catalog.TextPayload(title="찻잔"),
        goods=catalog.GoodsPayload(
            slug="cup",
            variants=(catalog.VariantPayload(sku="CUP", options=({"ko": "CUP", "en": "CUP"},), price=price),),
        ),
    )
    catalog.list_product(payload=payload, now=NOW)


def test_an_order_is_placed_while_its_product_is_being_published() -> None:
    product(units=5)
    filled = cart(("CUP", 1))

    def order() -> Order:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        return place(filled, total=27_000)

    with transaction.atomic():
        publish(price=25_000)
        placed = at_once([order])[0]

    assert isinstance(placed, Order), repr(placed)
    assert placed.total == 27_000  # what the shopper saw and nobody had changed yet
    assert Variant.objects.get(sku="CUP").price == 25_000
    assert shelf() == (5, 1)


def test_an_order_that_waits_too_long_for_its_goods_is_asked_for_again_not_lost() -> None:
    product(units=5)
    filled = cart(("CUP", 1))
    sheet = {
        "name": "김하나",
        "phone": "010-1234-5678",
        "email": "hana@example.com",
        "same_recipient": "on",
        "postcode": "03044",
        "address1": "서울 종로구 효자로 12",
        "method": "CARD",
        "agree_order": "on",
        "agree_terms": "on",
        "cart_token": str(filled.token),
        "shown_total": "27000",
    }

    def order() -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        return Client().post("/en/checkout/", sheet)

    with transaction.atomic():
        StockItem.objects.select_for_update().get()
        answer = at_once([order])[0]

    assert not isinstance(answer, Exception), repr(answer)
    assert answer.status_code == 200
    assert "Nothing was ordered yet" in answer.content.decode()
    assert "김하나" in answer.content.decode()
    assert not Order.objects.exists()
    assert shelf() == (5, 0)
