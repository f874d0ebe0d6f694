"""Many buyers, one unit: real threads on real connections. The twins at the end race without the guards and oversell."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models import F

from commerce.cart.models import Cart
from commerce.checkout.services import CartChanged
from commerce.inventory import stock
from commerce.inventory.models import Reservation, StockItem
from commerce.orders.models import Order
from commerce.payments.models import Payment
from commerce.tests.factories import NOW, cart, place, product, promises, shelf

BUYERS = 8

pytestmark = pytest.mark.usefixtures("committed")


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Start all work at the same moment, each on a connection of its own; return results or errors in order."""
    gate = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=30)
            results[number] = work()
        except Exception as error:  # noqa: BLE001  # judged by the test
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a buyer waits for ever"
    return results


def test_the_last_unit_is_sold_once() -> None:
    product(units=1)
    carts = [cart(("CUP", 1)) for _ in range(BUYERS)]

    results = at_once([lambda filled=filled: place(filled, total=27_000) for filled in carts])

    winners = [result for result in results if isinstance(result, Order)]
    losers = [result for result in results if isinstance(result, CartChanged)]
    assert (len(winners), len(losers)) == (1, BUYERS - 1)
    assert {loser.quote.lines[0].problem for loser in losers} == {"sold_out"}
    assert Order.objects.count() == Payment.objects.count() == Reservation.objects.count() == 1
    assert promises(winners[0].number) == [("CUP", 1, "held")]
    assert shelf() == (1, 1)
    assert Cart.objects.filter(ordered_at=None).count() == BUYERS - 1


def test_three_units_are_sold_three_times() -> None:
    product(units=3)
    carts = [cart(("CUP", 1)) for _ in range(BUYERS)]

    results = at_once([lambda filled=filled: place(filled, total=27_000) for filled in carts])

    assert sum(isinstance(result, Order) for result in results) == 3
    assert sum(isinstance(result, CartChanged) for result in results) == BUYERS - 3
    assert shelf() == (3, 3)


def test_one_cart_sent_many_times_at_once_is_one_order() -> None:
    product(units=50)
    filled = cart(("CUP", 2))

    results = at_once([lambda: place(filled, total=51_000)] * BUYERS)

    assert {getattr(result, "number", result) for result in results} == {Order.objects.get().number}
    assert Payment.objects.count() == Reservation.objects.count() == 1
    assert shelf() == (50, 2)


def test_opposite_orders_never_wait_for_each_other() -> None:
    product(skus=("CUP", "POT"), units=50)
    forth = [cart(("CUP", 1), ("POT", 1)) for _ in range(BUYERS // 2)]
    back = [cart(("POT", 1), ("CUP", 1)) for _ in range(BUYERS // 2)]

    results = at_once([lambda filled=filled: place(filled, total=51_000) for filled in [*forth, *back]])

    assert all(isinstance(result, Order) for result in results), results
    assert shelf("CUP") == shelf("POT") == (50, BUYERS)


def test_twin_without_the_one_order_of_locks_two_buyers_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PostgreSQL ends the deadlock by refusing one of the two; in key order nobody is refused."""
    cup, pot = product(skus=("CUP", "POT"), units=50)
    both_hold_one = threading.Barrier(2)

    def lock_as_asked(_reference: str, variant_ids: Any) -> tuple[dict[int, StockItem], dict[int, Any]]:
        first, second = variant_ids
        rows = {first: StockItem.objects.select_for_update().get(variant_id=first)}
        both_hold_one.wait(timeout=30)
        return rows | {second: StockItem.objects.select_for_update().get(variant_id=second)}, {}

    monkeypatch.setattr(stock, "_lock_for", lock_as_asked)

    results = at_once([lambda: _reserve(cup.pk, "forth", pot.pk), lambda: _reserve(pot.pk, "back", cup.pk)])

    assert [type(result) for result in results if result is not None] == [OperationalError]


def test_the_lock_alone_keeps_the_last_unit(unchecked: None) -> None:
    (cup,) = product(units=1)

    results = at_once([lambda number=number: _reserve(cup.pk, f"order-{number}") for number in range(BUYERS)])

    assert sum(isinstance(result, stock.OutOfStock) for result in results) == BUYERS - 1
    assert shelf() == (1, 1)


def test_the_constraint_alone_keeps_the_last_unit(unlocked: None) -> None:
    (cup,) = product(units=1)

    at_once([lambda number=number: _reserve(cup.pk, f"order-{number}") for number in range(BUYERS)])

    assert shelf() == (1, 1)


def test_twin_without_lock_and_constraint_oversells(unchecked: None, unlocked: None) -> None:
    """The race is real: with both protections off, the same eight buyers get more than there is."""
    (cup,) = product(units=1)

    at_once([lambda number=number: _reserve(cup.pk, f"order-{number}") for number in range(BUYERS)])

    on_hand, reserved = shelf()
    assert on_hand == 1
    assert reserved > 1


@pytest.fixture
def unchecked() -> Iterator[None]:
    """Take the constraint off the table for one test."""
    constraint = next(one for one in StockItem._meta.constraints if one.name == "stock_not_oversold")
    with connection.schema_editor() as editor:
        editor.remove_constraint(StockItem, constraint)
    yield
    StockItem.objects.filter(reserved__gt=F("on_hand") + F("backorder_limit")).update(reserved=0)
    with connection.schema_editor() as editor:
        editor.add_constraint(StockItem, constraint)


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the rows without locking them, and let everybody read before anybody writes."""
    everybody_has_read = threading.Barrier(BUYERS)

    def read(_reference: str, variant_ids: Any) -> tuple[dict[int, StockItem], dict[int, Any]]:
        rows = StockItem.objects.filter(variant_id__in=list(variant_ids)).order_by("pk")
        found = {row.variant_id: row for row in rows}
        if threading.current_thread() is not threading.main_thread():
            everybody_has_read.wait(timeout=30)
            time.sleep(0.01)
        return found, {}

    monkeypatch.setattr(stock, "_lock_for", read)


def _reserve(variant_id: int, reference: str, *more: int) -> None:
    with transaction.atomic():
        wanted = dict.fromkeys((variant_id, *more), 1)
        stock.reserve(quantities=wanted, reference=reference, expires_at=NOW, now=NOW)
