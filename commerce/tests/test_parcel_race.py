"""Two people at the desk send the same units at the same moment; the twin shows what the lock is for."""

import threading

import pytest

from commerce.fulfilment import selectors, services
from commerce.fulfilment.models import Shipment
from commerce.orders.models import Order
from commerce.tests.parcels import CJ, arrive, facts, line, paid, send, standing
from commerce.tests.test_stock_race import at_once

pytestmark = pytest.mark.usefixtures("committed")


def two_at_once(bought: Order) -> list[object]:
    return at_once([lambda: send(bought, cup=2), lambda: send(bought, number="999999999999", cup=2)])


def test_two_people_send_the_same_line_and_one_is_refused():
    bought = paid(cups=2, pots=1)

    results = two_at_once(bought)

    assert sorted(type(result).__name__ for result in results) == ["Shipment", "TooMany"]
    (refused,) = [result for result in results if isinstance(result, services.TooMany)]
    assert refused.left == {line(bought, "CUP"): 0}
    assert Shipment.objects.count() == 1
    assert selectors.left_to_ship(bought) == {line(bought, "POT"): 1}
    assert standing(bought) == ("paid", "partly_shipped")


def test_twin_without_the_lock_both_are_sent(monkeypatch):
    """Four cups leave of two that were ordered."""
    bought = paid(cups=2, pots=1)
    both_have_counted = threading.Barrier(2)
    count = services._refuse_too_many

    def count_together(order, wanted):
        count(order, wanted)
        both_have_counted.wait(timeout=30)

    monkeypatch.setattr(services, "_lock", lambda order_id: Order.objects.get(pk=order_id))
    monkeypatch.setattr(services, "_refuse_too_many", count_together)

    results = two_at_once(bought)

    assert all(isinstance(result, Shipment) for result in results), results
    sent = Shipment.objects.filter(tracking_number__in=[CJ, "999999999999"])
    assert sum(row.quantity for shipment in sent for row in shipment.lines.all()) == 4


def two_deliveries(bought: Order, shipment: Shipment) -> list[object]:
    return at_once([lambda: arrive(shipment), lambda: arrive(shipment, how=Shipment.Arrival.SHOPPER)])


def test_the_desk_and_the_shopper_say_at_once_that_it_arrived_and_one_is_heard():
    bought = paid()
    shipment = send(bought)

    results = two_deliveries(bought, shipment)

    assert sorted(map(str, results)) == ["False", "True"]
    assert [name for name, _payload in facts()].count("shipment.delivered") == 1


def test_twin_without_the_lock_the_delivery_is_told_twice(monkeypatch):
    """Two mails would say until when the goods can be returned."""
    bought = paid()
    shipment = send(bought)
    both_have_read = threading.Barrier(2)

    def read(shipment_id):
        found = Shipment.objects.select_related("courier").get(pk=shipment_id)
        both_have_read.wait(timeout=30)
        return Order.objects.get(pk=found.order_id), found

    monkeypatch.setattr(services, "_lock_both", read)

    results = two_deliveries(bought, shipment)

    assert results == [True, True]
    assert [name for name, _payload in facts()].count("shipment.delivered") == 2
