import smtplib
from datetime import date
from email import message_from_bytes, policy

import pytest
from django.core import mail as outbox_of_mails
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from commerce.events import outbox, types
from commerce.events.models import OutboxEvent
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus
from commerce.payments import refunds
from commerce.payments.gateway import BankAccount
from commerce.payments.models import Payment
from workers import actors, fanout, letters, mail
from workers.jobs import QUEUES
from workers.models import Delivery, OutboundEmail
from workers.tests.factories import NOW, an_order, pay, refund, state_of

pytestmark = pytest.mark.usefixtures("committed")
IO = QUEUES["io"]


@pytest.fixture(autouse=True)
def mailbox():
    outbox_of_mails.outbox = []
    return outbox_of_mails.outbox


def deliver(fact: str) -> Delivery:
    """Fan everything out and run the mails of a fact."""
    fanout.fan_out()
    row = Delivery.objects.get(event__type=fact, handler__startswith="mail.")
    actors.run(ids=[row.pk], queue=IO)
    row.refresh_from_db()
    return row


def parts(message) -> "tuple[str, str]":
    parsed = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    return (
        parsed.get_body(preferencelist=("plain",)).get_content(),
        parsed.get_body(preferencelist=("html",)).get_content(),
    )


def test_a_paid_order_is_confirmed_with_everything_that_was_agreed(mailbox):
    order = an_order(language="en")
    pay(order)

    row = deliver("order.paid")

    assert row.state == 3
    (message,) = mailbox
    text, html = parts(message)
    assert message.to == ["hana@example.com"]
    assert message.subject == f"[Maru] Your order is confirmed · {order.number}"
    for part in (text, html):
        for expected in (
            order.number,
            "Moon jar cup",
            "White",
            "₩24,000 × 2",
            "₩48,000",
            "₩86,000",
            "₩3,000",
            "₩89,000",
            "₩8,091",
            "김하나",
            "서울 종로구 효자로 12, 3층 (03044)",
            f"http://testserver/en/orders/{order.token}/",
            "7 days",
        ):
            assert expected in part, expected
    assert "Plate <large>" in text
    assert "Plate &lt;large&gt;" in html
    assert '<html lang="en">' in html


def test_a_korean_order_is_confirmed_in_korean(mailbox):
    order = an_order()
    pay(order)

    deliver("order.paid")

    text, html = parts(mailbox[0])
    assert mailbox[0].subject.startswith("[마루] ")
    assert mailbox[0].subject.endswith(f" · {order.number}")
    assert '<html lang="ko">' in html
    assert "89,000원" in html
    assert f"http://testserver/orders/{order.token}/" in text


@pytest.mark.parametrize(
    ("language", "ships_on", "words"),
    [
        ("ko", date(2026, 12, 10), "예약 판매 · 12월 10일 발송 예정"),
        ("en", date(2026, 12, 10), "Preorder · ships on December 10"),
        ("en", None, "Backorder · ships when it arrives"),
    ],
)
def test_a_mail_says_when_units_that_are_not_here_are_sent(language, ships_on, words):
    order = an_order(language=language)
    order.lines.filter(quantity=2).update(late=2, ships_on=ships_on)

    text, html = parts(mail.compose(letter=letters.order_paid(order=order), message_id="<1@testserver>"))

    assert text.count(words) == html.count(words) == 1


def test_no_mail_is_cut_off_and_none_loads_anything(mailbox):
    for language in ("ko", "en"):
        order = an_order(language=language)
        pay(order)
        back = refund(order, goods=24000)
        for letter in (
            letters.order_paid(order=order),
            letters.deposit_awaited(order=order),
            letters.order_cancelled(order=order, reason="sold out"),
            letters.refund_completed(order=order, refund=back),
            letters.refund_account_needed(order=order, refund=back),
        ):
            text, html = parts(mail.compose(letter=letter, message_id="<1@testserver>"))
            assert len(html.encode()) < 60_000
            assert "<img" not in html
            assert "<script" not in html
            assert "{{" not in text + html
            assert "{%" not in text + html
            assert "class" in html
            assert 'style="' in html  # inlined: many mail readers drop style sheets
            assert "\n\n\n" not in text


def test_a_redelivered_fact_sends_no_second_mail(mailbox):
    order = an_order()
    pay(order)
    row = deliver("order.paid")
    Delivery.objects.update(state=0, done_at=None)  # as a replay does

    actors.run(ids=[row.pk], queue=IO)

    assert Delivery.objects.get(pk=row.pk).state == 3
    assert len(mailbox) == 1
    assert OutboundEmail.objects.count() == 1


def test_without_the_mails_row_the_same_redelivery_sends_two(mailbox):
    """The twin of the test above."""
    order = an_order()
    pay(order)
    row = deliver("order.paid")
    Delivery.objects.update(state=0, done_at=None)
    OutboundEmail.objects.all().delete()

    actors.run(ids=[row.pk], queue=IO)

    assert len(mailbox) == 2
    assert mailbox[0].extra_headers["Message-ID"] == mailbox[1].extra_headers["Message-ID"]


def test_a_busy_mail_server_is_tried_again_and_the_mail_goes_once(mailbox, monkeypatch):
    order = an_order()
    pay(order)
    working = EmailBackend.send_messages

    def busy(self, messages):
        raise smtplib.SMTPServerDisconnected("later")

    monkeypatch.setattr(EmailBackend, "send_messages", busy)
    row = deliver("order.paid")
    assert (row.state, OutboundEmail.objects.get().state) == (2, "failed")
    assert mailbox == []

    monkeypatch.setattr(EmailBackend, "send_messages", working)
    actors.run(ids=[row.pk], queue=IO)

    sent = OutboundEmail.objects.get()
    assert (sent.state, sent.error, sent.kind) == ("sent", "", "order_paid")
    assert len(mailbox) == 1


def test_while_smtp_talks_the_row_says_sending_and_no_transaction_is_open(mailbox, monkeypatch):
    order = an_order()
    pay(order)
    seen = []
    working = EmailBackend.send_messages

    def watched(self, messages):
        seen.append((OutboundEmail.objects.get().state, transaction.get_connection().in_atomic_block))
        return working(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", watched)
    deliver("order.paid")

    assert seen == [("sending", False)]


def test_an_address_that_is_refused_for_good_is_not_tried_again(mailbox, monkeypatch):
    order = an_order()
    pay(order)

    def refuse(self, messages):
        raise smtplib.SMTPRecipientsRefused({"hana@example.com": (550, b"unknown")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    row = deliver("order.paid")

    assert (row.state, row.attempts) == (4, 1)
    assert OutboundEmail.objects.get().state == "failed"


def test_an_address_that_is_refused_for_now_is_tried_again(mailbox, monkeypatch):
    order = an_order()
    pay(order)

    def greylist(self, messages):
        raise smtplib.SMTPRecipientsRefused({"hana@example.com": (451, b"greylisted")})

    monkeypatch.setattr(EmailBackend, "send_messages", greylist)

    assert deliver("order.paid").state == 2


def awaiting(order: Order) -> None:
    Payment.objects.filter(order=order).update(
        account={
            "bank": "SHINHAN",
            "number": "56200123456789",
            "holder": "마루",
            "until": "2026-11-25T18:30:00+09:00",
        }
    )
    Order.objects.filter(pk=order.pk).update(payment_status=PaymentStatus.AWAITING_DEPOSIT)
    with transaction.atomic():
        outbox.record(types.DepositAwaited(order_id=order.pk, number=order.number, occurred_at=NOW))


def test_a_virtual_account_is_sent_with_bank_amount_and_deadline(mailbox):
    order = an_order(method="VIRTUAL_ACCOUNT")
    awaiting(order)

    deliver("order.deposit_awaited")

    text, html = parts(mailbox[0])
    for part in (text, html):
        for expected in ("신한은행", "56200123456789", "89,000원", "2026년 11월 25일 18:30"):
            assert expected in part, expected


def test_no_instructions_are_sent_when_the_money_came_first(mailbox):
    order = an_order(method="VIRTUAL_ACCOUNT")
    awaiting(order)
    pay(order)

    row = deliver("order.deposit_awaited")

    assert row.state == 3
    assert mailbox == []


@pytest.mark.parametrize(
    ("reason", "payment", "expected"),
    [
        ("not paid in time", PaymentStatus.VOID, ("was not paid in time", "Nothing was charged")),
        ("sold out", PaymentStatus.REFUNDING, ("was sold out", "goes back the way it came")),
        ("customer is a nuisance", PaymentStatus.REFUNDED, ("was cancelled", "goes back the way it came")),
    ],
)
def test_a_cancellation_says_why_and_what_becomes_of_the_money(mailbox, reason, payment, expected):
    order = an_order(language="en")
    state_of(order, status="cancelled", payment=payment)
    with transaction.atomic():
        outbox.record(
            types.OrderCancelled(
                order_id=order.pk, number=order.number, reason=reason, by="shop", occurred_at=NOW
            )
        )

    deliver("order.cancelled")

    text, html = parts(mailbox[0])
    for words in expected:
        assert words in text
        assert words in html
    assert "nuisance" not in text + html


def test_a_refund_is_told_with_its_amount_and_its_parts(mailbox):
    order = an_order(language="en")
    pay(order)
    back = refund(order, goods=24000, shipping=3000, fee=2500)
    with transaction.atomic():
        outbox.record(
            types.RefundCompleted(order_id=order.pk, refund_id=back.pk, amount=24500, occurred_at=NOW)
        )

    deliver("refund.completed")

    assert mailbox[0].subject == f"[Maru] Your refund is on its way · {order.number}"
    for part in parts(mailbox[0]):
        for expected in (
            f"We returned ₩24,500 for order {order.number}.",
            "Moon jar cup × 1",
            "₩24,000",
            "₩3,000",
            "Delivery costs deducted",
            "-₩2,500",
        ):
            assert expected in part, expected


def test_who_paid_by_deposit_is_asked_for_an_account_and_no_mail_knows_it(mailbox):
    order = an_order(language="en", method="VIRTUAL_ACCOUNT")
    pay(order)
    refund(order, goods=24000, account="56211905874893")

    deliver("refund.account_needed")

    assert mailbox[0].subject == f"[Maru] Where may we send your refund? · {order.number}"
    for part in parts(mailbox[0]):
        assert f"http://testserver/en/orders/{order.token}/refund-account/" in part
        assert "₩24,000" in part
        assert "56211905874893" not in part


def test_nobody_is_asked_for_an_account_that_we_know_meanwhile(mailbox):
    order = an_order(method="VIRTUAL_ACCOUNT")
    pay(order)
    back = refund(order, goods=24000, account="56211905874893")
    with transaction.atomic():
        account = BankAccount(bank="SHINHAN", number="110123456789", holder="김하나")
        refunds.give_account(refund=back, account=account, now=NOW)

    row = deliver("refund.account_needed")

    assert row.state == 3
    assert mailbox == []
    assert "110123456789" not in str(list(OutboxEvent.objects.values_list("payload", flat=True)))


def test_a_fact_of_an_order_that_is_gone_is_dead_at_once(mailbox):
    with transaction.atomic():
        outbox.record(types.RefundCompleted(order_id=10**9, refund_id=1, amount=1, occurred_at=NOW))

    row = deliver("refund.completed")

    assert (row.state, row.attempts) == (4, 1)
    assert OutboxEvent.objects.count() == 1
