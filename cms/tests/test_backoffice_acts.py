"""What staff does with orders: the exact effect, and nothing at all when it is refused."""

import html
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from cms.tests import desk
from commerce.checkout import settling
from commerce.customers.models import User
from commerce.events.models import OutboxEvent
from commerce.orders.models import Order, TimelineEntry
from commerce.payments.models import Payment, Refund
from commerce.payments.states import PaymentState, RefundState


def address(order: Order, slug: str) -> str:
    return reverse("orders:act", args=[order.pk, slug])


def told(answer) -> list[str]:
    return [str(message).strip() for message in get_messages(answer.wsgi_request)]


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def korean(message: str) -> str:
    """Return a message as the person at the desk reads it."""
    with translation.override("ko"):
        return gettext(message)


AWAY = korean("PortOne cannot be reached at the moment. Nothing was changed: try again in a few minutes.")
GONE = korean("This is no longer possible: the order has moved on.")


def everything(order: Order) -> tuple[object, ...]:
    """Return what an act could have changed."""
    return (
        Order.objects.filter(pk=order.pk).values().get(),
        Payment.objects.filter(order=order).values().get(),
        list(Refund.objects.filter(payment__order=order).values()),
        list(TimelineEntry.objects.filter(order=order).values()),
        OutboxEvent.objects.count(),
        desk.stock_of(order.lines.get().variant),
    )


def kinds(order: Order) -> list[tuple[str, str]]:
    return list(order.timeline.values_list("kind", "actor"))


def me() -> str:
    return f"user:{User.objects.get(email='staff@maru.example').pk}"


# --- ask again --------------------------------------------------------------------------------------------


def test_asking_again_settles_a_paid_order_in_the_person_s_name(staff, cups, provider):
    order = desk.order(item=cups)
    provider.says(order.payment, PaymentState.PAID)

    answer = staff.post(address(order, "ask"))

    order.refresh_from_db()
    assert answer["Location"] == reverse("orders:inspect", args=[order.pk])
    assert told(answer) == [korean("PortOne confirms: it is paid.")]
    assert (order.status, order.payment_status, order.fulfilment_status) == ("paid", "paid", "preparing")
    assert kinds(order) == [("placed", "system"), ("paid", me())]
    assert desk.stock_of(cups) == (8, 0)
    assert ModelLogEntry.objects.filter(action="backoffice.ask").count() == 1


def test_asking_about_an_untouched_payment_changes_nothing(staff, cups, provider):
    order = desk.order(item=cups)
    before = everything(order)

    answer = staff.post(address(order, "ask"))

    assert told(answer) == [korean("PortOne knows of no payment yet.")]
    assert everything(order) == before


def test_when_portone_is_away_nothing_changes_and_the_reason_is_told(staff, cups, provider):
    order = desk.order(item=cups)
    provider.down = True
    before = everything(order)

    for slug, data in (("ask", {}), ("cancel", {"note": "고객 요청"})):
        answer = staff.post(address(order, slug), data)

        assert answer.status_code == 200
        assert AWAY in text(answer)
    assert everything(order) == before
    assert not ModelLogEntry.objects.exists()


def test_a_question_changes_nothing(staff, cups, provider):
    order = desk.order(item=cups)
    provider.says(order.payment, PaymentState.PAID)
    before = everything(order)

    answer = staff.get(address(order, "cancel"))

    assert answer.status_code == 200
    assert order.number in text(answer)
    assert everything(order) == before


def test_the_person_s_language_counts(staff, cups, provider):
    order = desk.order(item=cups)
    UserProfile.get_for_user(User.objects.get(email="staff@maru.example"))
    UserProfile.objects.update(preferred_language="en")

    answer = staff.post(address(order, "ask"))

    assert told(answer) == ["PortOne knows of no payment yet."]


# --- the flag ---------------------------------------------------------------------------------------------


def test_a_flag_is_taken_off_with_a_note(staff, cups):
    order = desk.order(item=cups)
    Order.objects.filter(pk=order.pk).update(flag="paid, but sold out")

    answer = staff.post(address(order, "looked-at"), {"note": "고객에게 전화했습니다"})

    order.refresh_from_db()
    entry = order.timeline.last()
    assert answer.status_code == 302
    assert order.flag == ""
    assert (entry.kind, entry.actor) == ("looked_at", me())
    assert entry.data == {"reason": "paid, but sold out", "note": "고객에게 전화했습니다"}


def test_a_flag_stays_without_a_note(staff, cups):
    order = desk.order(item=cups)
    Order.objects.filter(pk=order.pk).update(flag="paid, but sold out")
    before = everything(order)

    answer = staff.post(address(order, "looked-at"), {"note": "  "})

    assert answer.status_code == 200
    assert "note" in answer.context["form"].errors
    assert everything(order) == before


def test_what_is_not_flagged_cannot_be_looked_at(staff, cups):
    order = desk.order(item=cups)
    before = everything(order)

    answer = staff.post(address(order, "looked-at"), {"note": "?"})

    assert GONE in text(answer)
    assert everything(order) == before


# --- cancel -----------------------------------------------------------------------------------------------


def test_an_unpaid_order_is_cancelled_and_its_stock_is_free(staff, cups, provider):
    order = desk.order(item=cups)
    assert desk.stock_of(cups) == (10, 2)

    answer = staff.post(address(order, "cancel"), {"note": "고객 요청"})

    order.refresh_from_db()
    assert told(answer) == [korean("The order is cancelled and its stock is free again.")]
    assert (order.status, order.payment_status) == ("cancelled", "void")
    assert desk.stock_of(cups) == (10, 0)
    assert kinds(order) == [("placed", "system"), ("cancelled", me()), ("noted", me())]
    assert order.timeline.last().data == {"note": "고객 요청"}
    fact = OutboxEvent.objects.get(type="order.cancelled")
    assert (fact.payload["reason"], fact.actor) == ("cancelled by the shop", me())


def test_an_order_that_turns_out_to_be_paid_is_settled_not_cancelled(staff, cups, provider):
    order = desk.order(item=cups)
    provider.says(order.payment, PaymentState.PAID)

    answer = staff.post(address(order, "cancel"), {"note": "고객 요청"})

    order.refresh_from_db()
    assert korean("PortOne confirms: it is paid.") in text(answer)
    assert 'value="고객 요청"' in text(answer)
    assert (order.status, order.payment_status) == ("paid", "paid")
    assert desk.stock_of(cups) == (8, 0)


def test_an_order_that_portone_is_busy_with_is_not_cancelled(staff, cups, provider):
    order = desk.order(item=cups)
    provider.says(order.payment, PaymentState.PENDING)

    answer = staff.post(address(order, "cancel"), {"note": "고객 요청"})

    order.refresh_from_db()
    assert korean("PortOne is still busy with this payment.") in text(answer)
    assert order.status == "placed"
    assert desk.stock_of(cups) == (10, 2)


def test_a_paid_order_offers_no_cancelling_and_refuses_it(staff, cups, provider):
    order = desk.order(item=cups)
    provider.says(order.payment, PaymentState.PAID)
    settling.settle_payment(payment_id=order.payment.payment_id, gateway=provider, now=desk.NOW)
    before = everything(order)

    shown = staff.get(reverse("orders:inspect", args=[order.pk]))
    answer = staff.post(address(order, "cancel"), {"note": "고객 요청"})

    assert [act.slug for act in shown.context["acts"]] == ["ask"]
    assert GONE in text(answer)
    assert everything(order) == before


# --- refund -----------------------------------------------------------------------------------------------


@pytest.fixture
def owed(cups, provider) -> Order:
    """An order that was cancelled before its money came: the refund is asked for and failed once."""
    order = desk.order(item=cups)
    provider.says(order.payment, PaymentState.PAID)
    Order.objects.filter(pk=order.pk).update(status="cancelled", payment_status="refunding")
    settling.settle_payment(payment_id=order.payment.payment_id, gateway=provider, now=desk.NOW)
    Refund.objects.filter(payment__order=order).update(state=RefundState.FAILED, failure="timeout")
    return order


def test_a_failed_refund_is_made_again(staff, owed, provider):
    answer = staff.post(address(owed, "refund"))

    owed.refresh_from_db()
    refund = Refund.objects.get(payment__order=owed)
    assert told(answer) == [korean("%(amount)s went back.") % {"amount": "51,000원"}]
    assert provider.refunded == [51_000]
    assert (refund.state, refund.failure) == (RefundState.SUCCEEDED, "")
    assert owed.payment_status == "refunded"
    assert kinds(owed)[-1] == ("refunded", me())


def test_a_refund_that_portone_refuses_is_told(staff, owed, provider):
    provider.refund_state = RefundState.FAILED

    answer = staff.post(address(owed, "refund"))

    owed.refresh_from_db()
    assert korean("PortOne refused the refund: %(why)s") % {"why": "card closed"} in text(answer)
    assert provider.refunded == []
    assert Refund.objects.get(payment__order=owed).state == RefundState.FAILED
    assert owed.payment_status == "refunding"


def test_money_goes_back_once(staff, owed, provider):
    staff.post(address(owed, "refund"))
    before = everything(owed)

    answer = staff.post(address(owed, "refund"))

    assert GONE in text(answer)
    assert provider.refunded == [51_000]
    assert everything(owed) == before


def test_a_refund_without_answer_changes_nothing(staff, owed, provider):
    provider.down = True
    before = everything(owed)

    answer = staff.post(address(owed, "refund"))

    assert AWAY in text(answer)
    assert everything(owed) == before


# --- who may ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["ask", "looked-at", "cancel", "refund"])
@pytest.mark.parametrize(
    "who", [{"permissions": ("access_admin", "view_order", "view_personal_data")}, {"group": "Editors"}]
)
def test_who_may_not_act_changes_nothing(sign_in, owed, provider, who, slug):
    Order.objects.filter(pk=owed.pk).update(flag="look")
    before = everything(owed)
    client = sign_in(**who)

    for answer in (client.get(address(owed, slug)), client.post(address(owed, slug), {"note": "x"})):
        assert answer.status_code == 302
        assert answer["Location"] == "/admin/"
    assert everything(owed) == before
    assert provider.refunded == []


def test_who_may_only_look_is_offered_nothing(sign_in, owed):
    client = sign_in(permissions=("access_admin", "view_order"))

    assert client.get(reverse("orders:inspect", args=[owed.pk])).context["acts"] == []


def test_unknown_orders_and_acts(staff, cups):
    order = desk.order(item=cups)

    assert staff.get(address(order, "explode")).status_code == 404
    assert staff.post(f"/admin/orders/{order.pk + 1}/ask/").status_code == 404
    assert staff.get(f"/admin/orders/{order.pk + 1}/").status_code == 404


def test_a_late_deposit_after_cancelling_goes_back(staff, cups, provider):
    order = desk.order(item=cups)
    staff.post(address(order, "cancel"), {"note": "고객 요청"})
    provider.says(order.payment, PaymentState.PAID)

    settling.settle_payment(
        payment_id=order.payment.payment_id, gateway=provider, now=desk.NOW + timedelta(hours=1)
    )

    order.refresh_from_db()
    refund = Refund.objects.get(payment__order=order)
    assert (order.status, order.payment_status) == ("cancelled", "refunding")
    assert (refund.amount, refund.state) == (51_000, RefundState.REQUESTED)
