"""Sending several orders from one page: right rows leave, wrong ones say why and keep what was typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.tests import desk
from cms.tests.test_backoffice_acts import korean, me
from cms.tests.test_backoffice_parcels import NUMBER, everything, paid, send, told
from commerce.fulfilment.models import Shipment
from commerce.inventory import stockroom
from commerce.orders.models import Order

OTHER = "210987654321"
SEND = "/admin/to-ship/send/"


def typed(*rows: tuple[Order, str], courier: str = "cj", **more: str) -> dict[str, Any]:
    data: dict[str, Any] = {"order": [order.pk for order, _number in rows]}
    for order, number in rows:
        data |= {f"courier-{order.pk}": courier, f"number-{order.pk}": number}
    return data | more


def parcels() -> dict[str, str]:
    return dict(Shipment.objects.values_list("order__number", "tracking_number"))


@pytest.fixture
def two(cups) -> tuple[Order, Order]:
    """Two paid orders, of two cups and of one."""
    return paid(cups, quantity=2), paid(cups, quantity=1)


def test_ticked_orders_are_shown_with_what_lies_here(staff, two):
    first, _second = two

    page = staff.get(SEND, {"order": [first.pk]})

    assert [entry.order for entry in page.context["entries"]] == [first]
    assert page.context["entries"][0].contents.endswith("× 2")
    assert SEND in staff.get(reverse("to-ship:index")).content.decode()


def test_every_row_with_a_number_is_one_parcel(staff, two):
    first, second = two

    answer = staff.post(SEND, typed((first, "1234-5678-9012"), (second, OTHER)))

    assert (answer.status_code, answer["Location"]) == (302, reverse("to-ship:index"))
    assert parcels() == {first.number: NUMBER, second.number: OTHER}
    assert sum(Shipment.objects.get(order=first).lines.values_list("quantity", flat=True)) == 2
    assert first.timeline.get(kind="shipped").actor == me()
    log = ModelLogEntry.objects.get(action="backoffice.send_many")
    assert log.data == {"parcels": 2, "sent": 2}


def test_a_wrong_row_says_why_keeps_what_was_typed_and_holds_nobody_up(staff, two):
    first, second = two

    answer = staff.post(SEND, typed((first, "12ab"), (second, OTHER), courier="hanjin"))

    assert answer.status_code == 422
    assert parcels() == {second.number: OTHER}
    (entry,) = answer.context["entries"]
    assert (entry.order, entry.number, entry.courier) == (first, "12ab", "hanjin")
    assert len(entry.errors) == 1
    page = answer.content.decode()
    assert 'value="12ab"' in page
    assert '<option value="hanjin" selected>' in page


def test_rows_without_a_number_are_left_and_none_at_all_is_said(staff, two):
    first, second = two
    before = everything()

    nothing = staff.post(SEND, typed((first, ""), (second, " ")))
    assert (nothing.status_code, everything()) == (422, before)
    staff.post(SEND, typed((first, NUMBER), (second, "")))

    assert parcels() == {first.number: NUMBER}


def test_sent_twice_it_is_one_parcel(staff, two):
    first, _second = two

    for _ in range(2):
        answer = staff.post(SEND, typed((first, NUMBER)))

    assert answer["Location"] == reverse("to-ship:index")
    assert Shipment.objects.count() == 1


def test_the_same_number_for_two_orders_is_asked_about_first(staff, two):
    first, second = two

    answer = staff.post(SEND, typed((first, NUMBER), (second, NUMBER)))

    assert parcels() == {first.number: NUMBER}
    (entry,) = answer.context["entries"]
    assert len(entry.warnings) == 1
    staff.post(SEND, typed((second, NUMBER), **{f"anyway-{second.pk}": "1"}))
    assert parcels() == {first.number: NUMBER, second.number: NUMBER}


def test_what_waits_for_stock_is_marked_and_cannot_be_sent(staff, cups):
    stockroom.adjust(variant_id=cups.pk, on_hand=1, reason="count", now=desk.NOW)
    stockroom.set_terms(variant_id=cups.pk, backorder_limit=5, ships_on=None, reason="kiln", now=desk.NOW)
    order = paid(cups, quantity=2)

    listed = staff.get(reverse("to-ship:index"))
    page = staff.get(SEND, {"order": [order.pk]})

    (row,) = listed.context["table"].data
    assert row.waiting.startswith("1")
    assert len(staff.get(reverse("to-ship:index"), {"stage": "waiting"}).context["table"].data) == 1
    (entry,) = page.context["entries"]
    assert (entry.contents.endswith("× 1"), entry.waiting) == (True, 1)
    staff.post(SEND, typed((order, NUMBER)))
    assert list(Shipment.objects.get().lines.values_list("quantity", flat=True)) == [1]
    gone = staff.get(SEND, {"order": [order.pk]})
    assert gone.status_code == 302
    assert told(gone)[-1] == korean("None of these orders can be sent now.")


def test_who_may_not_act_sends_nothing(sign_in, two):
    first, _second = two
    before = everything()
    client = sign_in("looker@maru.example", permissions=("access_admin", "view_order"))

    for answer in (client.get(SEND), client.post(SEND, typed((first, NUMBER)))):
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert everything() == before


def test_an_order_that_is_late_says_by_how_much(staff, cups):
    late = paid(cups, at=desk.NOW - timedelta(days=30))

    page = staff.get(reverse("orders:inspect", args=[late.pk]))

    assert page.context["late"] > 0
    send(late, 3)
    assert staff.get(reverse("orders:inspect", args=[late.pk])).context["late"] == 0
