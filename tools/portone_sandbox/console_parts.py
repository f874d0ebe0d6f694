"""The pieces of the console's pages; every value is escaped here."""

from dataclasses import asdict
from html import escape
from urllib.parse import quote

from tools.portone_sandbox import cancels, times
from tools.portone_sandbox.model import SETTLED, Attempt, Delivery, Payment, Try
from tools.portone_sandbox.sandbox import Sandbox
from tools.portone_sandbox.text import Speech

GOOD = ("PAID", "SUCCEEDED")
BAD = ("FAILED", "FAILED_NOT_OK_RESPONSE", "FAILED_UNEXPECTED_ERROR")


def heading(say: Speech, title: str, here: str) -> str:
    """The title with the way home and the other language."""
    other, label = ("ko", "한국어") if say.english else ("en", "English")
    home = "" if here == "/console" else f'<a href="/console?lang={say.lang}">{escape(say.all_payments)}</a>'
    switch = f'<a href="{here}?lang={other}" lang="{other}" hreflang="{other}">{label}</a>'
    return f'<header class="head"><h1>{escape(title)}</h1><nav>{home}{switch}</nav></header>'


def payment_row(sandbox: Sandbox, say: Speech, payment: Payment) -> str:
    """One payment in the list."""
    attempt = payment.current
    assert attempt is not None  # the list leaves out payments that were only registered
    sent = sandbox.store.deliveries_of(payment.payment_id)
    arrived = sum(one.status == "SUCCEEDED" for one in sent)
    link = f"/console/payments/{quote(payment.payment_id)}?lang={say.lang}"
    return f"""<li>
<div class="line"><a href="{link}"><code>{escape(payment.payment_id)}</code></a>{badge(say, attempt.status)}</div>
<div class="line"><span>{escape(attempt.order_name)}</span><span class="won">{_money(say, attempt)}</span></div>
<p class="meta"><span>{escape(say.pay_method(attempt.pay_method))}</span>
<span>{escape(say.transactions)} {len(payment.attempts)}</span>
<span>{escape(say.webhooks)} {arrived}/{len(sent)}</span><span>{_when(attempt.requested_at)}</span></p>
</li>"""


def attempts_card(sandbox: Sandbox, say: Speech, payment: Payment) -> str:
    """Every attempt of a payment, newest first."""
    rows = "".join(_attempt(say, one) for one in reversed(payment.attempts))
    return f'<section class="card"><h2>{escape(say.transactions)}</h2><ul class="rows">{rows}</ul></section>'


def cancellations_card(sandbox: Sandbox, say: Speech, payment: Payment) -> str:
    """The cancellations, or nothing when there are none."""
    attempt = payment.current
    if attempt is None or not attempt.cancellations:
        return ""
    rows = "".join(
        f"""<li><div class="line"><span class="won">{escape(say.money(one.total, attempt.currency))}</span>
{badge(say, one.status)}</div><p>{escape(one.reason)}</p>
<p class="meta"><span>{_when(one.requested_at)}</span><span>{escape(one.trigger)}</span></p></li>"""
        for one in reversed(attempt.cancellations)
    )
    return f'<section class="card"><h2>{escape(say.cancellations)}</h2><ul class="rows">{rows}</ul></section>'


def webhooks_card(sandbox: Sandbox, say: Speech, payment: Payment) -> str:
    """Every webhook of a payment with its tries, newest first, forged ones included."""
    sent = [one for one in sandbox.store.deliveries.values() if one.payment_id == payment.payment_id]
    rows = "".join(_delivery(say, one) for one in reversed(sent))
    listed = f'<ul class="rows">{rows}</ul>' if rows else f"<p>{escape(say.no_webhooks)}</p>"
    return f'<section class="card"><h2>{escape(say.webhooks)}</h2>{listed}</section>'


def actions_card(sandbox: Sandbox, say: Speech, payment: Payment) -> str:
    """The levers that make sense in the payment's state."""
    statuses = {one.status for one in payment.attempts}
    waiting = [one for one in (payment.current.cancellations if payment.current else [])]
    forms = []
    if "VIRTUAL_ACCOUNT_ISSUED" in statuses:
        forms.append(_action(say, payment, "deposit", say.deposit, primary=True))
        forms.append(_action(say, payment, "expire", say.expire))
        forms.append(_action(say, payment, "deposit", say.deposit_late, late="true"))
    if "PAY_PENDING" in statuses:
        forms.append(_action(say, payment, "settle-pending", say.settle_paid, primary=True, paid="true"))
        forms.append(_action(say, payment, "settle-pending", say.settle_failed, paid="false"))
    if any(one.status == "REQUESTED" for one in waiting):
        forms.append(_action(say, payment, "settle-cancellation", say.settle_cancel, succeeded="true"))
        forms.append(_action(say, payment, "settle-cancellation", say.refuse_cancel, succeeded="false"))
    if statuses & set(SETTLED[:2]):
        forms.append(_cancel_form(say, payment))
    forms.append(_action(say, payment, "resend-webhook", say.resend))
    forms.append(_action(say, payment, "forged-webhook", say.forge))
    return f'<section class="card"><h2>{escape(say.actions)}</h2>{"".join(forms)}</section>'


def faults_form(sandbox: Sandbox, say: Speech) -> str:
    """Every fault with its present value."""
    inputs = "".join(_fault(say, name, value) for name, value in asdict(sandbox.behaviour.faults).items())
    return f"""<form class="card" method="post" action="/console/faults?lang={say.lang}">
<h2>{escape(say.faults)}</h2>
<div class="fields">{inputs}</div>
<button type="submit" class="primary">{escape(say.apply)}</button>
<button type="submit" name="action" value="clear">{escape(say.clear)}</button>
</form>"""


def badge(say: Speech, status: str) -> str:
    """A status in words and colour."""
    look = "good" if status in GOOD else "bad" if status in BAD else ""
    return f'<span class="badge {look}" title="{escape(status)}">{escape(say.status(status))}</span>'


def _attempt(say: Speech, attempt: Attempt) -> str:
    extra = []
    method = attempt.method or {}
    if method.get("type") == "PaymentMethodVirtualAccount":
        extra.append(f"{method['bank']} {method['accountNumber']} · {_when(method['expiredAt'])}")
    if attempt.failure:
        extra.append(" ".join(attempt.failure.get(key, "") for key in ("pgCode", "reason")))
    lines = "".join(f"<p>{escape(line)}</p>" for line in extra)
    return f"""<li>
<div class="line"><span class="won">{_money(say, attempt)}</span>{badge(say, attempt.status)}</div>
<p>{escape(attempt.order_name)}</p>{lines}
<p class="meta"><span>{escape(say.pay_method(attempt.pay_method))}</span><span>{_when(attempt.requested_at)}</span>
<code>{escape(attempt.tx_id)}</code></p>
</li>"""


def _delivery(say: Speech, one: Delivery) -> str:
    forged = f'<span class="badge bad">{escape(say.forged)}</span>' if one.forged else ""
    waits = f"<span>{escape(say.next_try)} {_when(one.next_at)}</span>" if one.next_at else ""
    tries = "".join(f"<pre>{escape(_try(each))}</pre>" for each in one.tries)
    return f"""<li>
<div class="line"><span>{escape(one.type)} {forged}</span>{badge(say, one.status)}</div>
<p class="meta"><span>{len(one.tries)} {escape(say.attempts)}</span>{waits}<span>{_when(one.triggered_at)}</span>
<span>{escape(one.url)}</span></p>
<details><summary><code>{escape(one.id)}</code></summary><pre>{escape(one.body)}</pre>{tries}</details>
</li>"""


def _try(one: Try) -> str:
    outcome = one.error or f"HTTP {one.code}\n{one.response_body[:500]}"
    return f"{one.header}\n\n→ {outcome}".strip()


def _action(
    say: Speech, payment: Payment, verb: str, label: str, *, primary: bool = False, **hidden: str
) -> str:
    inputs = "".join(f'<input type="hidden" name="{key}" value="{value}">' for key, value in hidden.items())
    look = ' class="primary"' if primary else ""
    return f"""<form class="stack" method="post" action="{_address(say, payment, verb)}">{inputs}
<button type="submit"{look}>{escape(label)}</button></form>"""


def _cancel_form(say: Speech, payment: Payment) -> str:
    return f"""<form class="stack" method="post" action="{_address(say, payment, "cancel")}">
<div class="fields"><label>{escape(say.cancel_amount)}
<input type="number" name="amount" min="1" inputmode="numeric"></label></div>
<button type="submit">{escape(say.console_cancel)}</button></form>"""


def _fault(say: Speech, name: str, value: object) -> str:
    label = escape(getattr(say, name))
    if isinstance(value, bool):
        ticked = " checked" if value else ""
        return f'<label class="check"><input type="checkbox" name="{name}"{ticked}> {label}</label>'
    if name == "cancel_mode":
        options = "".join(
            f'<option value="{mode}"{" selected" if mode == value else ""}>{mode}</option>'
            for mode in cancels.MODES
        )
        return f'<label>{label}<select name="{name}">{options}</select></label>'
    return f'<label>{label}<input type="number" name="{name}" min="0" value="{value}" inputmode="numeric"></label>'


def _address(say: Speech, payment: Payment, verb: str) -> str:
    return f"/console/payments/{quote(payment.payment_id)}/{verb}?lang={say.lang}"


def _money(say: Speech, attempt: Attempt) -> str:
    return escape(say.money(attempt.total, attempt.currency))


def _when(stamp: str | None) -> str:
    return escape(f"{times.read(stamp).astimezone(times.KST):%Y-%m-%d %H:%M:%S} KST") if stamp else ""
