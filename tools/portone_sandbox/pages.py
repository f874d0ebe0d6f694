"""The pages a shopper sees: the payment window and its endings. Plain HTML forms; no script needed."""

import json
from html import escape

from tools.portone_sandbox.config import Config
from tools.portone_sandbox.model import Attempt
from tools.portone_sandbox.text import FAILURES, Speech


def shell(say: Speech, title: str, content: str, *, wide: bool = False, script: str = "") -> str:
    """The frame of every page; `content` is HTML already, `script` the address of a script."""
    return f"""<!doctype html>
<html lang="{say.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(title)} · {escape(say.test)}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/sandbox.css">
{f'<script src="{script}" defer></script>' if script else ""}
</head>
<body>
<aside class="ribbon"><strong>{escape(say.test)}</strong> <span>{escape(say.test_note)}</span></aside>
<main class="{"wide" if wide else "narrow"}">
{content}
</main>
</body>
</html>
"""


def window(config: Config, attempt: Attempt) -> str:
    """The payment window: what is paid, and a button for each way it can end."""
    say = Speech(attempt.locale)
    account_first = attempt.pay_method == "VIRTUAL_ACCOUNT"
    primary, secondary = ("issue", "approve") if account_first else ("approve", "issue")
    note = f'<p class="hint" id="issue-note">{escape(say.issue_note)}</p>'
    content = f"""<section class="card">
<h1 class="order">{escape(attempt.order_name)}</h1>
<p class="amount">{escape(say.money(attempt.total, attempt.currency))}</p>
<dl class="facts">
<div><dt>{escape(say.method)}</dt><dd>{escape(say.pay_method(attempt.pay_method))}</dd></div>
<div><dt>{escape(say.number)}</dt><dd><code>{escape(attempt.payment_id)}</code></dd></div>
<div><dt>{escape(say.store)}</dt><dd><code>{escape(config.store_id)}</code></dd></div>
</dl>
</section>
<form class="card" method="post" action="/pay/{attempt.tx_id}">
<h2>{escape(say.choose)}</h2>
{_button(say, primary, "primary")}
{note if account_first else ""}
{_button(say, "cancel")}
<h3>{escape(say.failures)}</h3>
<label for="reason">{escape(say.reason)}</label>
<select id="reason" name="reason">{_reasons(say)}</select>
{_button(say, "fail")}
<h3>{escape(say.variants)}</h3>
{_button(say, secondary)}
{"" if account_first else note}
{_explained(say, "approve_close", say.close_note)}
{_explained(say, "approve_late", say.late_note)}
{_explained(say, "approve_twice", say.twice_note)}
{_explained(say, "tamper", say.tamper_note)}
</form>"""
    return shell(say, say.approve, content)


def closed(attempt: Attempt) -> str:
    """The end where the shopper never returns to the shop."""
    say = Speech(attempt.locale)
    return shell(say, say.closed_title, _card(say.closed_title, say.closed))


def framed_end(attempt: Attempt) -> str:
    """The end inside the SDK's overlay: a script hands the result to the shop's page."""
    say = Speech(attempt.locale)
    result = escape(json.dumps(attempt.result, ensure_ascii=False))
    origin = escape(attempt.parent_origin or "")
    bridge = f'<div id="result" data-result="{result}" data-origin="{origin}"></div>'
    return shell(say, say.done_title, _card(say.done_title, say.done) + bridge, script="/v2/pay-done.js")


def over(attempt: Attempt, back: str | None) -> str:
    """An attempt that has ended, visited again."""
    say = Speech(attempt.locale)
    return shell(say, say.over_title, _card(say.over_title, say.status(attempt.status), say, back))


def refused(locale: str, code: str, message: str, back: str | None) -> str:
    """The window that may not open, with the code that the browser SDK would throw."""
    say = Speech(locale)
    return shell(say, say.refused_title, _card(say.refused_title, f"{code} · {message}", say, back))


def missing() -> str:
    """No such page."""
    say = Speech("ko")
    return shell(say, say.missing_title, _card(say.missing_title, "404"))


def receipt(attempt: Attempt) -> str:
    """A receipt for a paid attempt."""
    say = Speech(attempt.locale)
    lines = f"{attempt.order_name} · {say.money(attempt.total, attempt.currency)} · {attempt.paid_at}"
    return shell(say, say.receipt, _card(say.receipt, lines))


def _card(title: str, line: str, say: Speech | None = None, back: str | None = None) -> str:
    link = f'<p><a class="button" href="{escape(back)}">{escape(say.back)}</a></p>' if say and back else ""
    return f'<section class="card"><h1>{escape(title)}</h1><p>{escape(line)}</p>{link}</section>'


def _button(say: Speech, action: str, look: str = "") -> str:
    described = ' aria-describedby="issue-note"' if action == "issue" else ""
    label = escape(getattr(say, action))
    return f'<button class="{look}" type="submit" name="action" value="{action}"{described}>{label}</button>'


def _explained(say: Speech, action: str, note: str) -> str:
    label = escape(getattr(say, action))
    return (
        f'<button type="submit" name="action" value="{action}" aria-describedby="{action}-note">{label}</button>'
        f'<p class="hint" id="{action}-note">{escape(note)}</p>'
    )


def _reasons(say: Speech) -> str:
    return "".join(f'<option value="{code}">{escape(say.failure(code))}</option>' for code in FAILURES)
