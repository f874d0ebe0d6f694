"""JSON as PortOne writes it: absent keys are left out, never null, and amounts are integers."""

import uuid

from tools.portone_sandbox.config import Config
from tools.portone_sandbox.model import SETTLED, Attempt, Cancellation, Delivery, Json, Receipt, Try

PG_PROVIDER = "TOSSPAYMENTS"
MAX_EXECUTIONS = 6


def payment(attempt: Attempt, *, config: Config, receipt: Receipt | None, deliveries: list[Delivery]) -> Json:
    """The object that `GET /payments/{id}` answers, speaking for `attempt`."""
    body: Json = {"status": attempt.status, "id": attempt.payment_id, "transactionId": attempt.tx_id}
    body |= _common(attempt, config=config, receipt=receipt, deliveries=deliveries)
    body["origin"] = {
        "platformType": attempt.platform,
        "ipAddress": attempt.ip,
        **_present(userAgent=attempt.user_agent or None),
    }
    if attempt.status == "PAID":
        body["disputes"] = []
        if attempt.cancellations:
            body["cancellations"] = [cancellation(one) for one in attempt.cancellations]
    return body


def transaction(
    attempt: Attempt, *, config: Config, receipt: Receipt | None, deliveries: list[Delivery]
) -> Json:
    """One item of `GET /payments/{id}/transactions`."""
    body: Json = {"status": attempt.status, "id": attempt.tx_id, "paymentId": attempt.payment_id}
    return body | _common(attempt, config=config, receipt=receipt, deliveries=deliveries)


def cancellation(one: Cancellation) -> Json:
    """A cancellation; its `status` tells SUCCEEDED, REQUESTED and FAILED apart."""
    return {
        "status": one.status,
        "id": one.id,
        "totalAmount": one.total,
        "taxFreeAmount": one.tax_free,
        "vatAmount": one.vat,
        "reason": one.reason,
        "requestedAt": one.requested_at,
        "trigger": one.trigger,
        **_present(cancelledAt=one.cancelled_at),
    }


def cash_receipt(receipt: Receipt, *, config: Config) -> Json:
    """The object that `GET /payments/{id}/cash-receipt` answers."""
    return {
        "merchantId": merchant_id(config),
        "storeId": config.store_id,
        "paymentId": receipt.payment_id,
        "channel": channel(config),
        "amount": receipt.total,
        "vatAmount": receipt.vat,
        "orderName": receipt.order_name,
        "isManual": receipt.is_manual,
        "statusUpdatedAt": receipt.cancelled_at or receipt.issued_at,
        **{k: v for k, v in _receipt_in_payment(receipt).items() if k != "totalAmount"},
    }


def webhook(delivery: Delivery) -> Json:
    """One entry of a payment's `webhooks`."""
    last = delivery.tries[-1] if delivery.tries else None
    return {
        "id": delivery.id,
        "url": delivery.url,
        "paymentStatus": delivery.payment_status,
        "isAsync": True,
        "currentExecutionCount": len(delivery.tries),
        "maxExecutionCount": MAX_EXECUTIONS,
        "triggeredAt": delivery.triggered_at,
        "request": {"body": delivery.body, **(_request(last) if last else {})},
        **_present(
            status=None if delivery.status == "PENDING" else delivery.status,
            trigger=delivery.trigger,
            response=_response(last) if last and last.code else None,
        ),
    }


def channel(config: Config) -> Json:
    """The one test channel; its key is the shop's PORTONE_API_KEY."""
    return {
        "type": "TEST",
        "id": f"channel-id-{uuid.uuid5(uuid.NAMESPACE_URL, config.channel_key)}",
        "key": config.channel_key,
        "name": "시험 결제",
        "pgProvider": PG_PROVIDER,
        "pgMerchantId": "sandbox",
    }


def merchant_id(config: Config) -> str:
    """A merchant id that is stable for the store."""
    return f"merchant-{uuid.uuid5(uuid.NAMESPACE_URL, config.store_id)}"


def _common(attempt: Attempt, *, config: Config, receipt: Receipt | None, deliveries: list[Delivery]) -> Json:
    webhooks = [webhook(one) for one in deliveries if one.tx_id == attempt.tx_id]
    body = {
        "merchantId": merchant_id(config),
        "storeId": config.store_id,
        "channel": channel(config),
        "version": "V2",
        "requestedAt": attempt.requested_at,
        "updatedAt": attempt.updated_at,
        "statusChangedAt": attempt.status_changed_at,
        "orderName": attempt.order_name,
        "amount": _amount(attempt),
        "currency": attempt.currency,
        "customer": attempt.customer,
        "country": "KR",
        **_present(
            method=attempt.method,
            customData=attempt.custom_data,
            products=attempt.products or None,
            webhooks=webhooks or None,
            failedAt=attempt.failed_at,
            failure=attempt.failure,
        ),
    }
    if attempt.status != "FAILED":
        body |= _present(pgTxId=attempt.pg_tx_id, paidAt=attempt.paid_at)
    if attempt.status in SETTLED:
        body["receiptUrl"] = f"{config.base_url}/receipts/{attempt.tx_id}"
        body |= _present(cashReceipt=_receipt_in_payment(receipt) if receipt else None)
    if attempt.status in SETTLED[1:]:
        body["cancellations"] = [cancellation(one) for one in attempt.cancellations]
        body["cancelledAt"] = attempt.cancelled_at
    return body


def _amount(attempt: Attempt) -> Json:
    cancelled, cancelled_tax_free = attempt.cancelled("SUCCEEDED")
    return {
        "total": attempt.total,
        "taxFree": attempt.tax_free,
        "vat": attempt.vat,
        "supply": attempt.total - attempt.tax_free - attempt.vat,
        "discount": 0,
        "paid": attempt.total if attempt.status in SETTLED else 0,
        "cancelled": cancelled,
        "cancelledTaxFree": cancelled_tax_free,
    }


def _receipt_in_payment(receipt: Receipt) -> Json:
    return {
        "status": receipt.status,
        "type": receipt.type,
        "issueNumber": receipt.issue_number,
        "pgReceiptId": receipt.pg_receipt_id,
        "url": receipt.url,
        "totalAmount": receipt.total,
        "taxFreeAmount": receipt.tax_free,
        "currency": receipt.currency,
        "issuedAt": receipt.issued_at,
        **_present(cancelledAt=receipt.cancelled_at),
    }


def _request(one: Try) -> Json:
    return {"header": one.header, "requestedAt": one.requested_at}


def _response(one: Try) -> Json:
    return {
        "code": one.code,
        "header": one.response_header,
        "body": one.response_body,
        "respondedAt": one.responded_at,
    }


def _present(**pairs: object) -> Json:
    return {key: value for key, value in pairs.items() if value is not None}
