"""How many statements the busiest acts take, exactly; docs/performance.md says what each is for."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commerce.cart import services as carts
from commerce.cart.models import Cart
from commerce.rows import insert
from commerce.tests.factories import NOW, cart, place, product

pytestmark = pytest.mark.usefixtures("committed")


def verbs(captured: CaptureQueriesContext) -> list[str]:
    """Return the first word of each statement."""
    return [query["sql"].split()[0] for query in captured]


PLACING = [
    "BEGIN",
    *["SELECT"] * 4,
    *["INSERT"] * 5,
    "UPDATE",
    *["SELECT"] * 2,
    "WITH",
    "INSERT",
    "COMMIT",
]


def test_an_order_of_one_line_takes_sixteen_statements() -> None:
    product(units=5)
    filled = cart(("CUP", 1))

    with CaptureQueriesContext(connection) as captured:
        place(filled, total=27_000)

    assert verbs(captured) == PLACING
    assert len(captured) == 16


def test_every_further_line_takes_one_more() -> None:
    product(skus=("CUP", "POT", "JAR"))
    filled = cart(("CUP", 1), ("POT", 1), ("JAR", 1))

    with CaptureQueriesContext(connection) as captured:
        place(filled, total=72_000)

    assert len(captured) == 16 + 2  # the numbers of its stock with the movement


def test_putting_something_into_a_cart_takes_six_statements_and_two_more_when_there_is_one() -> None:
    product(skus=("CUP", "POT"))

    with CaptureQueriesContext(connection) as first:
        filled = carts.add(token=None, sku="CUP", quantity=1, now=NOW)
    with CaptureQueriesContext(connection) as second:
        carts.add(token=filled.token, sku="POT", quantity=1, now=NOW)
    with CaptureQueriesContext(connection) as again:
        carts.add(token=filled.token, sku="POT", quantity=1, now=NOW)

    assert (len(first), len(second), len(again)) == (6, 8, 8)


def test_rows_are_written_with_one_statement_and_get_their_keys(django_assert_num_queries: Any) -> None:
    fresh = [Cart(created_at=NOW, changed_at=NOW) for _ in range(3)]

    with django_assert_num_queries(1):
        insert(rows=fresh)
    with django_assert_num_queries(0):
        insert(rows=[])

    assert [Cart.objects.get(pk=one.pk).token for one in fresh] == [one.token for one in fresh]
    assert not any(one._state.adding for one in fresh)
