"""What browsers ask for: the SDK stand-in, its prepare call, and the payment window."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tools.portone_sandbox import pages, payrequest, text
from tools.portone_sandbox.attempts import IllegalStep
from tools.portone_sandbox.errors import WindowError
from tools.portone_sandbox.http_types import FRAMED, Request, Response, json_response, page, see_other
from tools.portone_sandbox.model import Attempt
from tools.portone_sandbox.sandbox import Sandbox

ANY_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Allow-Methods": "POST",
}
HTTP_STATUS = {"BadRequest": 400, "StoreNotFound": 404, "ChannelNotFound": 404}


def prepare(sandbox: Sandbox, request: Request) -> Response:
    """`POST /v2/prepare` from the SDK script: open an attempt, answer the window's address or an error."""
    if request.method == "OPTIONS":
        return Response(status=204, headers=ANY_ORIGIN)
    try:
        raw = json.loads(request.body)
        if not isinstance(raw, dict):
            raise WindowError("BadRequest", "요청이 객체가 아닙니다.")
        attempt = _open(sandbox, request, raw)
    except ValueError:
        error = {"code": "BadRequest", "message": "요청을 읽을 수 없습니다."}
        return json_response(error, status=400, headers=ANY_ORIGIN)
    except WindowError as refusal:
        error = {"code": refusal.code, "message": refusal.message}
        return json_response(error, status=HTTP_STATUS.get(refusal.code, 409), headers=ANY_ORIGIN)
    # a path: the script knows by which name (localhost, 127.0.0.1) the browser reached us
    return json_response({"txId": attempt.tx_id, "path": f"/pay/{attempt.tx_id}"}, headers=ANY_ORIGIN)


def pay(sandbox: Sandbox, request: Request) -> Response:
    """`GET` or `POST /pay`: the same as the SDK, for a browser without script."""
    raw = payrequest.from_form(request.form if request.method == "POST" else request.query)
    raw.pop("parentOrigin", None)
    try:
        attempt = _open(sandbox, request, raw)
    except WindowError as refusal:
        html = pages.refused(
            str(raw.get("locale", "")), refusal.code, refusal.message, _way_back(raw, refusal)
        )
        return page(html, status=HTTP_STATUS.get(refusal.code, 409), policy=FRAMED)
    return see_other(f"/pay/{attempt.tx_id}")


def window(sandbox: Sandbox, request: Request, tx_id: str) -> Response:
    """`GET /pay/{txId}` shows the window, `POST` ends it."""
    found = sandbox.store.attempt(tx_id)
    if found is None:
        return page(pages.missing(), status=404, policy=FRAMED)
    attempt = found[1]
    if request.method == "POST":
        return _act(sandbox, attempt, dict(request.form))
    if attempt.status != "READY" or attempt.result:
        return page(pages.over(attempt, _return_url(attempt)), policy=FRAMED)
    return page(pages.window(sandbox.config, attempt), policy=FRAMED)


def end(sandbox: Sandbox, tx_id: str) -> Response:
    """`GET /pay/{txId}/done`: the last page when the browser is not sent back to the shop."""
    found = sandbox.store.attempt(tx_id)
    if found is None or found[1].result is None:
        return page(pages.missing(), status=404, policy=FRAMED)
    return page(pages.framed_end(found[1]), policy=FRAMED)


def act(sandbox: Sandbox, attempt: Attempt, action: str, reason: str = "REJECT_CARD_PAYMENT") -> None:
    """End an attempt the way a button of the window does; raises IllegalStep, KeyError for no such button."""
    tx_id = attempt.tx_id
    say = text.Speech(attempt.locale)
    why = reason if reason in text.FAILURES else "REJECT_CARD_PAYMENT"
    {
        "approve": lambda: sandbox.approve(tx_id),
        "approve_close": lambda: sandbox.approve(tx_id),
        "approve_late": lambda: sandbox.approve(tx_id, late=True),
        "approve_twice": lambda: sandbox.approve(tx_id, duplicates=2),
        "tamper": lambda: sandbox.approve(tx_id, total=_other_amount(attempt.total)),
        "issue": lambda: sandbox.issue_account(tx_id),
        "cancel": lambda: sandbox.fail(tx_id, pg_code=text.USER_CANCEL, pg_message=say.user_cancel),
        "fail": lambda: sandbox.fail(tx_id, pg_code=why, pg_message=say.failure(why)),
    }[action]()


def append_query(url: str, extra: Mapping[str, str]) -> str:
    """Add keys to a URL and keep its own query and fragment."""
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *extra.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _open(sandbox: Sandbox, request: Request, raw: Mapping[str, Any]) -> Attempt:
    wanted = payrequest.read(raw, config=sandbox.config, now=sandbox.clock())
    return sandbox.open_window(wanted, request.visitor)


def _act(sandbox: Sandbox, attempt: Attempt, form: dict[str, str]) -> Response:
    action = form.get("action", "")
    try:
        act(sandbox, attempt, action, form.get("reason", ""))
    except (IllegalStep, KeyError):
        return page(pages.over(attempt, _return_url(attempt)), status=409, policy=FRAMED)
    if action == "approve_close":
        return page(pages.closed(attempt), policy=FRAMED)
    back = _return_url(attempt)
    return see_other(back if back else f"/pay/{attempt.tx_id}/done")


def _return_url(attempt: Attempt) -> str | None:
    """Where the browser goes now: the shop's redirectUrl with the result, unless a script waits for it."""
    if attempt.parent_origin or not attempt.redirect_url or not attempt.result:
        return None
    return append_query(attempt.redirect_url, attempt.result)


def _way_back(raw: Mapping[str, Any], refusal: WindowError) -> str | None:
    url = str(raw.get("redirectUrl", ""))
    if not re.match(r"https?://", url):
        return None
    pairs = {"code": refusal.code, "message": refusal.message, "paymentId": str(raw.get("paymentId", ""))}
    return append_query(url, pairs)


def _other_amount(total: int) -> int:
    """A tenth of the amount, as a shopper who edits the page would like it."""
    return total // 10 if total >= 10 else total + 1


def receipt(sandbox: Sandbox, id: str) -> Response:
    """`GET /receipts/{id}`: what a receiptUrl or the url of a cash receipt shows."""
    found = sandbox.store.attempt(id)
    payment = sandbox.store.payments.get(id)
    attempt = found[1] if found else payment.current if payment else None
    if attempt is None or attempt.paid_at is None:
        return page(pages.missing(), status=404)
    return page(pages.receipt(attempt))
