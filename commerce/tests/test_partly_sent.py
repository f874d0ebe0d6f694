"""Where parcels, refunds and units to come meet: nothing leaves that was cancelled or is not here."""

import pytest

from commerce.checkout import refunding
from commerce.fulfilment import selectors, services
from commerce.inventory import stock, stockroom
from commerce.inventory.models import StockItem
from commerce.orders.models import Order
from commerce.orders.refund_math import Wish
from commerce.payments.models import RefundLine
from commerce.payments.states import RefundState, Requester
from commerce.tests.factories import NOW, cart, place, product
from commerce.tests.parcels import CJ, arrive, line, paid, pay, send, standing

pytestmark = pytest.mark.django_db


def sold(*, cups: int, pots: int) -> Order:
    """Return a paid order whose units left the stock, as settling does."""
    bought = paid(cups=cups, pots=pots)
    assert stock.sell(reference=bought.number, now=NOW)
    return bought


def give_back(bought: Order, *, cause: str = "desk", returned: bool = False, **units: int):
    wish = Wish(quantities={line(bought, sku.upper()): count for sku, count in units.items()})
    return refunding.refund_order(
        order_id=bought.pk,
        wish=wish,
        cause=cause,
        reason="changed mind",
        requester=Requester.STAFF,
        restock=True,
        returned=returned,
        now=NOW,
    )


def test_units_that_are_refunded_before_they_left_do_not_leave_any_more():
    bought = sold(cups=2, pots=1)
    give_back(bought, pot=1)

    assert selectors.left_to_ship(bought) == {line(bought): 2}
    with pytest.raises(services.TooMany):
        send(bought, pot=1)
    send(bought, cup=2)
    assert standing(bought) == ("paid", "shipped")


def test_the_rest_of_a_partly_sent_order_is_refunded_and_the_order_is_sent():
    bought = sold(cups=2, pots=1)
    parcel = send(bought, cup=2)
    assert standing(bought) == ("paid", "partly_shipped")

    refund = give_back(bought, pot=1)

    assert refund.lines.get().cancelled
    assert standing(bought) == ("paid", "shipped")
    arrive(parcel)
    assert standing(bought) == ("fulfilled", "delivered")


def test_what_comes_back_of_a_partly_sent_order_leaves_the_rest_to_be_sent():
    bought = sold(cups=2, pots=0)
    send(bought, cup=1)

    refund = give_back(bought, cup=1, returned=True)

    assert not refund.lines.get().cancelled
    assert selectors.left_to_ship(bought) == {line(bought): 1}
    assert standing(bought) == ("paid", "partly_shipped")


def test_a_refund_that_was_given_up_lets_its_units_leave_again():
    bought = sold(cups=2, pots=1)
    refund = give_back(bought, pot=1)
    RefundLine.objects.get(refund=refund)
    refund.state = RefundState.ABANDONED
    refund.save(update_fields=["state"])

    assert selectors.left_to_ship(bought) == {line(bought): 2, line(bought, "POT"): 1}


def preordered() -> Order:
    """Three cups are bought; one is here, two are still to come."""
    (cup,) = product(skus=("CUP",), units=1)
    stockroom.set_terms(variant_id=cup.pk, backorder_limit=5, ships_on=None, reason="ordered", now=NOW)
    return pay(place(cart(("CUP", 3)), total=72_000))


def test_units_that_are_still_to_come_cannot_be_sent_until_they_are_here():
    bought = preordered()
    stock.sell(reference=bought.number, now=NOW)
    assert StockItem.objects.get().owed == 2

    assert selectors.left_to_ship(bought) == {line(bought): 3}
    assert selectors.ready_to_ship(bought) == {line(bought): 1}
    assert [(packed.quantity, packed.waiting) for packed in selectors.parcels(order=bought).left] == [(3, 2)]
    with pytest.raises(services.TooMany):
        send(bought, cup=2)
    send(bought, cup=1)

    stockroom.receive(variant_id=bought.lines.get().variant_id, quantity=2, reason="arrived", now=NOW)

    assert selectors.ready_to_ship(bought) == {line(bought): 2}
    send(bought, number=CJ[::-1], cup=2)
    assert standing(bought) == ("paid", "shipped")
