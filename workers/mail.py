"""How a mail leaves: its row is committed as `sending` before SMTP and as `sent` after.

A mail is sent twice only when the process dies between SMTP's answer and our commit; then both copies
carry the same Message-ID, so mail readers show one.
"""

import re
import uuid
from datetime import datetime
from smtplib import SMTPRecipientsRefused
from urllib.parse import urlsplit

import css_inline
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from commerce import oneclick
from commerce.events import chain
from workers import links
from workers.jobs import Permanent
from workers.letters import Letter
from workers.models import OutboundEmail

_INLINER = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
_GAP = re.compile(r"\n{3,}")  # template tags leave empty lines behind
_STATES = OutboundEmail.MailState


def send_once(*, letter: Letter, key: uuid.UUID, now: datetime) -> bool:
    """Send a mail unless it left under the same key before; return whether it was sent now.

    Nothing is written to somebody who left the shop: there is no address any more.

    Raises:
        Permanent: the mail server refuses the address for good.
        OSError, SMTPException: the mail server could not be reached or is busy: try again.
    """
    if not letter.to:
        return False
    row, _created = OutboundEmail.objects.get_or_create(
        idempotency_key=key,
        defaults={
            "kind": letter.kind,
            "order_id": letter.order_id,
            "to": letter.to,
            "subject": letter.subject[:200],
            "language": letter.language,
            "message_id": f"<{key.hex}@{urlsplit(links.home()).hostname}>",
            "created_at": now,
        },
    )
    if row.state == _STATES.SENT:
        return False
    _mark(row, _STATES.SENDING)
    try:
        compose(letter=letter, message_id=row.message_id).send()
    except Exception as trouble:
        _mark(row, _STATES.FAILED, error=repr(trouble)[:300])
        if _for_good(trouble):
            raise Permanent(repr(trouble)) from trouble
        raise
    _mark(row, _STATES.SENT, sent_at=now)
    return True


def compose(*, letter: Letter, message_id: str) -> EmailMultiAlternatives:
    """Return the message with a text and an HTML part, in the letter's language."""
    with translation.override(letter.language):
        context = letter.context | {"language": letter.language, "subject": letter.subject}
        text = _GAP.sub("\n\n", render_to_string(f"mail/{letter.kind}.txt", context)).strip() + "\n"
        html = _INLINER.inline(render_to_string(f"mail/{letter.kind}.html", context))
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=text,
        to=[letter.to],
        headers={
            "Message-ID": message_id,
            "Content-Language": letter.language,
            "Auto-Submitted": "auto-generated",
            **_stop(letter),
            **_ids(),
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def _stop(letter: Letter) -> dict[str, str]:
    """Return the heads with which a mail reader offers to end such mails (RFC 2369, RFC 8058)."""
    if not letter.stop:
        return {}
    return {
        "List-Unsubscribe": f"<{letter.stop}>",
        "List-Unsubscribe-Post": f"{oneclick.FIELD}={oneclick.VALUE}",
    }


def _ids() -> dict[str, str]:
    """Return the ids by which a complaint about a mail leads to its request, its event and their log lines."""
    found = chain.current()
    if found is None:
        return {}
    ids = {"X-Request-ID": found.correlation_id, "X-Event-ID": found.causation_id}
    return {name: str(value) for name, value in ids.items() if value}


def _mark(row: OutboundEmail, state: str, *, error: str = "", sent_at: datetime | None = None) -> None:
    row.state, row.error, row.sent_at = state, error, sent_at
    row.save(update_fields=["state", "error", "sent_at"])


def _for_good(trouble: Exception) -> bool:
    """Tell whether every recipient was refused with a code of the 500s (RFC 5321, 4.2.1)."""
    return isinstance(trouble, SMTPRecipientsRefused) and all(
        500 <= code < 600 for code, _text in trouble.recipients.values()
    )
