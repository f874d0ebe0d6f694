"""Sales figures: the effect that a repetition would spoil, so it happens once per fact."""

import threading
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from commerce.orders.models import Order
from commerce.sales import services
from commerce.sales.models import DailySale
from commerce.sales.selectors import best_sellers
from workers import actors, fanout
from workers.jobs import QUEUES
from workers.models import Delivery
from workers.routing import HANDLERS
from workers.tests.factories import NOW, an_order, paid_fact, pay, refund

pytestmark = pytest.mark.usefixtures("committed")
DB = QUEUES["db"]
TODAY = date(2026, 11, 24)


def counted(order: Order) -> Delivery:
    pay(order)
    fanout.fan_out()
    return Delivery.objects.get(handler="sales.count_order", event__payload__order_id=order.pk)


def figures() -> list[tuple[int, int]]:
    return list(DailySale.objects.order_by("-units").values_list("units", "won"))


def test_a_paid_order_is_counted_by_variant_and_day():
    delivery = counted(an_order())

    assert actors.run(ids=[delivery.pk], queue=DB) == 1

    assert figures() == [(2, 48_000), (1, 38_000)]
    assert set(DailySale.objects.values_list("day", flat=True)) == {TODAY}


def test_a_hundred_messages_at_once_count_it_once():
    delivery = counted(an_order())
    barrier = threading.Barrier(10)

    def hammer() -> None:
        barrier.wait()
        for _message in range(10):
            actors.run(ids=[delivery.pk], queue=DB)
        connection.close()

    threads = [threading.Thread(target=hammer) for _n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert figures() == [(2, 48_000), (1, 38_000)]


def test_counted_again_after_its_delivery_was_forgotten_it_would_double_without_the_mark():
    delivery = counted(an_order())
    actors.run(ids=[delivery.pk], queue=DB)

    def replayed(handlers) -> list[tuple[int, int]]:
        event = Delivery.objects.get(handler="sales.count_order").event
        Delivery.objects.filter(handler="sales.count_order").delete()
        row = Delivery.objects.create(event=event, handler="sales.count_order", queue="db")
        assert actors.run(ids=[row.pk], queue=DB, handlers=handlers) == 1
        return figures()

    unmarked = replace(HANDLERS["sales.count_order"], once=False)
    assert replayed(HANDLERS) == [(2, 48_000), (1, 38_000)]
    assert replayed({"sales.count_order": unmarked}) == [(4, 96_000), (2, 76_000)]


def test_an_order_that_is_gone_is_given_up_at_once():
    paid_fact(order_id=999_999)
    fanout.fan_out()
    delivery = Delivery.objects.get(handler="sales.count_order")

    actors.run(ids=[delivery.pk], queue=DB)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, figures()) == (4, 1, [])


def test_an_unpaid_order_is_refused():
    order = an_order()
    with pytest.raises(ValueError, match=order.number):
        services.count_order(order_id=order.pk)
    assert figures() == []


def test_the_best_seller_comes_first_and_old_days_do_not_count():
    first, second = an_order(), an_order()
    for order in (first, second):
        pay(order)
        services.count_order(order_id=order.pk)
    DailySale.objects.filter(variant__in=second.lines.values("variant")).update(units=9)

    found = best_sellers(since=TODAY, language="ko")

    assert [(seller.slug, seller.units) for seller in found] == [
        (second.lines.first().slug, 18),
        (first.lines.first().slug, 3),
    ]
    assert best_sellers(since=date(2026, 11, 25), language="ko") == []
    assert NOW.date() == TODAY


def test_refunded_units_are_taken_off_the_day_on_which_they_were_sold():
    order = an_order()
    pay(order)
    services.count_order(order_id=order.pk)

    asked = refund(order, goods=24_000)
    assert services.take_off(refund_id=asked.pk) == 1

    assert figures() == [(1, 38_000), (1, 24_000)]


def test_money_that_never_bought_anything_is_not_taken_off():
    order = an_order()
    pay(order)
    asked = refund(order, goods=24_000)
    Order.objects.filter(pk=order.pk).update(paid_at=None)

    assert services.take_off(refund_id=asked.pk) == 0
    assert figures() == []
