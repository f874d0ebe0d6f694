"""Write payments. Which order follows from them is decided in `checkout`."""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from commerce.codes import code
from commerce.events import outbox, types
from commerce.payments.gateway import GatewayPayment, Notice
from commerce.payments.models import Payment, PaymentNotice
from commerce.payments.states import MONEY_IS_IN, may_follow
from commerce.rows import insert, update

_PROJECTED = (
    "state",
    "transaction_id",
    "provider",
    "method_detail",
    "account",
    "failure",
    "received",
    "provider_changed_at",
    "checked_at",
    "paid_at",
)  # what the provider says of a payment
_ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A field in which the provider's payment is not ours: somebody tampered, or we have a defect."""

    field: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        return f"{self.field}: {self.theirs} instead of {self.ours}"


def open_payment(*, order_id: int, amount: int, method: str, now: datetime) -> Payment:
    """Create the payment of an order over `amount` won, with an id that every provider accepts."""
    payment_id = code(alphabet=_ALPHABET, length=24)
    payment = Payment(order_id=order_id, payment_id=payment_id, amount=amount, method=method, opened_at=now)
    insert(rows=[payment])
    return payment


@transaction.atomic
def note(*, notice: Notice, now: datetime) -> bool:
    """Keep a verified webhook and record that it came; return False when it came before."""
    try:
        with transaction.atomic():
            row = PaymentNotice.objects.create(
                notice_id=_stored(notice.notice_id, 120),
                kind=_stored(notice.kind, 60),
                payment_id=_stored(notice.payment_id, 80),
                body=notice.body,
                received_at=now,
            )
    except IntegrityError:
        return False
    if Payment.objects.filter(payment_id=row.payment_id).exists():
        outbox.record(
            types.PaymentNoticed(payment_id=row.payment_id, notice_id=row.pk, kind=row.kind, occurred_at=now)
        )
    return True


def mismatches(*, payment: Payment, found: GatewayPayment) -> list[Mismatch]:
    """Compare every field that must agree before money counts as ours."""
    expected = {
        "payment id": (payment.payment_id, found.payment_id),
        "store": (settings.PORTONE_STORE_ID, found.store_id),
        "currency": (payment.currency, found.currency),
        "amount": (str(payment.amount), str(found.total)),
        "tax-free amount": ("0", str(found.tax_free)),
        "version": ("V2", found.version),
    }
    if found.live is not None:
        expected["channel"] = (settings.PORTONE_CHANNEL_KEY, found.channel_key)
    if found.live is not None and settings.PORTONE_LIVE_ONLY:
        expected["channel type"] = ("LIVE", "LIVE" if found.live else "TEST")
    return [Mismatch(name, ours, theirs) for name, (ours, theirs) in expected.items() if ours != theirs]


def project(*, payment: Payment, found: GatewayPayment, now: datetime) -> bool:
    """Bring a locked payment up to what the provider says; return whether its state changed.

    An older answer, or one that would undo money, changes nothing. What went back is added up from the
    refunds, in `payments.refunds`.
    """
    payment.checked_at = now
    older = payment.provider_changed_at and found.changed_at < payment.provider_changed_at
    if older or not may_follow(current=payment.state, wanted=found.state):
        update(payment, "checked_at")
        return False
    changed = payment.state != found.state or payment.transaction_id != found.transaction_id
    payment.state, payment.transaction_id = found.state, found.transaction_id
    payment.provider, payment.method_detail = found.provider[:40], found.method_detail[:120]
    payment.account, payment.failure = found.account, found.failure
    if found.state in MONEY_IS_IN:
        payment.received = found.total
    payment.provider_changed_at, payment.paid_at = found.changed_at, found.paid_at or payment.paid_at
    update(payment, *_PROJECTED)
    return changed


def choose_method(*, payment: Payment, method: str, now: datetime) -> bool:
    """Pay the locked order of a payment in another way; return False when it is the same one."""
    before, payment.method = payment.method, method
    if before == method:
        return False
    payment.save(update_fields=["method"])
    outbox.record(
        types.PaymentMethodChanged(
            order_id=payment.order_id,
            payment_id=payment.payment_id,
            method_before=before,
            method_after=method,
            occurred_at=now,
        )
    )
    return True


def refuse(*, payment: Payment, wrong: Sequence[Mismatch], now: datetime) -> None:
    """Record that the provider's payment is not the locked one that we opened."""
    outbox.record(
        types.PaymentRefused(
            order_id=payment.order_id,
            payment_id=payment.payment_id,
            fields=tuple(mismatch.field for mismatch in wrong),
            occurred_at=now,
        )
    )


def take_in(*, payment: Payment, found: GatewayPayment) -> None:
    """Write down on a locked payment how much money came, also when it is not what the order costs."""
    payment.received = found.total
    payment.save(update_fields=["received"])


def tell_of_money(*, payment: Payment, state: str, cancelled: int, now: datetime) -> None:
    """Record that the provider says something else of the money than `state` and `cancelled` won given back."""
    if (payment.state, payment.cancelled_amount) == (state, cancelled):
        return
    outbox.record(
        types.PaymentChanged(
            order_id=payment.order_id,
            payment_id=payment.payment_id,
            state_before=state,
            state_after=payment.state,
            amount=payment.amount,
            cancelled_amount=payment.cancelled_amount,
            occurred_at=now,
        )
    )


def _stored(text: str, length: int) -> str:
    """Return what a column of `length` letters can hold of a foreign text; PostgreSQL stores no NUL."""
    return text.replace("\x00", "")[:length]
