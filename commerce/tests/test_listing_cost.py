"""What a listing asks the database, and how long its counts are kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commerce import copies
from commerce.catalog import asking, facets
from commerce.tests import factories
from commerce.tests.listings import COLOUR, SIZE, SMALL, goods, page, shop

pytestmark = pytest.mark.django_db
__all__ = ["shop"]  # fixture


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"option": ["색상:백자", "크기:소"], "price": ["0-10000", "30000-50000"], "stock": "in"},
        {"option": ["색상:없는 색", "크기:소"], "sort": "selling"},
    ],
)
def test_a_listing_asks_the_database_at_most_ten_times(client: Client, asked: dict[str, Any]) -> None:
    client.get("/orders/lookup/")  # loads the address book and the shop's settings

    for address in ("/c/", "/en/c/tableware/"):
        copies.forget()
        with CaptureQueriesContext(connection) as queries:
            page(client, address, **asked)
        assert len(queries) <= 10, "\n".join(query["sql"][:200] for query in queries)


def test_more_products_and_values_cost_no_more_queries(client: Client) -> None:
    asked = {"option": ["색상:백자"], "stock": "in"}
    page(client, **asked)
    with CaptureQueriesContext(connection) as few:
        page(client, **asked)

    for number in range(8):
        goods(f"dish-{number}", (((f"색 {number}", "Shade"), SMALL), 5_000, 1), options=(COLOUR, SIZE))
    with CaptureQueriesContext(connection) as many:
        page(client, **asked)

    assert len(many) == len(few)


def test_counts_of_a_whole_listing_are_kept_until_a_fact_throws_copies_away() -> None:
    def fitting() -> int:
        return facets.count(path="", asked=asking.Asked(), language="en").fitting

    assert fitting() == 4
    goods("dish", ((), 5_000, 1))
    assert fitting() == 4
    copies.forget()
    assert fitting() == 5


def test_without_a_cache_counts_are_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_kept: object) -> None:
        raise OSError("no cache")

    for name in ("get", "set", "add"):
        monkeypatch.setattr(cache, name, away)

    assert facets.count(path="", asked=asking.Asked(), language="en").fitting == 4
    goods("dish", ((), 5_000, 1))
    assert facets.count(path="", asked=asking.Asked(), language="en").fitting == 5


@pytest.fixture
def _at_hand(settings: Any) -> Iterator[None]:
    """Let this process keep what it counted."""
    settings.PAGE_COPIES_NEAR = 60
    yield
    copies._near.clear()


def test_a_narrowed_listing_is_counted_once_until_a_fact(
    _at_hand: None, django_assert_num_queries: Any
) -> None:
    factories.product("one", skus=("ONE",), price=9_000)
    asked = asking.Asked(prices=("0-10000",), in_stock=True)
    copies.forget()
    assert facets.count(path="", asked=asked, language="ko").fitting == 2

    factories.product("two", skus=("TWO",), price=8_000)

    with django_assert_num_queries(0):
        assert facets.count(path="", asked=asked, language="ko").fitting == 2
    copies.forget()
    assert facets.count(path="", asked=asked, language="ko").fitting == 3
    assert facets.count(path="", asked=asking.Asked(prices=("10000-30000",)), language="ko").fitting == 1
