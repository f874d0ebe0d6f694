"""Saying at the desk what a refund of PortOne's console was for: look at the parts, confirm, and never twice."""

from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.tests.test_backoffice_acts import korean, me, told
from commerce.orders.models import Order
from commerce.payments.models import Refund
from commerce.tests.factories import shelf
from commerce.tests.test_allocating import cancelled, everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def console() -> tuple[Order, Refund]:
    """Two cups for 48,000 won and delivery for 3,000, of which 24,000 went back at the console."""
    return cancelled(24_000)


def address(refund: Refund, name: str = "explain") -> str:
    return reverse(f"orders:{name}", args=[refund.payment.order_id, refund.pk])


def filled(refund: Refund, *, units: int = 1, **more: Any) -> dict[str, Any]:
    line = refund.payment.order.lines.get().pk
    return {f"line-{line}": units, "note": "전화로 취소", "restock": "on"} | more


def test_the_parts_are_shown_and_then_written_down(staff, console):
    order, refund = console
    page = staff.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    assert address(refund) in page
    before = everything()

    shown = staff.post(address(refund), filled(refund))
    assert shown.context["rows"] == [("찻잔 × 1", "24,000원")]
    assert everything() == before
    answer = staff.post(address(refund), filled(refund, confirm="1", expected=shown.context["expected"]))

    assert told(answer) == [korean("It is written down what the refund was for.")]
    refund.refresh_from_db()
    assert (refund.goods_amount, refund.goodwill_amount, shelf()) == (24_000, 0, (4, 0))
    assert order.timeline.get(kind="refund_allocated").actor == me()
    log = ModelLogEntry.objects.get(action="backoffice.explain_refund")
    assert log.data == {"amount": 24_000, "note": "전화로 취소"}


def test_confirmed_twice_it_is_written_once(staff, console):
    _order, refund = console
    data = filled(
        refund, confirm="1", expected=staff.post(address(refund), filled(refund)).context["expected"]
    )
    staff.post(address(refund), data)
    before = everything()

    again = staff.post(address(refund), data)

    assert everything() == before
    assert told(again)[-1] == korean("This is no longer possible: the order has moved on.")


def test_parts_that_were_not_shown_are_shown_again(staff, console):
    _order, refund = console
    before = everything()

    answer = staff.post(address(refund), filled(refund, confirm="1", expected="something else"))

    assert answer["Location"] == address(refund)
    assert told(answer) == [korean("The order has changed meanwhile. Please look again.")]
    assert everything() == before


@pytest.mark.parametrize(
    "changes",
    [{"units": 2}, {"units": 3}, {"units": -1}, {"note": ""}, {"shipping": 3_000}, {"fee": 1}, {"fee": "x"}],
)
def test_what_does_not_add_up_is_said_and_stays_typed(staff, console, changes):
    _order, refund = console
    before = everything()

    answer = staff.post(address(refund), filled(refund, **changes))

    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert answer.context["form"]["restock"].value()
    assert everything() == before


def test_an_explanation_that_moved_no_stock_is_taken_back(staff):
    order, refund = cancelled(24_000, sent=True)
    data = filled(refund)
    del data["restock"]
    shown = staff.post(address(refund), data)
    staff.post(address(refund), data | {"confirm": "1", "expected": shown.context["expected"]})
    page = staff.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    assert address(refund, "unexplain") in page

    for _ in range(2):
        staff.post(address(refund, "unexplain"), {"note": "다른 주문"})

    refund.refresh_from_db()
    assert (refund.goods_amount, refund.goodwill_amount, refund.allocated_at) == (0, 24_000, None)
    assert order.timeline.filter(kind="allocation_taken_back").count() == 1


@pytest.mark.parametrize("permissions", [("access_admin", "view_order"), ("access_admin",)])
def test_who_may_not_act_explains_nothing(sign_in, console, permissions):
    _order, refund = console
    before = everything()
    client = sign_in("looker@maru.example", permissions=permissions)

    for answer in (client.get(address(refund)), client.post(address(refund), filled(refund))):
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert everything() == before


def test_a_refund_of_another_order_or_of_ours_has_no_such_page(staff, console):
    order, refund = console
    assert staff.get(reverse("orders:explain", args=[order.pk + 1, refund.pk])).status_code == 404
    Refund.objects.update(kind="ours")
    assert staff.get(address(refund)).status_code == 404
