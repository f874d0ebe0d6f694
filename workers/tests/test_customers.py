"""What the workers do for customers: copies, points, and forgetting those who left."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail as outbox_of_tests

from commerce.cart.models import Cart
from commerce.customers.models import User
from commerce.events import types
from commerce.orders.models import Order
from commerce.orders.states import FulfilmentStatus, Status
from commerce.points.models import PointsAccount
from commerce.privacy import exporting, withdrawal
from commerce.privacy.models import PersonalExport, RetentionReport
from commerce.tests.factories import NOW, cart, order, place, product
from commerce.tests.purses import entries, give
from workers import mail
from workers.handlers import maintenance, points, privacy
from workers.jobs import Context, Fact, Permanent, Withdrawn
from workers.letters import order_paid
from workers.models import OutboundEmail
from workers.schedule import JOBS

pytestmark = pytest.mark.django_db
CONTEXT = Context(handler="h", attempt=1, idempotency_key=uuid.uuid4(), now=NOW)


def fact(event: types.Tick | object) -> Fact:
    return Fact(
        pk=1,
        event_id=uuid.uuid4(),
        type=event.name,
        version=event.version,
        payload=event.payload(),
        occurred_at=NOW,
        correlation_id=uuid.uuid4(),
        trace={},
    )


@pytest.fixture
def user() -> User:
    return User.objects.create_user("hana@example.com", "a-long-password")


def kept(user: User) -> Order:
    placed = order()
    Order.objects.filter(pk=placed.pk).update(
        customer=user, status=Status.FULFILLED, fulfilment_status=FulfilmentStatus.DELIVERED, confirmed_at=NOW
    )
    return placed


def test_a_copy_that_was_asked_for_is_made(user) -> None:
    row = exporting.ask(customer_id=user.pk, language="ko", now=NOW)

    privacy.make_copy(
        fact(types.ExportRequested(export_id=row.pk, customer_id=user.pk, occurred_at=NOW)), CONTEXT
    )

    assert PersonalExport.objects.get().state == PersonalExport.State.READY


def test_a_copy_of_somebody_who_left_meanwhile_is_not_made(user) -> None:
    row = exporting.ask(customer_id=user.pk, language="ko", now=NOW)
    told = fact(types.ExportRequested(export_id=row.pk, customer_id=user.pk, occurred_at=NOW))
    withdrawal.withdraw(customer_id=user.pk, now=NOW)

    privacy.make_copy(told, CONTEXT)

    assert not PersonalExport.objects.exists()


def test_the_memory_of_mails_forgets_who_left_and_nobody_else(user) -> None:
    placed = order()
    mail.send_once(letter=order_paid(order=placed), key=uuid.uuid4(), now=NOW)
    told = fact(types.CustomerWithdrew(customer_id=user.pk, occurred_at=NOW))

    privacy.forget_mails(told, CONTEXT)
    assert OutboundEmail.objects.get().to == "hana@example.com"
    Order.objects.update(customer=user)
    privacy.forget_mails(told, CONTEXT)

    assert OutboundEmail.objects.get().to == ""


def test_nobody_writes_to_somebody_who_left(user) -> None:
    placed = kept(user)
    withdrawal.withdraw(customer_id=user.pk, now=NOW)
    placed.refresh_from_db()

    assert not mail.send_once(letter=order_paid(order=placed), key=uuid.uuid4(), now=NOW)
    assert (OutboundEmail.objects.count(), len(outbox_of_tests.outbox)) == (0, 0)


def test_points_follow_a_purchase_that_is_kept(user, settings) -> None:
    settings.POINTS_PERCENT = 2
    placed = kept(user)
    told = types.OrderConfirmed(order_id=placed.pk, number=placed.number, how="shopper", occurred_at=NOW)

    points.earn(fact(told), CONTEXT)
    points.earn(fact(told), CONTEXT)  # delivered twice

    assert PointsAccount.objects.get(customer=user).balance == 960
    with pytest.raises(Permanent):
        points.earn(
            fact(types.OrderConfirmed(order_id=0, number="x", how="shopper", occurred_at=NOW)), CONTEXT
        )


def test_a_guests_purchase_that_is_claimed_later_earns_then(user, settings) -> None:
    settings.POINTS_PERCENT = 1
    placed = kept(user)
    told = types.OrderClaimed(
        order_id=placed.pk, number=placed.number, customer_id=user.pk, how="address", occurred_at=NOW
    )

    points.earn(fact(told), CONTEXT)

    assert PointsAccount.objects.get(customer=user).balance == 480


def test_points_expire_by_the_clock(user, settings) -> None:
    settings.POINTS_PERCENT = 1
    placed = kept(user)
    told = types.OrderConfirmed(order_id=placed.pk, number=placed.number, how="shopper", occurred_at=NOW)
    points.earn(fact(told), CONTEXT)
    later = Context(handler="h", attempt=1, idempotency_key=uuid.uuid4(), now=NOW + timedelta(days=366))

    points.expire(fact(types.PointsExpiryDue(slot="s", occurred_at=NOW)), later)

    assert PointsAccount.objects.get(customer=user).balance == 0
    assert JOBS["schedule.points_expiry"].spec == "daily 00:20"


def test_the_nightly_job_leaves_a_report(user) -> None:
    old = NOW - timedelta(days=61)
    Cart.objects.create(created_at=old, changed_at=old)
    Cart.objects.create(created_at=old, changed_at=old, customer=user)
    Cart.objects.create(created_at=old, changed_at=NOW)

    maintenance.forget(fact(types.RetentionDue(slot="s", occurred_at=NOW)), CONTEXT)

    counts = RetentionReport.objects.get().counts
    assert counts["carts"] == 1
    assert Cart.objects.count() == 2
    assert {"retained_records", "order_contacts", "data_copies", "access_rows"} <= set(counts)


def made(user: User, *, language: str = "en") -> types.ExportReady:
    """Let a copy be made, and return what is told of it."""
    row = exporting.ask(customer_id=user.pk, language=language, now=NOW)
    exporting.make(export_id=row.pk, now=NOW)
    return types.ExportReady(export_id=row.pk, customer_id=user.pk, occurred_at=NOW)


def test_who_asked_for_a_copy_is_told_when_it_is_ready_and_the_mail_has_nothing_of_it(user) -> None:
    told = made(user)

    privacy.tell_of_copy(fact(told), CONTEXT)
    privacy.tell_of_copy(fact(told), CONTEXT)

    (sent,) = outbox_of_tests.outbox
    assert (sent.to, sent.subject) == (["hana@example.com"], sent.subject)
    assert "The copy of your data is ready" in sent.subject
    assert "/en/account/privacy/" in sent.body
    assert "December 1, 2026" in sent.body or "Dec. 1, 2026" in sent.body
    assert str(PersonalExport.objects.get().key) not in sent.body
    assert not sent.attachments


@pytest.mark.parametrize("late", ["expired", "left"])
def test_of_a_copy_that_cannot_be_fetched_any_more_nobody_is_told(user, late: str) -> None:
    told = made(user)
    if late == "left":
        withdrawal.withdraw(customer_id=user.pk, now=NOW)
    now = NOW + (timedelta(days=8) if late == "expired" else timedelta())

    with pytest.raises(Withdrawn):
        privacy.tell_of_copy(fact(told), replace(CONTEXT, now=now))

    assert not outbox_of_tests.outbox


def test_points_of_a_cancelled_order_come_back_however_often_it_is_told(user) -> None:
    give(user, 5_000)
    product()
    placed = place(cart(("CUP", 2)), total=46_000, customer_id=user.pk, points=5_000)
    Order.objects.filter(pk=placed.pk).update(status=Status.CANCELLED)
    told = types.OrderCancelled(
        order_id=placed.pk, number=placed.number, reason="x", by="staff", occurred_at=NOW
    )

    points.give_back(fact(told), CONTEXT)
    points.give_back(fact(told), CONTEXT)

    assert entries(user) == [("earned", 5_000), ("used", -5_000), ("returned", 5_000)]
    with pytest.raises(Permanent):
        points.give_back(fact(replace(told, order_id=4711)), CONTEXT)
