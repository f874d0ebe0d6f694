"""Sorts, pages and odd addresses of a listing: none breaks it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from commerce.catalog.models import Variant
from commerce.sales.models import DailySale
from commerce.tests.listings import COLOUR, WHITE, chips, found, goods, page, shop, ticked

pytestmark = pytest.mark.django_db
__all__ = ["shop"]  # fixture


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("recommended", ["jar", "bowl", "cup", "lamp"]),
        ("new", ["cup", "bowl", "jar", "lamp"]),
        ("selling", ["cup", "lamp", "jar", "bowl"]),
        ("price", ["cup", "bowl", "jar", "lamp"]),
        ("price-desc", ["lamp", "jar", "bowl", "cup"]),
    ],
)
def test_a_listing_is_sorted_as_asked(client: Client, sort: str, order: list[str]) -> None:
    today = timezone.localdate()
    sold: list[tuple[str, date, int]] = [
        ("LAMP-0", today, 2),
        ("CUP-0", today, 2),
        ("CUP-0", today - timedelta(days=30), 1),
        ("BOWL-0", today - timedelta(days=31), 9),  # too long ago
        ("JAR-0", today, 0),  # all of it came back
    ]
    for sku, day, units in sold:
        variant = Variant.objects.get(sku=sku)
        DailySale.objects.create(variant=variant, day=day, units=units, won=units * variant.price)

    assert found(page(client, sort=sort)) == order
    assert found(page(client, sort=sort, stock="in")) == order


def test_a_shop_that_counts_no_sales_shows_what_is_recommended(client: Client, settings: Any) -> None:
    settings.BEST_SELLERS = ""

    assert found(page(client, sort="selling")) == ["jar", "bowl", "cup", "lamp"]


@pytest.mark.parametrize(
    "asked",
    [
        {"option": "색상:없는 색"},
        {"option": "nothing:at all"},
        {"option": ["", ":", "색상", "색상:", ":백자", "\x00:\x00", "색상:백자\x00"]},
        {"option": "색상:" + "백" * 10_000},
        {"option": [f"색상:{number}" for number in range(500)]},
        {"option": "색상:백자'; DROP TABLE commerce_product --"},
        {"price": ["-1", "99", "0-", "-10000", "1e5", "9" * 5000, "\x00", "0-10000 "]},
        {"stock": ["out", "\x00", "1"]},
        {"sort": ["magic", "\x00"], "q": "x" * 10_000},
        {"colour": "white"},
    ],
)
def test_what_makes_no_sense_is_not_asked(client: Client, asked: dict[str, Any]) -> None:
    html = page(client, **asked)

    assert found(html) == ["jar", "bowl", "cup", "lamp"]
    assert (chips(html), ticked(html)) == ({}, [])


@pytest.mark.parametrize("number", ["99999", "0", "-1", "x", "9" * 5000])
def test_a_page_too_far_is_answered_in_words(client: Client, number: str) -> None:
    html = page(client, option="색상:백자", page=number, status=404)

    assert len(found(html)) == 4  # what came last instead


def test_an_option_of_another_shelf_is_not_asked(client: Client) -> None:
    goods("vase", ((("흑자", "Black"),), 70_000, 1), options=(COLOUR,), shelves=())

    assert found(page(client, "/en/c/tableware/", option="색상:흑자")) == ["jar", "bowl", "cup"]
    assert found(page(client, "/en/c/", option="색상:흑자")) == ["vase"]


def test_only_the_whole_listing_is_for_search_engines(client: Client) -> None:
    narrowed, whole = page(client, option="색상:백자"), page(client)

    assert '<meta name="robots" content="noindex, follow">' in narrowed
    assert '<link rel="canonical" href="http://testserver/en/c/">' in narrowed
    assert "noindex" not in whole


def test_a_word_of_a_product_is_only_text(client: Client) -> None:
    evil = ('<img src=x onerror="1">', "<b>&")
    goods("evil", ((evil,), 5_000, 1), ((WHITE,), 5_000, 1), options=(COLOUR,))

    html = page(client, option=f"색상:{evil[0]}")

    assert found(html) == ["evil"]
    assert set(chips(html)) == {"Colour: <b>&"}
    assert "<img src=x" not in html
    assert "<b>&" not in html
