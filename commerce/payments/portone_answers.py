"""What PortOne answers, in our words: a payment, its cancellations, a cash receipt."""

from datetime import datetime
from typing import Any

from portone_server_sdk import payment as sdk
from portone_server_sdk.payment import cash_receipt as sdk_receipts

from commerce.payments.gateway import GatewayPayment, GatewayReceipt, GatewayRefund, GatewayTrouble
from commerce.payments.states import PaymentState, ReceiptState, RefundState

STATES: dict[type, PaymentState] = {
    sdk.ReadyPayment: PaymentState.OPEN,
    sdk.PayPendingPayment: PaymentState.PENDING,
    sdk.VirtualAccountIssuedPayment: PaymentState.AWAITING_DEPOSIT,
    sdk.PaidPayment: PaymentState.PAID,
    sdk.FailedPayment: PaymentState.FAILED,
    sdk.PartialCancelledPayment: PaymentState.PARTLY_CANCELLED,
    sdk.CancelledPayment: PaymentState.CANCELLED,
}


def payment(found: Any) -> GatewayPayment:
    """Read a payment whose type is one of `STATES`."""
    channel = getattr(found, "channel", None)
    return GatewayPayment(
        payment_id=found.id,
        store_id=found.store_id,
        state=STATES[type(found)],
        total=found.amount.total,
        tax_free=found.amount.tax_free,
        cancelled=found.amount.cancelled,
        currency=str(found.currency).removeprefix("CURRENCY_"),
        transaction_id=found.transaction_id,
        version=str(found.version),
        changed_at=_time(found.status_changed_at),
        paid_at=_time(found.paid_at) if getattr(found, "paid_at", None) else None,
        live=(str(channel.type) == "LIVE") if channel else None,
        channel_key=(channel.key or "") if channel else "",
        provider=str(channel.pg_provider) if channel else "",
        method_detail=_method(getattr(found, "method", None)),
        account=_account(getattr(found, "method", None)),
        failure=_failure(getattr(found, "failure", None)),
        refunds=tuple(map(refund, getattr(found, "cancellations", None) or ())),
    )


def refund(cancellation: Any) -> GatewayRefund:
    """Read a cancellation."""
    states = {
        sdk.SucceededPaymentCancellation: RefundState.SUCCEEDED,
        sdk.RequestedPaymentCancellation: RefundState.PENDING,
        sdk.FailedPaymentCancellation: RefundState.FAILED,
    }
    # One that this version does not know may still end well: we wait for it, and never ask again.
    state = states.get(type(cancellation), RefundState.PENDING)
    return GatewayRefund(
        state=state,
        cancellation_id=word(cancellation, "id", "id"),
        failure="" if state != RefundState.FAILED else "the provider refused the cancellation",
        amount=int(word(cancellation, "total_amount", "totalAmount") or 0),
        reason=word(cancellation, "reason", "reason"),
    )


def receipt(found: Any) -> GatewayReceipt:
    """Read a cash receipt.

    Raises:
        GatewayTrouble: it is in a state that this version does not know.
    """
    states = {
        sdk_receipts.IssuedCashReceipt: ReceiptState.ISSUED,
        sdk_receipts.CancelledCashReceipt: ReceiptState.CANCELLED,
        sdk_receipts.IssueFailedCashReceipt: ReceiptState.FAILED,
    }
    if type(found) not in states:
        raise GatewayTrouble("a cash receipt is in a state that this version does not know")
    return GatewayReceipt(
        state=states[type(found)],
        amount=getattr(found, "amount", 0),
        issue_number=getattr(found, "issue_number", ""),
        url=getattr(found, "url", None) or "",
    )


def _method(method: Any) -> str:
    match method:
        case sdk.PaymentMethodCard(card=card) if card:
            return str(card.name or card.brand or "")
        case sdk.PaymentMethodEasyPay(provider=provider):
            return str(provider or "")
        case sdk.PaymentMethodVirtualAccount(bank=bank) | sdk.PaymentMethodTransfer(bank=bank):
            return str(bank or "")
    return ""


def _account(method: Any) -> dict[str, str]:
    if not isinstance(method, sdk.PaymentMethodVirtualAccount):
        return {}
    return {
        "bank": str(method.bank or ""),
        "number": method.account_number,
        "holder": method.remittee_name or "",
        "until": method.expired_at or "",
    }


def _failure(failure: Any) -> str:
    if failure is None:
        return ""
    return str(failure.pg_message or failure.reason or failure.pg_code or "")[:300]


def word(data: Any, attribute: str, key: str) -> str:
    """Return a value of an object of the client, or of plain JSON where the client does not know the type."""
    return str(data.get(key, "")) if isinstance(data, dict) else str(getattr(data, attribute, ""))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
