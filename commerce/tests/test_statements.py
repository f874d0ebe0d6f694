"""How many statements the busiest acts take, exactly; docs/performance.md says what each is for."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commerce.cart import services as carts
from commerce.cart.models import Cart
from commerce.rows import Question, ask, insert, new_key, send, together, update
from commerce.tests.factories import NOW, cart, place, product

pytestmark = pytest.mark.usefixtures("committed")


def messages(captured: CaptureQueriesContext) -> list[list[str]]:
    """Return the first word of each statement, those together that went together."""
    return [[each.split()[0] for each in query["sql"].split(";")] for query in captured]


PLACING = [
    ["BEGIN"],
    # the cart, locked, and its lines; how it is sent, and whether that costs more; the order's key
    ["SELECT", "SELECT", "SELECT", "SELECT", "SELECT"],
    # order, lines, timeline, facts, payment, cart; the stock, locked, and what this order has of it
    ["INSERT", "INSERT", "INSERT", "INSERT", "INSERT", "UPDATE", "SELECT", "SELECT"],
    ["WITH", "INSERT"],  # numbers with the movement, promises
    ["COMMIT"],
]


def test_an_order_of_one_line_takes_seventeen_statements_in_five_messages() -> None:
    product(units=5)
    filled = cart(("CUP", 1))

    with CaptureQueriesContext(connection) as captured:
        place(filled, total=27_000)

    assert messages(captured) == PLACING


def test_every_further_line_takes_one_more_and_no_message() -> None:
    product(skus=("CUP", "POT", "JAR"))
    filled = cart(("CUP", 1), ("POT", 1), ("JAR", 1))

    with CaptureQueriesContext(connection) as captured:
        place(filled, total=72_000)

    assert messages(captured) == [*PLACING[:-2], ["WITH", "WITH", "WITH", "INSERT"], ["COMMIT"]]


def test_putting_something_into_a_cart_takes_six_statements_and_two_more_when_there_is_one() -> None:
    product(skus=("CUP", "POT"))

    with CaptureQueriesContext(connection) as first:
        filled = carts.add(token=None, sku="CUP", quantity=1, now=NOW)
    with CaptureQueriesContext(connection) as second:
        carts.add(token=filled.token, sku="POT", quantity=1, now=NOW)
    with CaptureQueriesContext(connection) as again:
        carts.add(token=filled.token, sku="POT", quantity=1, now=NOW)

    assert (len(first), len(second), len(again)) == (6, 8, 8)


def test_what_is_sent_together_waits_for_the_end_of_the_block(django_assert_num_queries: Any) -> None:
    kept, fresh = Cart(created_at=NOW, changed_at=NOW), Cart(created_at=NOW, changed_at=NOW)
    insert(rows=[kept])

    with django_assert_num_queries(1), together():
        kept.ordered_at = NOW
        update(kept, "ordered_at")
        with together():  # a use case within another
            insert(rows=[fresh])
        assert fresh.pk is None

    assert Cart.objects.get(pk=kept.pk).ordered_at == NOW
    assert Cart.objects.get(pk=fresh.pk).token == fresh.token


def test_a_read_within_the_block_sends_what_waits_with_its_own_message(
    django_assert_num_queries: Any,
) -> None:
    kept = Cart(created_at=NOW, changed_at=NOW)

    with transaction.atomic(), django_assert_num_queries(1), together():
        insert(rows=[kept])
        ((found,),) = send(("SELECT count(*) FROM commerce_cart", ()))

    assert (found, kept.pk is not None) == ((1,), True)


def test_a_key_that_was_asked_for_is_the_rows(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        key, kept = ask(new_key(Cart), Question((("SELECT 7", ()),), lambda brought: brought[0][0][0]))
    row = Cart(id=key, created_at=NOW, changed_at=NOW)
    insert(rows=[row, other := Cart(id=key + 1000, created_at=NOW, changed_at=NOW)])

    assert kept == 7
    assert {key, key + 1000} == set(Cart.objects.values_list("pk", flat=True)) == {row.pk, other.pk}


def test_what_waits_is_not_sent_when_the_block_fails(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0), pytest.raises(ValueError, match="half way"), together():
        insert(rows=[Cart(created_at=NOW, changed_at=NOW)])
        raise ValueError("half way")

    assert not Cart.objects.exists()


def test_a_row_that_is_gone_is_said_also_at_the_end() -> None:
    gone = Cart(pk=4711, created_at=NOW, changed_at=NOW)

    with pytest.raises(Cart.DoesNotExist), transaction.atomic(), together():
        insert(rows=[Cart(created_at=NOW, changed_at=NOW)])
        update(gone, "ordered_at")

    assert not Cart.objects.exists()


def test_rows_are_written_with_one_statement_and_get_their_keys(django_assert_num_queries: Any) -> None:
    fresh = [Cart(created_at=NOW, changed_at=NOW) for _ in range(3)]

    with django_assert_num_queries(1):
        insert(rows=fresh)
    with django_assert_num_queries(0):
        insert(rows=[])

    assert [Cart.objects.get(pk=one.pk).token for one in fresh] == [one.token for one in fresh]
    assert not any(one._state.adding for one in fresh)
