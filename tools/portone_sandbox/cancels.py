"""Cancelling a paid payment, in full or in part, with PortOne's arithmetic and order of refusals."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from tools.portone_sandbox import money, times
from tools.portone_sandbox.attempts import IllegalStep, Notice
from tools.portone_sandbox.errors import ApiError
from tools.portone_sandbox.model import SETTLED, Attempt, Cancellation

MODES = ("SUCCEEDED", "REQUESTED", "FAILED", "PG_ERROR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a caller wants cancelled; an amount of None means all that is left."""

    reason: str
    amount: int | None = None
    tax_free: int | None = None
    vat: int | None = None
    current_cancellable: int | None = None
    has_refund_account: bool = False
    trigger: str = "API"
    skip_webhook: bool = False


@dataclass(frozen=True, slots=True)
class _Parts:
    total: int
    tax_free: int
    vat: int


def cancel(attempt: Attempt, wish: Wish, *, mode: str, now: datetime) -> tuple[Cancellation, list[Notice]]:
    """Cancel as `mode` says (a failed one is an answer, not an error); raises ApiError."""
    parts = _check(attempt, wish)
    if mode == "PG_ERROR":
        raise pg_error("취소")
    cancellation = Cancellation(
        id=str(uuid.uuid4()),
        status="REQUESTED",
        total=parts.total,
        tax_free=parts.tax_free,
        vat=parts.vat,
        reason=wish.reason,
        trigger=wish.trigger,
        requested_at=times.stamp(now),
        skip_webhook=wish.skip_webhook,
    )
    attempt.cancellations.append(cancellation)
    attempt.updated_at = times.stamp(now)
    if mode == "REQUESTED":
        return cancellation, [Notice(type="CancelPending", cancellation_id=cancellation.id)]
    if mode == "FAILED":
        cancellation.status = "FAILED"
        return cancellation, []
    return cancellation, _succeed(attempt, cancellation, now)


def settle(attempt: Attempt, cancellation: Cancellation, *, succeeded: bool, now: datetime) -> list[Notice]:
    """Let an asynchronous cancellation end; raises IllegalStep when it is no longer waiting."""
    if cancellation.status != "REQUESTED":
        raise IllegalStep(f"the cancellation is {cancellation.status}")
    if succeeded:
        return _succeed(attempt, cancellation, now, trigger="ASYNC_CANCEL_APPROVED")
    _give_up(attempt, cancellation, now)
    return []


def stop(attempt: Attempt, cancellation_id: str, *, now: datetime) -> None:
    """Withdraw a cancellation that still waits; raises ApiError."""
    found = [one for one in attempt.cancellations if one.id == cancellation_id]
    if not found:
        raise ApiError("PAYMENT_CANCELLATION_NOT_FOUND", "취소 요청이 존재하지 않습니다.")
    if found[0].status != "REQUESTED":
        raise ApiError("PAYMENT_CANCELLATION_NOT_PENDING", "취소 요청이 대기 상태가 아닙니다.")
    _give_up(attempt, found[0], now)


def pg_error(what: str) -> ApiError:
    """The 502 that PortOne answers when the PG refuses `what`."""
    return ApiError(
        "PG_PROVIDER",
        "PG사에서 오류를 전달했습니다.",
        pgCode="SANDBOX_REFUSED",
        pgMessage=f"PG가 {what} 요청을 거절했습니다.",
    )


def _check(attempt: Attempt, wish: Wish) -> _Parts:
    if attempt.status not in SETTLED:
        raise ApiError("PAYMENT_NOT_PAID", "결제가 완료되지 않았습니다.")
    taken, taken_tax_free = attempt.cancelled("SUCCEEDED", "REQUESTED")
    left, left_tax_free = attempt.total - taken, attempt.tax_free - taken_tax_free
    if wish.current_cancellable is not None and wish.current_cancellable != left:
        raise ApiError(
            "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN", f"취소 가능 잔액이 일치하지 않습니다. (현재 {left})"
        )
    if left <= 0:
        raise ApiError("PAYMENT_ALREADY_CANCELLED", "결제가 이미 취소되었습니다.")
    if (attempt.method or {}).get("type") == "PaymentMethodVirtualAccount" and not wish.has_refund_account:
        raise ApiError("INVALID_REQUEST", "refundAccount: 가상계좌 결제를 취소하려면 환불 계좌가 필요합니다.")
    parts = _parts(wish, left, left_tax_free)
    _check_limits(parts, left, left_tax_free, has_vat=wish.vat is not None)
    return parts


def _parts(wish: Wish, left: int, left_tax_free: int) -> _Parts:
    total = left if wish.amount is None else wish.amount
    # a full cancel returns every tax-free won; a partial one is all taxable unless told otherwise
    tax_free = wish.tax_free if wish.tax_free is not None else (left_tax_free if wish.amount is None else 0)
    vat = wish.vat if wish.vat is not None else money.vat_of(max(total - tax_free, 0))
    return _Parts(total, tax_free, vat)


def _check_limits(parts: _Parts, left: int, left_tax_free: int, *, has_vat: bool) -> None:
    if parts.total > left:
        raise ApiError(
            "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT", "취소 금액이 취소 가능한 금액을 초과했습니다."
        )
    if parts.tax_free > parts.total or (has_vat and parts.tax_free + parts.vat > parts.total):
        raise ApiError(
            "SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT", "면세 금액과 부가세의 합이 취소 금액을 초과했습니다."
        )
    if parts.tax_free > left_tax_free:
        raise ApiError(
            "CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT",
            "취소 면세 금액이 취소 가능한 면세 금액을 초과했습니다.",
        )
    if parts.total - parts.tax_free > left - left_tax_free:
        raise ApiError(
            "CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT",
            "취소 과세 금액이 취소 가능한 과세 금액을 초과했습니다.",
        )


def _succeed(
    attempt: Attempt, cancellation: Cancellation, now: datetime, trigger: str | None = None
) -> list[Notice]:
    cancellation.status = "SUCCEEDED"
    cancellation.cancelled_at = attempt.cancelled_at = times.stamp(now)
    full = attempt.cancelled("SUCCEEDED")[0] >= attempt.total
    attempt.status = "CANCELLED" if full else "PARTIAL_CANCELLED"
    attempt.status_changed_at = attempt.updated_at = times.stamp(now)
    if cancellation.skip_webhook:
        return []
    type = "Cancelled" if full else "PartialCancelled"
    return [Notice(type=type, cancellation_id=cancellation.id, trigger=trigger)]


def _give_up(attempt: Attempt, cancellation: Cancellation, now: datetime) -> None:
    cancellation.status = "FAILED"
    attempt.updated_at = times.stamp(now)
