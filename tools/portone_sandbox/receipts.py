"""Cash receipts (현금영수증): issued by hand over the API or by the PG itself at a cash payment."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from tools.portone_sandbox import money, times
from tools.portone_sandbox.errors import ApiError
from tools.portone_sandbox.model import Attempt, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a receipt is for; amounts in won, a VAT of None is worked out."""

    payment_id: str
    type: str
    order_name: str
    currency: str
    total: int
    tax_free: int = 0
    vat: int | None = None
    is_manual: bool = True


def issue(order: Order, *, existing: Receipt | None, base_url: str, now: datetime) -> Receipt:
    """Issue a receipt; raises ApiError when the payment already has one that stands."""
    if existing and existing.status == "ISSUED":
        raise ApiError("CASH_RECEIPT_ALREADY_ISSUED", "현금영수증이 이미 발급되었습니다.")
    number = f"{secrets.randbelow(10**9):09d}"
    return Receipt(
        payment_id=order.payment_id,
        status="ISSUED",
        type=order.type,
        order_name=order.order_name,
        total=order.total,
        tax_free=order.tax_free,
        vat=money.vat_of(order.total - order.tax_free) if order.vat is None else order.vat,
        currency=order.currency,
        is_manual=order.is_manual,
        issue_number=number,
        pg_receipt_id=f"sandbox-{number}",
        url=f"{base_url}/receipts/{order.payment_id}",
        issued_at=times.stamp(now),
    )


def cancel(receipt: Receipt | None, *, now: datetime) -> Receipt:
    """Cancel the receipt; raises ApiError when there is none, or it no longer stands."""
    found = get(receipt)
    if found.status != "ISSUED":
        raise ApiError("CASH_RECEIPT_NOT_ISSUED", "현금영수증이 발급되지 않았습니다.")
    found.status = "CANCELLED"
    found.cancelled_at = times.stamp(now)
    return found


def get(receipt: Receipt | None) -> Receipt:
    """Return the receipt; raises ApiError when the payment has none."""
    if receipt is None:
        raise ApiError("CASH_RECEIPT_NOT_FOUND", "현금영수증이 존재하지 않습니다.")
    return receipt


def wanted_by(attempt: Attempt) -> Order | None:
    """The receipt that the shopper asked for in the payment window, once the money is in."""
    asked = attempt.cash_receipt.get("type")
    if attempt.status != "PAID" or asked not in ("PERSONAL", "CORPORATE"):
        return None
    return Order(
        payment_id=attempt.payment_id,
        type=asked,
        order_name=attempt.order_name,
        currency=attempt.currency,
        total=attempt.total,
        tax_free=attempt.tax_free,
        vat=attempt.vat,
        is_manual=False,
    )
