"""The life of one attempt: opened, then paid, issued, failed. Each step returns the webhooks it causes."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from tools.portone_sandbox import methods, times
from tools.portone_sandbox.errors import ApiError
from tools.portone_sandbox.model import SETTLED, Attempt, Payment

PG_FAILURE = "FAILURE_TYPE_PG"
WAITING = ("READY", "PAY_PENDING", "VIRTUAL_ACCOUNT_ISSUED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A fact to tell the shop about: the webhook type without its `Transaction.` prefix."""

    type: str
    cancellation_id: str | None = None
    trigger: str | None = None


class IllegalStep(Exception):
    """The attempt or payment is not in a state that allows this step."""


def new_tx_id() -> str:
    """Make a transaction id; it is also the unguessable address of the pay page."""
    return str(uuid.uuid4())


def approve(
    payment: Payment, attempt: Attempt, *, now: datetime, total: int | None = None, pending: bool = False
) -> list[Notice]:
    """Pay the attempt, for `total` won when the amount is tampered with; raises IllegalStep."""
    _require(payment, attempt, "READY")
    _charge(attempt, total)
    attempt.method = methods.paid_with(attempt)
    attempt.result = success(attempt)
    if pending:
        _move(attempt, "PAY_PENDING", now)
        return [Notice(type="PayPending")]
    return _pay(attempt, now)


def authenticate(
    payment: Payment, attempt: Attempt, *, now: datetime, total: int | None = None
) -> list[Notice]:
    """Let the shopper through without charging: the shop confirms later with the token (수동 승인)."""
    _require(payment, attempt, "READY")
    attempt.payment_token = attempt.payment_token or secrets.token_urlsafe(32)
    attempt.authenticated_total = total
    attempt.updated_at = times.stamp(now)
    attempt.result = {**success(attempt), "paymentToken": attempt.payment_token}
    return []


def confirm(attempt: Attempt, *, now: datetime) -> list[Notice]:
    """Charge an authenticated attempt; the caller has checked token and amounts."""
    _charge(attempt, attempt.authenticated_total)
    attempt.method = methods.paid_with(attempt)
    return _pay(attempt, now)


def fail(payment: Payment, attempt: Attempt, *, now: datetime, pg_code: str, pg_message: str) -> list[Notice]:
    """Fail the attempt the way a PG window does, for its reasons or the shopper's; raises IllegalStep."""
    _require(payment, attempt, "READY", "PAY_PENDING")
    attempt.result = {
        **success(attempt),
        "code": PG_FAILURE,
        "message": pg_message,
        "pgCode": pg_code,
        "pgMessage": pg_message,
    }
    return _fail(attempt, now, {"reason": pg_message, "pgCode": pg_code, "pgMessage": pg_message})


def issue_account(payment: Payment, attempt: Attempt, *, now: datetime) -> list[Notice]:
    """Give the shopper a virtual account to pay into; raises IllegalStep."""
    _require(payment, attempt, "READY")
    attempt.method = methods.virtual_account(attempt, now=now)
    attempt.pg_tx_id = _pg_id()
    attempt.result = success(attempt)
    _move(attempt, "VIRTUAL_ACCOUNT_ISSUED", now)
    return [Notice(type="VirtualAccountIssued")]


def deposit(payment: Payment, attempt: Attempt, *, now: datetime, late: bool = False) -> list[Notice]:
    """Pay into the virtual account; after its expiry only when `late`; raises IllegalStep."""
    _require(payment, attempt, "VIRTUAL_ACCOUNT_ISSUED")
    if times.stamp(now) >= (attempt.method or {})["expiredAt"] and not late:
        raise IllegalStep("the virtual account has expired; deposit late to force it")
    return _pay(attempt, now, trigger="VIRTUAL_ACCOUNT_DEPOSIT")


def expire(payment: Payment, attempt: Attempt, *, now: datetime) -> list[Notice]:
    """Move the deposit deadline to now: the state stays and no webhook tells, the shop must notice."""
    _require(payment, attempt, "VIRTUAL_ACCOUNT_ISSUED")
    attempt.method = {**(attempt.method or {}), "expiredAt": times.stamp(now)}
    attempt.updated_at = times.stamp(now)
    return []


def close_account(attempt: Attempt, *, now: datetime) -> list[Notice]:
    """Close the virtual account: the payment counts as failed. Raises ApiError when none is waiting."""
    if attempt.status != "VIRTUAL_ACCOUNT_ISSUED":
        raise ApiError("PAYMENT_NOT_WAITING_FOR_DEPOSIT", "결제 건이 입금 대기 상태가 아닙니다.")
    return _fail(attempt, now, {"reason": "가상계좌가 말소되었습니다."})


def settle_pending(payment: Payment, attempt: Attempt, *, now: datetime, paid: bool) -> list[Notice]:
    """Let an asynchronous payment end well or badly; raises IllegalStep."""
    _require(payment, attempt, "PAY_PENDING")
    if paid:
        return _pay(attempt, now, trigger="ASYNC_PAY_APPROVED")
    return _fail(attempt, now, {"reason": "비동기 결제가 거절되었습니다."}, trigger="ASYNC_PAY_FAILED")


def success(attempt: Attempt) -> dict[str, str]:
    """The keys that every browser result carries."""
    return {"transactionType": "PAYMENT", "txId": attempt.tx_id, "paymentId": attempt.payment_id}


def _require(payment: Payment, attempt: Attempt, *statuses: str) -> None:
    if attempt.status not in statuses:
        raise IllegalStep(f"the attempt is {attempt.status}")
    rivals = [one for one in payment.attempts if one is not attempt and one.status in SETTLED]
    if rivals:
        raise IllegalStep("another attempt of this payment was paid")


def _charge(attempt: Attempt, total: int | None) -> None:
    if total is not None and total != attempt.total:
        attempt.total = total
        attempt.tax_free = min(attempt.tax_free, total)
        attempt.vat = min(attempt.vat, total - attempt.tax_free)


def _pay(attempt: Attempt, now: datetime, trigger: str | None = None) -> list[Notice]:
    attempt.pg_tx_id = attempt.pg_tx_id or _pg_id()
    attempt.paid_at = times.stamp(now)
    _move(attempt, "PAID", now)
    return [Notice(type="Paid", trigger=trigger)]


def _fail(
    attempt: Attempt, now: datetime, failure: dict[str, str], trigger: str | None = None
) -> list[Notice]:
    attempt.failure = failure
    attempt.failed_at = times.stamp(now)
    _move(attempt, "FAILED", now)
    return [Notice(type="Failed", trigger=trigger)]


def _move(attempt: Attempt, status: str, now: datetime) -> None:
    attempt.status = status
    attempt.status_changed_at = attempt.updated_at = times.stamp(now)


def _pg_id() -> str:
    return "sandbox" + secrets.token_hex(10)
