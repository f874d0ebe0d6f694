"""What the shop writes about subscriptions of its news. None of it is an advertisement."""

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from commerce.newsletter.models import Subscription
from workers import links
from workers.letters import Letter
from workers.sender import sender

State = Subscription.State


def of(*, row: Subscription, question: bool = False, reminder: bool = False) -> Letter:
    """Compose the question whether an address wants the news (`question`), what became of its answer, or the
    notice of every two years (`reminder`)."""
    with translation.override(row.language):
        shop = sender(language=row.language)
        headline = _("You agreed to get our news") if reminder else _headline(row, question=question)
        at = timezone.localtime(row.changed_at or row.asked_at)
        return Letter(
            kind="newsletter",
            order_id=None,
            to=row.email,
            language=row.language,
            subject=f"[{shop.brand}] {headline}",
            stop=""
            if row.state == State.ENDED
            else links.home() + reverse("newsletter-end", args=[row.token]),
            context={
                "headline": headline,
                "shop": shop,
                "home": links.home(),
                "question": question and row.state == State.WAITING,
                "already": question and row.state == State.ACTIVE,
                "reminder": reminder,
                "joined": row.state == State.ACTIVE,
                "day": format_date(at, "Y년 n월 j일 H:i" if row.language == "ko" else "N j, Y, H:i"),
                "page": links.home() + reverse("newsletter-state", args=[row.token]),
            },
        )


def _headline(row: Subscription, *, question: bool) -> str:
    if row.state == State.WAITING:
        return _("Please confirm your subscription")
    if row.state == State.ENDED:
        return _("You get no more news from us")
    return _("You get our news already") if question else _("You get our news from now on")
