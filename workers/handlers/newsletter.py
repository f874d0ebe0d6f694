"""Mails about subscriptions of the shop's news: the question, and the result of each act of consent."""

from django.conf import settings

from commerce.consents import kinds
from commerce.events import types
from commerce.newsletter import services
from commerce.newsletter.models import Subscription
from workers import mail, newsletter_letters
from workers.jobs import Context, Fact, Withdrawn
from workers.letters import Letter

State = Subscription.State
PER_RUN = 500  # people who are told in one run; tomorrow's takes the rest


def ask(fact: Fact, context: Context) -> None:
    """Ask an address to confirm, or tell one that is subscribed already; not one that was ended meanwhile."""
    row = _row(fact.read(types.NewsletterAsked).subscription_id, State.WAITING, State.ACTIVE)
    _send(newsletter_letters.of(row=row, question=True), context)


def welcome(fact: Fact, context: Context) -> None:
    """Tell the result of a consent; not when it was taken back meanwhile."""
    row = _row(fact.read(types.NewsletterJoined).subscription_id, State.ACTIVE)
    _send(newsletter_letters.of(row=row), context)


def remind(fact: Fact, context: Context) -> None:
    """Tell what somebody agreed to two years ago; not when it was taken back meanwhile."""
    row = _row(fact.read(types.NewsletterDueAgain).subscription_id, State.ACTIVE)
    _send(newsletter_letters.of(row=row, reminder=True), context)


def check_consents(_fact: Fact, context: Context) -> None:
    """Find consents to the news that are two years old."""
    services.ask_for_reconfirmation(now=context.now, after=settings.CONSENT_RECONFIRM_AFTER, limit=PER_RUN)


def part(fact: Fact, context: Context) -> None:
    """Tell that a consent was taken back; not when it was given anew meanwhile."""
    row = _row(fact.read(types.NewsletterLeft).subscription_id, State.ENDED)
    _send(newsletter_letters.of(row=row), context)


def follow_consent(fact: Fact, context: Context) -> None:
    """End the subscription of somebody who took the consent to advertisements back in the account."""
    told = fact.read(types.ConsentWithdrawn)
    if told.kind == kinds.EMAIL.code and told.channel != services.CHANNEL:
        services.follow_account(user_id=told.user_id, now=context.now)


def _row(subscription_id: int, *states: str) -> Subscription:
    row = Subscription.objects.filter(pk=subscription_id, state__in=states).first()
    if row is None:
        raise Withdrawn("the subscription stands otherwise by now")
    return row


def _send(letter: Letter, context: Context) -> None:
    mail.send_once(letter=letter, key=context.idempotency_key, now=context.now)
