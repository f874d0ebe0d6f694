"""Mails about accounts and consents."""

import logging

from django.conf import settings

from commerce.accounts import farewell
from commerce.accounts.models import AccountLetter
from commerce.accounts.providers import StillLinked
from commerce.consents import services as consents
from commerce.consents.models import Consent
from commerce.customers.models import User
from commerce.events import types
from workers import account_letters, mail
from workers.jobs import Context, Elsewhere, Fact, Withdrawn

logger = logging.getLogger(__name__)
PER_RUN = 500  # people who are told of their consents in one run; tomorrow's takes the rest


def send_letter(fact: Fact, context: Context) -> None:
    """Send a waiting mail and delete it: it may hold a code. One that comes too late for its code is not sent."""
    row = AccountLetter.objects.filter(pk=fact.read(types.LetterWritten).letter_id).first()
    if row is None:
        return  # it left before, or was cleared away
    if context.now >= row.useless_at:
        row.delete()
        raise Withdrawn("its code does not count any more")
    mail.send_once(letter=account_letters.of(row=row), key=context.idempotency_key, now=context.now)
    row.delete()


def check_consents(_fact: Fact, context: Context) -> None:
    """Find consents to advertisements that are two years old."""
    found = consents.ask_for_reconfirmation(
        now=context.now, after=settings.CONSENT_RECONFIRM_AFTER, limit=PER_RUN
    )
    if found:
        logger.info("%s people are told that they receive advertisements", found)


def tell_of_consents(fact: Fact, context: Context) -> None:
    """Tell somebody what advertisements they agreed to, when, and how to end it; not what they took back meanwhile."""
    told = fact.read(types.ConsentDueAgain)
    user = User.objects.filter(pk=told.user_id, is_active=True).first()
    given = [(kind, row.at) for kind in told.kinds if (row := _given(told.user_id, kind))]
    if user is None or not given:
        raise Withdrawn("nothing is agreed to any more")
    letter = account_letters.consents_due(to=user.email, language=settings.LANGUAGE_CODE, given=given)
    mail.send_once(letter=letter, key=context.idempotency_key, now=context.now)


def say_farewell(fact: Fact, _context: Context) -> None:
    """Tell a provider that somebody who signed in there left the shop; tried again while it does not answer."""
    try:
        farewell.say(farewell_id=fact.read(types.FarewellDue).farewell_id)
    except StillLinked as trouble:
        raise Elsewhere(str(trouble)) from trouble


def _given(user_id: int, kind: str) -> Consent | None:
    """Return the row with which somebody gave a consent that still holds."""
    rows = Consent.objects.filter(user_id=user_id, kind=kind).order_by("-id")
    newest = rows.first()
    if newest is None or not newest.given:
        return None
    return rows.exclude(channel=Consent.Channel.RECONFIRMED).filter(given=True).first()
