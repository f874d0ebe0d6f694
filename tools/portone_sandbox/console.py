"""The operator's console: every payment, what the shop was told, and the levers of the bank and the PG."""

from collections.abc import Callable
from dataclasses import fields as fields_of
from html import escape
from urllib.parse import quote

from tools.portone_sandbox import admin, cancels, console_parts, pages
from tools.portone_sandbox.attempts import IllegalStep
from tools.portone_sandbox.behaviour import Faults, UnknownFault, camel
from tools.portone_sandbox.errors import ApiError
from tools.portone_sandbox.http_types import Request, Response, page, see_other
from tools.portone_sandbox.model import Json, Payment
from tools.portone_sandbox.sandbox import Sandbox
from tools.portone_sandbox.text import Speech

SHOWN = 100


def handle(sandbox: Sandbox, request: Request) -> Response:
    """Answer everything below `/console`."""
    say = Speech("EN" if request.arg("lang") == "en" else "KO")
    parts = [part for part in request.path.removeprefix("/console").split("/") if part]
    if request.method == "POST":
        return _post(sandbox, request, say, parts)
    if not parts:
        return page(_index(sandbox, say))
    if len(parts) == 2 and parts[0] == "payments" and parts[1] in sandbox.store.payments:
        return page(_detail(sandbox, say, sandbox.store.payments[parts[1]], request.arg("error")))
    return page(pages.missing(), status=404)


def _post(sandbox: Sandbox, request: Request, say: Speech, parts: list[str]) -> Response:
    form = dict(request.form)
    lang = f"?lang={say.lang}"
    if parts == ["faults"]:
        if form.get("action") == "clear":
            sandbox.reset_faults()
        else:
            sandbox.change_faults(_faults_from(form))
        return see_other(f"/console{lang}")
    if len(parts) != 3 or parts[0] != "payments":
        return page(pages.missing(), status=404)
    back = f"/console/payments/{quote(parts[1])}{lang}"
    try:
        amount = form.get("amount", "")
        body: Json = {"amount": int(amount)} if amount.isdigit() else {}
        admin.act_on_payment(sandbox, parts[1], parts[2], body | _outcome(form))
    except (ApiError, IllegalStep, UnknownFault) as refusal:
        return see_other(f"{back}&error={quote(str(refusal))}")
    return see_other(back)


def _outcome(form: dict[str, str]) -> Json:
    return {
        key: form[key] == "true" if key in ("succeeded", "paid", "late") else form[key]
        for key in ("succeeded", "paid", "late", "webhookId")
        if key in form
    }


def _faults_from(form: dict[str, str]) -> Json:
    """Read the form by the type of each fault: an unticked box is absent, a cleared number is zero."""
    wanted: Json = {}
    for one in fields_of(Faults):
        text = form.get(one.name, "")
        if one.type is bool or one.type == "bool":
            wanted[camel(one.name)] = text == "on"
        elif one.name == "cancel_mode":
            wanted[camel(one.name)] = text if text in cancels.MODES else "SUCCEEDED"
        else:
            wanted[camel(one.name)] = int(text) if text.isdigit() else 0
    return wanted


def _index(sandbox: Sandbox, say: Speech) -> str:
    with sandbox.store.lock:
        known = [one for one in sandbox.store.payments.values() if one.current]
        known.sort(key=lambda one: one.attempts[-1].requested_at, reverse=True)
        rows = "".join(console_parts.payment_row(sandbox, say, one) for one in known[:SHOWN])
    listed = f'<ul class="rows">{rows}</ul>' if rows else f"<p>{escape(say.no_payments)}</p>"
    faulty = sandbox.behaviour.faults != Faults(manual_approval=sandbox.config.manual_approval)
    warning = f'<p class="notice" role="status">{escape(say.faults_on)}</p>' if faulty else ""
    content = f"""{console_parts.heading(say, say.console, "/console")}
{warning}
<div class="columns">
<div><section class="card"><h2>{escape(say.payments)} ({len(known)})</h2>{listed}</section></div>
<div>{console_parts.faults_form(sandbox, say)}</div>
</div>"""
    return pages.shell(say, say.console, content, wide=True)


def _detail(sandbox: Sandbox, say: Speech, payment: Payment, error: str | None) -> str:
    with sandbox.store.lock:
        sections: tuple[Callable[[Sandbox, Speech, Payment], str], ...] = (
            console_parts.attempts_card,
            console_parts.cancellations_card,
            console_parts.webhooks_card,
        )
        left = "".join(section(sandbox, say, payment) for section in sections)
        right = console_parts.actions_card(sandbox, say, payment)
    here = f"/console/payments/{quote(payment.payment_id)}"
    notice = f'<p class="notice" role="alert">{escape(say.refused)}: {escape(error)}</p>' if error else ""
    content = f"""{console_parts.heading(say, payment.payment_id, here)}
{notice}
<div class="columns"><div class="side">{right}</div><div>{left}</div></div>"""
    return pages.shell(say, payment.payment_id, content, wide=True)
