"""Mails about subscriptions: what they say, that each leaves once, and that none leaves in vain."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outgoing

from commerce.events.models import OutboxEvent
from commerce.newsletter import services
from commerce.newsletter.models import Subscription
from commerce.tests.factories import NOW
from workers.handlers import newsletter
from workers.jobs import Context, Fact, Withdrawn

pytestmark = pytest.mark.django_db
WRITES = {
    "newsletter.asked": newsletter.ask,
    "newsletter.joined": newsletter.welcome,
    "newsletter.left": newsletter.part,
    "newsletter.due_again": newsletter.remind,
}


def handle(type_: str) -> list[Any]:
    row = OutboxEvent.objects.filter(type=type_).latest("pk")
    fact = Fact(
        pk=row.pk,
        event_id=row.event_id,
        type=row.type,
        version=row.version,
        payload=row.payload,
        occurred_at=row.occurred_at,
        correlation_id=row.correlation_id,
        trace={},
    )
    before = len(outgoing.outbox)
    WRITES[type_](fact, Context(handler="test", attempt=1, idempotency_key=row.event_id, now=NOW))
    return outgoing.outbox[before:]


def ask(language: str = "en", now: Any = NOW) -> Subscription:
    services.ask(email="hana@example.com", language=language, now=now)
    return Subscription.objects.get()


def test_the_question_has_the_link_that_confirms_and_leaves_once() -> None:
    row = ask()

    (message,) = handle("newsletter.asked")
    assert handle("newsletter.asked") == []

    assert message.to == ["hana@example.com"]
    assert "Please confirm your subscription" in message.subject
    assert f"/en/newsletter/{row.token}/" in message.body
    assert f"/en/newsletter/{row.token}/" in message.alternatives[0][0]


def test_the_result_is_told_with_its_day_and_the_way_out() -> None:
    row = ask()
    services.confirm(token=row.token, address=None, now=NOW)

    (message,) = handle("newsletter.joined")

    assert "you agreed to receive advertisements" in message.body
    assert f"/en/newsletter/{row.token}/" in message.body


def test_who_gets_them_already_is_told_so_in_the_mailbox_alone() -> None:
    row = ask()
    services.confirm(token=row.token, address=None, now=NOW)
    ask(now=NOW + timedelta(hours=1))

    (message,) = handle("newsletter.asked")

    assert "you get them already" in message.body


def test_the_end_is_told() -> None:
    row = ask()
    services.confirm(token=row.token, address=None, now=NOW)
    services.end(token=row.token, address=None, now=NOW)

    (message,) = handle("newsletter.left")

    assert "you took back your consent" in message.body
    with pytest.raises(Withdrawn):
        handle("newsletter.joined")


def test_the_notice_of_two_years_says_since_when_and_how_to_end_it() -> None:
    row = ask()
    services.confirm(token=row.token, address=None, now=NOW)
    later = NOW + timedelta(days=731)
    services.ask_for_reconfirmation(now=later, after=timedelta(days=730), limit=9)

    (message,) = handle("newsletter.due_again")

    assert "Every two years" in message.body
    assert f"/en/newsletter/{row.token}/" in message.body


def test_every_mail_but_the_last_can_be_ended_with_one_click() -> None:
    row = ask()
    (question,) = handle("newsletter.asked")
    services.confirm(token=row.token, address=None, now=NOW)
    (welcome,) = handle("newsletter.joined")
    services.end(token=row.token, address=None, now=NOW)
    (farewell,) = handle("newsletter.left")

    for message in (question, welcome):
        assert message.extra_headers["List-Unsubscribe"].endswith(f"/en/newsletter/{row.token}/end/>")
        assert message.extra_headers["List-Unsubscribe"].startswith("<http")
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in farewell.extra_headers
