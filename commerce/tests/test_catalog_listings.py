"""Listings as a browser gets them: in the order that is asked for, page by page, with cards that say what is what."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from commerce.tests.listings import found, page
from commerce.tests.shopwindow import cups, list_product, moon_jar, shelves, text_of

__all__ = ["shelves"]  # a fixture

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("", "cup-01", "cup-05"),
        ("new", "cup-05", "cup-01"),
        ("price", "cup-01", "cup-05"),
        ("price-desc", "cup-05", "cup-01"),
    ],
)
def test_a_listing_is_sorted_as_asked(client: Client, sort: str, first: str, last: str) -> None:
    cups(5)

    shown = found(page(client, f"/c/tableware/?sort={sort}"))

    assert (shown[0], shown[-1], len(shown)) == (first, last, 5)


def test_an_unknown_sort_is_the_first_one(client: Client) -> None:
    cups(2)

    html = page(client, "/c/?sort=magic")

    assert found(html) == ["cup-01", "cup-02"]
    assert "noindex" not in html


def test_a_listing_has_pages_and_the_links_keep_the_sort(client: Client, settings: Any) -> None:
    settings.LISTING_PAGE_SIZE = 4
    cups(9)

    second = page(client, "/en/c/tableware/bowls/?sort=price&page=2")

    assert found(second) == ["cup-05", "cup-06", "cup-07", "cup-08"]
    assert found(page(client, "/c/tableware/bowls/?sort=price&page=3")) == ["cup-09"]
    assert unescape(re.findall(r'href="([^"]+)" rel="next"', second)[0]) == "?sort=price&page=3"
    assert "9 products" in text_of(second)
    assert '<meta name="robots" content="noindex, follow">' in second


def test_the_canonical_address_leaves_the_sort_away_and_keeps_the_page(client: Client, settings: Any) -> None:
    settings.LISTING_PAGE_SIZE = 4
    cups(9)

    html = page(client, "/en/c/?sort=price&page=2")

    assert '<link rel="canonical" href="http://testserver/en/c/?page=2">' in html


@pytest.mark.parametrize("number", ["0", "4", "-1", "x", "99999999999999999999"])
def test_a_page_that_does_not_exist_answers_404(client: Client, settings: Any, number: str) -> None:
    settings.LISTING_PAGE_SIZE = 4
    cups(9)

    page(client, f"/c/?page={number}", status=404)


def test_a_card_says_sold_out_and_from_which_price(client: Client) -> None:
    moon_jar()
    list_product("gone", variants=[("GONE", [], 7000, 0)], days=1)

    seen = text_of(page(client, "/en/c/tableware/?sort=new"))

    assert "Sold out Product gone ₩7,000" in seen
    assert "Product moon-jar White · Celadon from ₩1,234,000" in seen
