"""Refunding at the desk: fill in, look at the sum, confirm. Exact won, and nothing at all when it is refused."""

import html
import re
import uuid
from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.tests import desk
from cms.tests.test_backoffice_acts import everything, korean, me, told
from commerce.checkout import settling
from commerce.fulfilment.services import dispatch
from commerce.orders.models import Order
from commerce.payments.models import Payment, Refund
from commerce.payments.states import PaymentState, RefundState

CAUSE = str(uuid.uuid4())


def address(order: Order) -> str:
    return reverse("orders:refund", args=[order.pk])


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def filled(order: Order, *, units: int = 1, **changes: Any) -> dict[str, Any]:
    """Return the form as staff send it."""
    return {
        f"line-{order.lines.get().pk}": units,
        "reason": "change of mind",
        "note": "전화 요청",
        "restock": "on",
        "cause": CAUSE,
    } | changes


@pytest.fixture
def bought(cups, provider) -> Order:
    """A paid order of two cups for 48,000 won and delivery for 3,000 won."""
    order = desk.order(item=cups)
    provider.says(order.payment, PaymentState.PAID)
    settling.settle_payment(payment_id=order.payment.payment_id, gateway=provider, now=desk.NOW)
    order.refresh_from_db()
    return order


def test_the_sum_is_shown_before_anything_happens(staff, bought, provider):
    before = everything(bought)

    asked = staff.get(address(bought))
    shown = staff.post(address(bought), filled(bought))

    assert "달항아리 컵" in text(asked)
    assert shown.context["amount"] == "24,000원"
    assert shown.context["rows"] == [("달항아리 컵 × 1", "24,000원")]
    assert everything(bought) == before
    assert not ModelLogEntry.objects.exists()


def test_a_confirmed_refund_is_written_down_in_the_person_s_name(staff, bought, cups):
    answer = staff.post(address(bought), filled(bought, confirm="1", expected="24000"))

    refund = Refund.objects.get()
    assert answer["Location"] == reverse("orders:inspect", args=[bought.pk])
    assert "24,000원" in told(answer)[0]
    assert (refund.amount, refund.requester, refund.reason) == (24_000, "staff", "change of mind")
    assert refund.cause == f"staff:{CAUSE}"
    entry = bought.timeline.get(kind="refund_requested")
    assert (entry.actor, entry.data["note"]) == (me(), "전화 요청")
    assert desk.stock_of(cups) == (9, 0)
    assert ModelLogEntry.objects.filter(action="backoffice.refund_order").count() == 1


def test_sent_twice_it_is_one_refund(staff, bought, cups):
    for _ in range(2):
        staff.post(address(bought), filled(bought, confirm="1", expected="24000"))

    assert Refund.objects.count() == 1
    assert desk.stock_of(cups) == (9, 0)


def test_a_sum_that_was_not_shown_is_shown_again_and_not_paid(staff, bought):
    Order.objects.filter(pk=bought.pk).update(parcel_fee=3_000)
    lines = {line.pk: line.quantity for line in bought.lines.all()}
    dispatch(order_id=bought.pk, lines=lines, courier="cj", tracking_number="123456789012", now=desk.NOW)
    before = everything(bought)

    answer = staff.post(address(bought), filled(bought, confirm="1", expected="24000"))

    assert answer.status_code == 200
    assert answer.context["amount"] == "21,000원"
    assert "21,000원" in told(answer)[0]
    assert everything(bought) == before


@pytest.mark.parametrize("expected", ["", "x", "-24000", "２４０００"])
def test_a_confirmation_without_a_sum_confirms_nothing(staff, bought, expected):
    staff.post(address(bought), filled(bought, confirm="1", expected=expected))

    assert not Refund.objects.exists()


def test_all_of_it_says_that_the_order_will_be_cancelled_and_cancels_it(staff, bought, cups):
    shown = staff.post(address(bought), filled(bought, units=2))
    staff.post(address(bought), filled(bought, units=2, confirm="1", expected="51000"))

    said = korean("Nothing is kept and nothing was sent: the order will be cancelled.")
    assert said in shown.context["consequences"]
    bought.refresh_from_db()
    assert (bought.status, bought.payment_status) == ("cancelled", "refunding")
    assert desk.stock_of(cups) == (10, 0)


def test_broken_goods_do_not_go_back_on_the_shelf(staff, bought, cups):
    data = filled(bought, reason="faulty or not as described", confirm="1", expected="24000")
    del data["restock"]

    staff.post(address(bought), data)

    assert desk.stock_of(cups) == (8, 0)
    assert not Refund.objects.get().lines.get().restocked


@pytest.mark.parametrize(
    "changes",
    [
        {"units": 3},
        {"units": 0},
        {"units": 1, "fee": 1},
        {"units": 0, "goodwill": 51_001},
        {"units": 1, "shipping": 3_001},
        {"units": 1, "note": ""},
        {"units": 1, "reason": "because"},
        {"units": -1},
    ],
)
def test_what_the_rules_do_not_allow_is_refused(staff, bought, changes):
    before = everything(bought)

    answers = [
        staff.post(address(bought), filled(bought, **changes, **more)) for more in ({}, {"confirm": 1})
    ]

    for answer in answers:
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert "proposal" not in answer.context
    assert everything(bought) == before


def test_changing_keeps_what_was_typed(staff, bought):
    answer = staff.post(address(bought), filled(bought, edit="1"))

    assert "proposal" not in answer.context
    assert answer.context["form"]["note"].value() == "전화 요청"
    assert f'value="{CAUSE}"' in answer.content.decode()


def test_a_deposit_may_be_sent_to_the_account_that_the_customer_told_us(staff, bought):
    Payment.objects.update(account={"bank": "SHINHAN", "number": "56211905874893"})
    half = staff.post(address(bought), filled(bought, bank="KAKAO"))
    told_us = {"bank": "KAKAO", "number": "3333-01-2345678", "holder": "김마루"}

    staff.post(address(bought), filled(bought, confirm="1", expected="24000", **told_us))

    assert half.context["form"].errors
    refund = Refund.objects.get()
    assert (refund.state, refund.account["number"]) == (RefundState.REQUESTED, "3333012345678")
    assert "3333" not in str(list(ModelLogEntry.objects.values_list("data", flat=True)))


def test_a_deposit_without_an_account_asks_the_customer(staff, bought):
    Payment.objects.update(account={"bank": "SHINHAN", "number": "56211905874893"})

    answer = staff.post(address(bought), filled(bought, confirm="1", expected="24000"))

    assert Refund.objects.get().state == RefundState.WAITING_FOR_ACCOUNT
    wanted = korean("%(amount)s wait for the customer's account. We ask by e-mail.")
    assert [html.unescape(one) for one in told(answer)] == [wanted % {"amount": "24,000원"}]


def test_the_page_lists_refunds_with_their_parts(staff, bought, provider):
    staff.post(address(bought), filled(bought, units=2, confirm="1", expected="51000"))

    page = staff.get(reverse("orders:inspect", args=[bought.pk]))

    (listed,) = page.context["refunds"]
    assert listed["amount"] == "51,000원"
    assert [part.amount for part in listed["parts"]] == ["48,000원", "3,000원"]
    assert listed["vat"] == "4,636원"
    assert not page.context["may_refund"]


def test_a_refused_refund_can_be_given_up_and_made_anew(staff, bought, provider):
    staff.post(address(bought), filled(bought, confirm="1", expected="24000"))
    Refund.objects.update(state=RefundState.FAILED, failure="card closed")

    answer = staff.post(reverse("orders:act", args=[bought.pk, "give-up-refund"]), {"note": "현금으로"})

    assert told(answer)[-1] == korean("The refund of %(amount)s is given up.") % {"amount": "24,000원"}
    assert Refund.objects.get().state == RefundState.ABANDONED
    bought.refresh_from_db()
    assert bought.payment_status == "paid"


@pytest.mark.parametrize("permissions", [("access_admin", "view_order"), ("access_admin",)])
def test_who_may_not_act_refunds_nothing(sign_in, bought, permissions):
    before = everything(bought)
    client = sign_in("looker@maru.example", permissions=permissions)

    for answer in (
        client.get(address(bought)),
        client.post(address(bought), filled(bought, confirm="1", expected="24000")),
    ):
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert everything(bought) == before


def test_an_unpaid_or_unknown_order_has_no_form(staff, cups):
    order = desk.order(item=cups)

    assert staff.get(address(order))["Location"] == reverse("orders:inspect", args=[order.pk])
    assert staff.get(f"/admin/orders/{order.pk + 1}/give-back/").status_code == 404
