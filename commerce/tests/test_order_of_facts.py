"""Facts in real transactions: ids follow what happened to an aggregate; the twin shows what the lock prevents."""

import threading
from typing import Any

import pytest

from commerce.cart import services as carts
from commerce.cart.models import Cart, CartLine
from commerce.events import outbox, types
from commerce.events.models import OutboxEvent
from commerce.tests.factories import NOW, cart, place, product
from commerce.tests.test_stock_race import at_once
from commerce.tests.told import told

pytestmark = pytest.mark.usefixtures("committed")


def steps() -> list[tuple[int, int]]:
    return [(fact["quantity_before"], fact["quantity_after"]) for fact in told("cart.changed")]


def test_in_the_order_of_their_ids_a_carts_facts_join_on() -> None:
    product(units=50)
    filled = cart(("CUP", 1))

    at_once([lambda: carts.add(token=filled.token, sku="CUP", quantity=1, now=NOW)] * 8)

    assert steps() == [(number, number + 1) for number in range(9)]
    assert CartLine.objects.get().quantity == 9


def test_twin_without_the_carts_lock_two_facts_begin_at_the_same_number(monkeypatch: Any) -> None:
    product(units=50)
    filled = cart(("CUP", 1))
    both_have_read = threading.Barrier(2)
    write = carts._write

    def unlocked(token: Any) -> Cart | None:
        return Cart.objects.filter(token=token).first()

    def after_both(*arguments: Any, **named: Any) -> None:
        both_have_read.wait(timeout=30)
        write(*arguments, **named)

    monkeypatch.setattr(carts, "_open_cart", unlocked)
    monkeypatch.setattr(carts, "_write", after_both)

    at_once([lambda: carts.add(token=filled.token, sku="CUP", quantity=1, now=NOW)] * 2)

    assert steps() == [(0, 1), (1, 2), (1, 2)]  # two units were added, one is lost


def test_of_many_who_buy_the_last_units_one_sells_out() -> None:
    product(units=3)
    filled = [cart(("CUP", 1)) for _ in range(8)]

    at_once([lambda one=one: place(one, total=27_000) for one in filled])

    assert told("stock.sold_out") == [{"sku": "CUP"}]
    assert [fact["sku"] for fact in told("stock.back")] == ["CUP"]  # the count that put them there


def test_outside_a_transaction_nothing_is_recorded() -> None:
    fact = types.OrderPaid(order_id=8, number="8", total=1, currency="KRW", occurred_at=NOW)

    for attempt in (lambda: outbox.record(fact), lambda: outbox.record_all([fact])):
        with pytest.raises(outbox.RecordedOutsideTransaction):
            attempt()

    assert OutboxEvent.objects.count() == 0
