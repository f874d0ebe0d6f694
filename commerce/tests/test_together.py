"""What was bought together stands on product pages where nobody picked something, and nothing of who bought it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commerce.catalog.models import Product
from commerce.orders.models import Order
from commerce.sales import together
from commerce.tests.factories import NOW, cart, place, product, withdraw
from commerce.tests.parcels import pay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def goods() -> None:
    """Four products with plenty of each."""
    for slug in ("cup", "pot", "tray", "jar"):
        product(slug, skus=(slug.upper(),), price=60_000, units=50, title=(slug, slug))


def bought(*skus: str, paid: bool = True, at: datetime = NOW) -> None:
    """Order one of each, and let the money come."""
    order = place(cart(*((sku, 1) for sku in skus)), total=60_000 * len(skus))
    if paid:
        pay(order)
    Order.objects.filter(pk=order.pk).update(placed_at=at)


def pair(orders: int = 2) -> int:
    return together.pair(orders=orders, now=NOW + timedelta(hours=1))


def beside(slug: str) -> list[str]:
    by_key = {str(row.key): row.slug for row in Product.objects.all()}
    return [by_key[key] for key in Product.objects.get(slug=slug).together]


def test_what_enough_orders_have_in_common_goes_together_most_often_first() -> None:
    for _ in range(3):
        bought("CUP", "POT")
    for _ in range(2):
        bought("CUP", "TRAY")
    bought("CUP", "JAR")

    assert pair() == 3

    assert {slug: beside(slug) for slug in ("cup", "pot", "tray", "jar")} == {
        "cup": ["pot", "tray"],
        "pot": ["cup"],
        "tray": ["cup"],
        "jar": [],
    }
    assert pair() == 0  # nothing changed: nothing is written


@pytest.mark.parametrize("changes", [{"paid": False}, {"at": NOW - timedelta(days=366)}])
def test_orders_that_say_nothing_do_not_count(changes: dict[str, Any]) -> None:
    bought("CUP", "POT")
    bought("CUP", "POT", **changes)

    assert pair() == 0

    bought("CUP", "POT")
    assert pair() == 2


def test_units_of_one_order_are_one_order_and_a_cart_full_of_everything_is_none(monkeypatch: Any) -> None:
    product("cup", skus=("CUP", "CUP-2"), price=60_000, units=50, version=2, title=("cup", "cup"))
    bought("CUP", "CUP-2", "POT")
    assert pair() == 0

    bought("CUP", "POT", "TRAY")
    assert pair() == 2

    monkeypatch.setattr(together, "LARGEST", 2)
    pair()
    assert beside("cup") == []


def test_what_is_not_sold_any_more_is_left_out_the_next_night() -> None:
    for _ in range(2):
        bought("CUP", "POT")
    pair()
    withdraw("pot")

    assert pair() == 1

    assert beside("cup") == []


def test_the_page_shows_it_unless_an_editor_picked_and_asks_for_nothing_more(client: Client) -> None:
    pot, tray = (Product.objects.get(slug=slug) for slug in ("pot", "tray"))

    def shown() -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as made:
            html = client.get("/en/p/cup/").content.decode()
        part = html.partition('aria-labelledby="matching"')[2].partition("</section>")[0]
        return [slug for slug in ("pot", "tray", "jar") if f'href="/en/p/{slug}/"' in part], len(made)

    Product.objects.filter(slug="cup").update(related={"matching": [str(tray.key)]})
    shown()  # what every page needs is remembered now
    picked = shown()
    Product.objects.filter(slug="cup").update(related={}, together=[str(pot.key)])
    together_shown = shown()

    assert (picked[0], together_shown[0]) == (["tray"], ["pot"])
    assert together_shown[1] == picked[1] <= 10
