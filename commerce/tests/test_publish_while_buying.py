"""Publishing a product and ordering it do not stand in each other's way."""

import uuid

import pytest
from django.db import connection, transaction

from commerce.catalog import services as catalog
from commerce.catalog.models import Variant
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
