"""The REST API: one function per endpoint, and the table that says which path is whose."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from tools.portone_sandbox import cancels, fields, listing, receipts, wire
from tools.portone_sandbox.errors import ApiError
from tools.portone_sandbox.model import SETTLED, Json, Predefined
from tools.portone_sandbox.sandbox import Sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One authenticated request: path arguments, query and JSON body."""

    ids: tuple[str, ...]
    query: dict[str, str]
    body: Json


Endpoint = Callable[[Sandbox, Call], Json]


def is_ours(path: str) -> bool:
    """Tell whether a path belongs to the REST API."""
    return (
        re.match(r"/(payments|cash-receipts|billing-keys|payment-schedules|login)(/|-|$)", path) is not None
    )


def answer(
    sandbox: Sandbox, *, method: str, path: str, query: dict[str, str], body: Json, authorization: str
) -> Json:
    """Answer a request; raises ApiError for everything that is not a 200."""
    _authenticate(sandbox, authorization)
    store_id = body.get("storeId", query.get("storeId", sandbox.config.store_id))
    if store_id != sandbox.config.store_id:
        raise ApiError("FORBIDDEN", "요청이 거절되었습니다. 상점 아이디를 확인해 주세요.")
    for verb, pattern, endpoint in ROUTES:
        match = re.fullmatch(pattern, path)
        if match and verb == method:
            ids = tuple(unquote(part) for part in match.groups())
            return endpoint(sandbox, Call(ids=ids, query=query, body=body))
    raise ApiError("INVALID_REQUEST", f"{method} {path}: 샌드박스가 제공하지 않는 API입니다.")


def get_payment(sandbox: Sandbox, call: Call) -> Json:
    """`GET /payments/{id}`."""
    return sandbox.as_json(sandbox.payment(call.ids[0])[1])


def get_payments(sandbox: Sandbox, call: Call) -> Json:
    """`GET /payments?requestBody=`."""
    return listing.page(sandbox, call.query.get("requestBody"))


def get_transactions(sandbox: Sandbox, call: Call) -> Json:
    """`GET /payments/{id}/transactions`: every attempt, newest first."""
    payment, _ = sandbox.payment(call.ids[0])
    return {"items": [sandbox.as_json(one, transaction=True) for one in reversed(payment.attempts)]}


def pre_register(sandbox: Sandbox, call: Call) -> Json:
    """`POST /payments/{id}/pre-register`: the window will open for these amounts only."""
    predefined = Predefined(
        total=fields.optional_whole(call.body, "totalAmount", least=1),
        tax_free=fields.optional_whole(call.body, "taxFreeAmount"),
        currency=fields.optional_text(call.body, "currency"),
    )
    sandbox.pre_register(call.ids[0], predefined)
    return {}


def cancel_payment(sandbox: Sandbox, call: Call) -> Json:
    """`POST /payments/{id}/cancel`."""
    body = call.body
    account = fields.child(body, "refundAccount")
    if account:
        for name in ("bank", "number", "holderName"):
            fields.text(account, name)
    if "requester" in body:
        fields.one_of(body, "requester", ("CUSTOMER", "ADMIN"))
    wish = cancels.Wish(
        reason=fields.text(body, "reason"),
        amount=fields.optional_whole(body, "amount", least=1),
        tax_free=fields.optional_whole(body, "taxFreeAmount"),
        vat=fields.optional_whole(body, "vatAmount"),
        current_cancellable=fields.optional_whole(body, "currentCancellableAmount"),
        has_refund_account=bool(account),
        skip_webhook=fields.flag(body, "skipWebhook"),
    )
    _refuse_for_pg(sandbox, call.ids[0], "취소")
    return {"cancellation": wire.cancellation(sandbox.cancel(call.ids[0], wish))}


def stop_cancellation(sandbox: Sandbox, call: Call) -> Json:
    """`POST /payments/{id}/cancellations/{cid}/stop`."""
    sandbox.stop_cancellation(call.ids[0], call.ids[1])
    return {"stoppedAt": sandbox.moment()}


def close_virtual_account(sandbox: Sandbox, call: Call) -> Json:
    """`POST /payments/{id}/virtual-account/close`."""
    _refuse_for_pg(sandbox, call.ids[0], "가상계좌 말소")
    return {"closedAt": sandbox.close_account(call.ids[0]).status_changed_at}


def confirm_payment(sandbox: Sandbox, call: Call) -> Json:
    """`POST /payments/{id}/confirm`: charges what the shopper authenticated (수동 승인)."""
    token = fields.text(call.body, "paymentToken")
    with sandbox.store.lock:
        payment, current = sandbox.payment(call.ids[0])
        if current.status in SETTLED:
            raise ApiError("ALREADY_PAID", "결제가 이미 완료되었습니다.")
        waiting = [one for one in payment.attempts if one.payment_token == token and one.status == "READY"]
        if not waiting:
            raise ApiError("INVALID_PAYMENT_TOKEN", "결제 토큰이 유효하지 않습니다.")
        attempt = waiting[0]
        expected = {
            "txId": attempt.tx_id,
            "currency": attempt.currency,
            "totalAmount": attempt.authenticated_total or attempt.total,
            "taxFreeAmount": attempt.tax_free,
            "isTest": True,
        }
        wrong = [name for name, value in expected.items() if call.body.get(name, value) != value]
        if wrong:
            raise ApiError("INFORMATION_MISMATCH", f"결제 정보가 일치하지 않습니다: {', '.join(wrong)}")
        _refuse_for_pg(sandbox, call.ids[0], "승인")
        sandbox.confirm(payment, attempt, skip_webhook=fields.flag(call.body, "skipWebhook"))
        return {"pgTxId": attempt.pg_tx_id, "paidAt": attempt.paid_at}


def resend_webhook(sandbox: Sandbox, call: Call) -> Json:
    """`POST /payments/{id}/resend-webhook`: queued, so the answer shows the webhook as it was before."""
    delivery = sandbox.resend(call.ids[0], fields.optional_text(call.body, "webhookId"))
    return {"webhook": wire.webhook(delivery)}


def issue_cash_receipt(sandbox: Sandbox, call: Call) -> Json:
    """`POST /cash-receipts`."""
    body = call.body
    amount = fields.child(body, "amount")
    if fields.text(body, "channelKey") != sandbox.config.channel_key:
        raise ApiError("CHANNEL_NOT_FOUND", "요청된 채널이 존재하지 않습니다.")
    number = fields.text(fields.child(body, "customer"), "identityNumber")
    if not re.fullmatch(r"[0-9-]{10,19}", number):
        raise fields.invalid("customer.identityNumber", "휴대폰, 카드 또는 사업자등록번호여야 합니다.")
    order = receipts.Order(
        payment_id=fields.text(body, "paymentId"),
        type=fields.one_of(body, "type", ("PERSONAL", "CORPORATE")),
        order_name=fields.text(body, "orderName"),
        currency=fields.text(body, "currency"),
        total=fields.whole(amount, "total", least=1),
        tax_free=fields.optional_whole(amount, "taxFree") or 0,
        vat=fields.optional_whole(amount, "vat"),
    )
    _refuse_for_pg(sandbox, None, "현금영수증 발급")
    receipt = sandbox.keep_receipt(order)
    return {
        "cashReceipt": {
            "issueNumber": receipt.issue_number,
            "url": receipt.url,
            "pgReceiptId": receipt.pg_receipt_id,
        }
    }


def get_cash_receipt(sandbox: Sandbox, call: Call) -> Json:
    """`GET /payments/{id}/cash-receipt`."""
    receipt = receipts.get(sandbox.store.receipts.get(call.ids[0]))
    return wire.cash_receipt(receipt, config=sandbox.config)


def cancel_cash_receipt(sandbox: Sandbox, call: Call) -> Json:
    """`POST /payments/{id}/cash-receipt/cancel`."""
    receipts.get(sandbox.store.receipts.get(call.ids[0]))
    _refuse_for_pg(sandbox, None, "현금영수증 취소")
    receipt = sandbox.cancel_receipt(call.ids[0])
    return {"cancelledAmount": receipt.total, "cancelledAt": receipt.cancelled_at}


def no_billing_keys(sandbox: Sandbox, call: Call) -> Json:
    """Everything about billing keys: the sandbox has none."""
    raise ApiError("BILLING_KEY_NOT_FOUND", "빌링키가 존재하지 않습니다.")


def no_escrow(sandbox: Sandbox, call: Call) -> Json:
    """Everything about escrow: no payment of the sandbox uses it."""
    sandbox.payment(call.ids[0])
    raise ApiError("INVALID_REQUEST", "에스크로 결제가 아닙니다.")


def _authenticate(sandbox: Sandbox, authorization: str) -> None:
    expected = f"PortOne {sandbox.config.api_secret}"
    if not hmac.compare_digest(authorization.encode(), expected.encode()):
        raise ApiError("UNAUTHORIZED", "인증 정보가 올바르지 않습니다.")


def _refuse_for_pg(sandbox: Sandbox, payment_id: str | None, what: str) -> None:
    """Answer 502 PG_PROVIDER while such faults are ordered, but only for a payment that exists."""
    if payment_id is not None:
        sandbox.payment(payment_id)
    if sandbox.behaviour.use("pg_errors"):
        raise cancels.pg_error(what)


_ID = "([^/]+)"
ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "/payments", get_payments),
    ("GET", f"/payments/{_ID}", get_payment),
    ("GET", f"/payments/{_ID}/transactions", get_transactions),
    ("POST", f"/payments/{_ID}/pre-register", pre_register),
    ("POST", f"/payments/{_ID}/cancel", cancel_payment),
    ("POST", f"/payments/{_ID}/cancellations/{_ID}/stop", stop_cancellation),
    ("POST", f"/payments/{_ID}/virtual-account/close", close_virtual_account),
    ("POST", f"/payments/{_ID}/confirm", confirm_payment),
    ("POST", f"/payments/{_ID}/resend-webhook", resend_webhook),
    ("POST", "/cash-receipts", issue_cash_receipt),
    ("GET", f"/payments/{_ID}/cash-receipt", get_cash_receipt),
    ("POST", f"/payments/{_ID}/cash-receipt/cancel", cancel_cash_receipt),
    ("POST", f"/payments/{_ID}/billing-key", no_billing_keys),
    ("GET", f"/billing-keys/{_ID}", no_billing_keys),
    ("DELETE", f"/billing-keys/{_ID}", no_billing_keys),
    ("POST", f"/payments/{_ID}/escrow/(?:logistics|complete)", no_escrow),
    ("PATCH", f"/payments/{_ID}/escrow/logistics", no_escrow),
)
