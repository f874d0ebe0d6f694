"""The JSON admin API under `/_sandbox/`: the console's levers and more, for tests."""

import json
from collections.abc import Callable
from urllib.parse import unquote

from tools.portone_sandbox import browser, cancels, fields, payrequest, wire
from tools.portone_sandbox.attempts import IllegalStep
from tools.portone_sandbox.behaviour import UnknownFault
from tools.portone_sandbox.errors import ApiError, WindowError
from tools.portone_sandbox.http_types import Request, Response, json_response
from tools.portone_sandbox.model import Delivery, Json
from tools.portone_sandbox.sandbox import Sandbox


def handle(sandbox: Sandbox, request: Request) -> Response:
    """Answer a request below `/_sandbox/`; refusals are 4xx with `{"type", "message"}`."""
    try:
        return json_response(_answer(sandbox, request))
    except ApiError as error:
        return json_response(error.body, status=error.status)
    except WindowError as error:
        return json_response({"type": error.code, "message": error.message}, status=409)
    except IllegalStep as error:
        return json_response({"type": "ILLEGAL_STEP", "message": str(error)}, status=409)
    except (UnknownFault, ValueError) as error:
        return json_response({"type": "INVALID_REQUEST", "message": str(error)}, status=400)


def act_on_payment(sandbox: Sandbox, payment_id: str, verb: str, body: Json) -> Json:
    """Pull one lever of a payment; raises ApiError, IllegalStep."""
    lever = LEVERS.get(verb)
    if lever is None:
        raise fields.invalid(verb, "그런 동작이 없습니다.")
    sandbox.payment(payment_id)
    return lever(sandbox, payment_id, body)


def _answer(sandbox: Sandbox, request: Request) -> Json:
    parts = [unquote(part) for part in request.path.split("/")[2:]]
    if request.method == "GET":
        return _read(sandbox, request, parts)
    # a cross-site form cannot send this content type without a preflight, and none is granted here
    if not request.headers.get("Content-Type", "").startswith("application/json"):
        raise fields.invalid("Content-Type", "application/json이어야 합니다.")
    body = json.loads(request.body or b"{}")
    if not isinstance(body, dict):
        raise fields.invalid("body", "객체여야 합니다.")
    if parts == ["reset"]:
        sandbox.reset()
        return {}
    if parts == ["faults"]:
        sandbox.change_faults(body)
        return sandbox.behaviour.as_json()
    if parts == ["pay"]:
        return _pay(sandbox, request, body)
    if len(parts) == 3 and parts[0] == "payments":
        return act_on_payment(sandbox, parts[1], parts[2], body)
    raise fields.invalid(request.path, "그런 주소가 없습니다.")


def _read(sandbox: Sandbox, request: Request, parts: list[str]) -> Json:
    with sandbox.store.lock:
        if parts == ["health"]:
            return {"status": "ok", "payments": len(sandbox.store.payments)}
        if parts == ["faults"]:
            return sandbox.behaviour.as_json()
        if parts == ["payments"]:
            known = [one.current for one in sandbox.store.payments.values() if one.current]
            return {"items": [sandbox.as_json(one) for one in known]}
        if parts == ["deliveries"]:
            wanted = request.arg("paymentId")
            found = [one for one in sandbox.store.deliveries.values() if wanted in (None, one.payment_id)]
            return {"items": [_delivery(one) for one in found]}
    raise fields.invalid(request.path, "그런 주소가 없습니다.")


def _pay(sandbox: Sandbox, request: Request, body: Json) -> Json:
    """Open the window and press a button, without a browser."""
    wanted = payrequest.read(fields.child(body, "request"), config=sandbox.config, now=sandbox.clock())
    action = fields.optional_text(body, "action")
    attempt = sandbox.open_window(wanted, request.visitor)
    if action is not None:
        try:
            browser.act(sandbox, attempt, action, fields.optional_text(body, "reason") or "")
        except KeyError as error:
            raise fields.invalid("action", "그런 버튼이 없습니다.") from error
    result = attempt.result or {"txId": attempt.tx_id, "paymentId": attempt.payment_id}
    back = wanted.redirect_url
    return {"result": result, **({"redirect": browser.append_query(back, result)} if back else {})}


def _deposit(sandbox: Sandbox, payment_id: str, body: Json) -> Json:
    return sandbox.as_json(sandbox.deposit(payment_id, late=fields.flag(body, "late")))


def _expire(sandbox: Sandbox, payment_id: str, body: Json) -> Json:
    return sandbox.as_json(sandbox.expire(payment_id))


def _cancel(sandbox: Sandbox, payment_id: str, body: Json) -> Json:
    wish = cancels.Wish(
        reason=fields.optional_text(body, "reason") or "콘솔에서 취소",
        amount=fields.optional_whole(body, "amount", least=1),
        tax_free=fields.optional_whole(body, "taxFreeAmount"),
        has_refund_account=True,  # the operator of the console knows where to send the money
        trigger="CONSOLE",
    )
    return {"cancellation": wire.cancellation(sandbox.cancel(payment_id, wish))}


def _settle_cancellation(sandbox: Sandbox, payment_id: str, body: Json) -> Json:
    cancellation = sandbox.settle_cancellation(
        payment_id,
        fields.optional_text(body, "cancellationId"),
        succeeded=fields.flag({"succeeded": True, **body}, "succeeded"),
    )
    return {"cancellation": wire.cancellation(cancellation)}


def _settle_pending(sandbox: Sandbox, payment_id: str, body: Json) -> Json:
    paid = fields.flag({"paid": True, **body}, "paid")
    return sandbox.as_json(sandbox.settle_pending(payment_id, paid=paid))


def _resend(sandbox: Sandbox, payment_id: str, body: Json) -> Json:
    return _delivery(sandbox.resend(payment_id, fields.optional_text(body, "webhookId")))


def _forge(sandbox: Sandbox, payment_id: str, body: Json) -> Json:
    return _delivery(sandbox.forge(payment_id, fields.optional_text(body, "type") or "Paid"))


def _delivery(one: Delivery) -> Json:
    tries = [{"code": each.code, "error": each.error, "at": each.requested_at} for each in one.tries]
    return {
        "webhookId": one.id,
        "paymentId": one.payment_id,
        "transactionId": one.tx_id,
        "type": one.type,
        "url": one.url,
        "status": one.status,
        "forged": one.forged,
        "nextAt": one.next_at,
        "tries": tries,
    }


LEVERS: dict[str, Callable[[Sandbox, str, Json], Json]] = {
    "deposit": _deposit,
    "expire": _expire,
    "cancel": _cancel,
    "settle-cancellation": _settle_cancellation,
    "settle-pending": _settle_pending,
    "resend-webhook": _resend,
    "forged-webhook": _forge,
}
