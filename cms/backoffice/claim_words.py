"""Returns and exchanges in the words of the back office."""

from datetime import date, datetime

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cms.backoffice import words
from commerce.claims import choices, selectors
from commerce.claims.models import Claim, ClaimLine
from commerce.claims.states import State
from commerce.fulfilment import dates

TONES: dict[str, str] = {
    State.REQUESTED: "wait",
    State.APPROVED: "calm",
    State.RECEIVED: "wait",
    State.SETTLED: "good",
    State.REJECTED: "mute",
    State.WITHDRAWN: "mute",
}


def deadline(*, claim: Claim, now: datetime) -> tuple[str, str]:
    """Return what is due and when, in words, and its tone; nothing when nobody waits for the shop."""
    today = dates.day_of(at=now)
    if claim.state == State.RECEIVED:
        due = selectors.refund_due(claim=claim)
        return _clock(due, today) if due else ("", "")
    if claim.state == State.REQUESTED:
        return _("Decide"), "wait"
    if claim.waits_for_way_back:
        return _("Send the goods back"), "wait"
    return "", ""


def contents(*, claim: Claim) -> list[str]:
    """Return the claimed units: `달항아리 컵 (백자) × 2`."""
    return [line_text(line=line) for line in claim.lines.all()]


def line_text(*, line: ClaimLine) -> str:
    """Return a claimed line: `달항아리 컵 (백자) × 2 → 청자`."""
    ordered = line.order_line
    option = f" ({ordered.option_text})" if ordered.option_text else ""
    text = f"{ordered.title}{option} × {line.quantity}"
    if line.wanted is None:
        return text
    return f"{text} → {choices.words(variant=line.wanted, language=get_language() or 'ko')}"


def _clock(due: date, today: date) -> tuple[str, str]:
    left = dates.business_days_left(until=due, today=today)
    day = words.calendar_day(due)
    if due < today:
        late = ngettext(
            "Refund was due by %(day)s, %(count)d business day late",
            "Refund was due by %(day)s, %(count)d business days late",
            -left,
        )
        return late % {"day": day, "count": -left}, "bad"
    if not left:
        return _("Refund due by %(day)s, today") % {"day": day}, "bad"
    text = ngettext(
        "Refund due by %(day)s, %(count)d business day left",
        "Refund due by %(day)s, %(count)d business days left",
        left,
    )
    return text % {"day": day, "count": left}, "wait"
