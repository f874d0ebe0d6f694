"""Mails about accounts: each says what happened, leaves once, and leaves no code behind."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import allauth
import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail as outbox_of_mails
from django.utils import timezone

from commerce.accounts import letters, services
from commerce.accounts.models import AccountLetter
from commerce.consents import services as consents
from commerce.customers.models import User
from commerce.events.models import OutboxEvent
from commerce.tests import signing
from workers import account_letters, actors, fanout, retention
from workers.handlers import accounts
from workers.jobs import QUEUES, Context, Fact, Withdrawn
from workers.models import Delivery, OutboundEmail
from workers.tests.factories import NOW
from workers.tests.test_mail import parts

pytestmark = pytest.mark.usefixtures("committed", "_nobody_stays")
YEARS = timedelta(days=730)


@pytest.fixture
def _nobody_stays(committed) -> Iterator[None]:
    yield
    AccountLetter.objects.all().delete()
    User.objects.all().delete()


@pytest.fixture(autouse=True)
def mailbox():
    outbox_of_mails.outbox = []
    return outbox_of_mails.outbox


def write(kind: str = "confirm_address", language: str = "ko", now=NOW, **details: str) -> AccountLetter:
    services.write_letter(kind=kind, to="new@maru.example", language=language, details=details, now=now)
    return AccountLetter.objects.latest("pk")


def context(*, now=NOW) -> Context:
    return Context(handler="test", attempt=1, idempotency_key=uuid.uuid4(), now=now)


def fact(type_: str) -> Fact:
    row = OutboxEvent.objects.filter(type=type_).latest("pk")
    return Fact(
        pk=row.pk,
        correlation_id=row.correlation_id,
        trace={},
        event_id=row.event_id,
        type=row.type,
        version=row.version,
        payload=row.payload,
        occurred_at=row.occurred_at,
    )


def test_every_mail_that_allauth_sends_has_a_kind_and_every_kind_a_text():
    folder = Path(allauth.__file__).parent / "templates"
    sent = {
        str(path.relative_to(folder)).removesuffix("_subject.txt")
        for app in ("account", "socialaccount", "mfa")
        for path in (folder / app / "email").glob("*_subject.txt")
    }
    never = {"account/email/login_code", "account/email/password_reset_key"}  # we do not use what sends them

    assert {prefix for prefix in sent if _is_known(prefix)} == sent - never
    assert letters.KINDS == account_letters.KINDS


def _is_known(prefix: str) -> bool:
    try:
        return bool(letters.kind(prefix))
    except KeyError:
        return False


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_code_leaves_in_the_shops_look_and_its_row_is_gone(mailbox, language: str):
    write(language=language, now=timezone.now(), code="K7QM-2XPD")
    fanout.fan_out()
    row = Delivery.objects.get(event__type="account.letter_written")

    actors.run(ids=[row.pk], queue=QUEUES["critical"])

    row.refresh_from_db()
    assert row.state == 3
    (message,) = mailbox
    assert message.to == ["new@maru.example"]
    assert message.subject.startswith("[마루] " if language == "ko" else "[Maru] ")
    assert "K7QM-2XPD" not in message.subject
    for part in parts(message):
        assert "K7QM-2XPD" in part
    assert "http" not in parts(message)[0].split("--")[0]  # nothing to click: a code is typed
    assert AccountLetter.objects.count() == 0
    assert "K7QM" not in repr(list(OutboundEmail.objects.values())) + repr(list(OutboxEvent.objects.values()))


def test_a_mail_server_that_is_away_loses_nothing(mailbox, monkeypatch):
    write(code="K7QM-2XPD")
    told = fact("account.letter_written")
    monkeypatch.setattr("workers.handlers.accounts.mail.send_once", _refuse)
    with pytest.raises(OSError, match="away"):
        accounts.send_letter(told, context())
    monkeypatch.undo()

    accounts.send_letter(told, context(now=NOW + timedelta(minutes=2)))

    assert len(mailbox) == 1


def _refuse(**_letter: object) -> bool:
    raise OSError("the mail server is away")


def test_a_mail_that_comes_twice_leaves_once(mailbox):
    write(code="K7QM-2XPD")
    told, same = fact("account.letter_written"), context()

    accounts.send_letter(told, same)
    accounts.send_letter(told, same)

    assert len(mailbox) == 1


def test_a_code_that_does_not_count_any_more_is_not_sent(mailbox):
    write(code="K7QM-2XPD")

    with pytest.raises(Withdrawn):
        accounts.send_letter(fact("account.letter_written"), context(now=NOW + timedelta(minutes=15)))

    assert mailbox == []
    assert AccountLetter.objects.count() == 0


@pytest.mark.parametrize("kind", sorted(account_letters.KINDS - {"confirm_address", "reset_password"}))
@pytest.mark.parametrize("language", ["ko", "en"])
def test_news_of_an_account_leads_to_the_shops_own_address(mailbox, kind: str, language: str):
    write(kind, language, provider="Naver")

    accounts.send_letter(fact("account.letter_written"), context())

    text, html = parts(mailbox[0])
    prefix = "http://testserver/accounts/" if language == "ko" else "http://testserver/en/accounts/"
    assert prefix in text
    assert prefix in html
    assert "%(" not in text + html


def test_letters_that_were_never_sent_are_forgotten():
    write(code="K7QM-2XPD")
    write("password_changed")

    gone = retention.forget(now=NOW + timedelta(minutes=16))

    assert gone["letters"] == 1
    assert AccountLetter.objects.get().kind == "password_changed"


def agreed(**wanted: bool) -> User:
    user = signing.person()
    everything = {"age_14": True, "terms": True, "privacy": True} | wanted
    consents.choose(user_id=user.pk, wanted=everything, channel="sign_up", address=None, now=NOW)
    return user


def test_after_two_years_the_notice_says_what_was_agreed_to_and_when(mailbox):
    agreed(marketing_email=True)
    accounts.check_consents(None, context(now=NOW + YEARS + timedelta(days=1)))

    accounts.tell_of_consents(fact("consent.due_again"), context())

    (message,) = mailbox
    for part in parts(message):
        assert "2026년 11월 24일" in part
        assert "http://testserver/accounts/consents/" in part


def test_whoever_takes_it_back_before_the_notice_leaves_gets_none(mailbox):
    user = agreed(marketing_email=True)
    accounts.check_consents(None, context(now=NOW + YEARS + timedelta(days=1)))
    consents.choose(
        user_id=user.pk, wanted={"marketing_email": False}, channel="settings", address=None, now=NOW
    )

    with pytest.raises(Withdrawn):
        accounts.tell_of_consents(fact("consent.due_again"), context())

    assert mailbox == []


def test_sessions_that_are_over_are_forgotten_with_their_devices():
    user = signing.person()
    over, open_ = Session(session_key="over" * 8, expire_date=NOW), Session(session_key="open" * 8)
    open_.expire_date = NOW + timedelta(days=1)
    for session in (over, open_):
        session.save()
        UserSession.objects.create(
            user=user, ip="203.0.113.7", session_key=session.session_key, user_agent="x"
        )

    gone = retention.forget(now=NOW + timedelta(seconds=1))

    assert (gone["sessions"], gone["devices"]) == (1, 1)
    assert [row.session_key for row in UserSession.objects.all()] == ["open" * 8]
    Session.objects.all().delete()
