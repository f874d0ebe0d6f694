"""Mails about subscriptions of the shop's news: the question, and the result of each act of consent."""

from commerce.consents import kinds
from commerce.events import types
from commerce.newsletter import services
from commerce.newsletter.models import Subscription
from workers import mail, newsletter_letters
from workers.jobs import Context, Fact, Withdrawn

State = Subscription.State


def write(fact: Fact, context: Context) -> None:
    """Send the mail that follows from a fact, unless the subscription stands otherwise by now."""
    asked = fact.type == types.NewsletterAsked.name
    joined = fact.type == types.NewsletterJoined.name
    told = (
        fact.read(types.NewsletterAsked)
        if asked
        else fact.read(types.NewsletterJoined)
        if joined
        else fact.read(types.NewsletterLeft)
    )
    row = Subscription.objects.filter(pk=told.subscription_id).first()
    if (
        row is None
        or (joined and row.state != State.ACTIVE)
        or not (asked or joined or row.state == State.ENDED)
    ):
        raise Withdrawn("the subscription stands otherwise by now")
    if asked and row.state == State.ENDED:
        raise Withdrawn("it was ended before it was confirmed")
    letter = newsletter_letters.of(row=row, question=asked)
    mail.send_once(letter=letter, key=context.idempotency_key, now=context.now)


def follow_consent(fact: Fact, context: Context) -> None:
    """End the subscription of somebody who took the consent to advertisements back in the account."""
    told = fact.read(types.ConsentWithdrawn)
    if told.kind == kinds.EMAIL.code and told.channel != services.CHANNEL:
        services.follow_account(user_id=told.user_id, now=context.now)
