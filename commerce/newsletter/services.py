"""Subscribe to the shop's news: asked for on a page, confirmed from the mailbox, ended by one link.

Nobody learns from an answer whether an address is known. The consent is the act of confirming; each act leaves a row
of evidence, and its result is told by mail (Network Act §50(7), decree §62-2). Whoever has an account has one will:
it is written to the consents of the account as well.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery

from commerce.consents import kinds
from commerce.consents import services as consents
from commerce.customers.models import User
from commerce.events import outbox, types
from commerce.newsletter.models import Subscription, SubscriptionConsent

State = Subscription.State
VALID = timedelta(days=7)  # so long a question may be answered
PAUSE = timedelta(minutes=10)  # between two questions to one address
KEPT = timedelta(days=365)  # evidence of what is over: until nobody can ask for it any more
CHANNEL = "newsletter"  # how the consents of an account call it


class UnableToSubscribe(Exception):
    """Nothing was changed."""


class TooLate(UnableToSubscribe):
    """The question is older than a week, or the subscription was ended: it has to be asked for anew."""


@transaction.atomic
def ask(*, email: str, language: str, now: datetime) -> None:
    """Write to an address to ask whether it wants the news; an active one is told that it gets them already.

    Asked again within ten minutes, nothing is written: nobody fills other people's letter boxes.
    """
    row = Subscription.objects.select_for_update().filter(email__iexact=email).first()
    if row is None:
        try:
            with transaction.atomic():
                row = Subscription.objects.create(email=email, language=language, asked_at=now)
        except IntegrityError:  # the button was pressed twice
            return
    elif row.asked_at > now - PAUSE:
        return
    else:
        row.asked_at, row.language = now, language
        if row.state == State.ENDED:
            row.state = State.WAITING
        row.save(update_fields=["asked_at", "language", "state"])
    outbox.record(types.NewsletterAsked(subscription_id=row.pk, occurred_at=now))


@transaction.atomic
def confirm(*, token: str, address: str | None, now: datetime) -> Subscription:
    """Subscribe; confirmed twice it is one subscription. `address` is the IP address that confirms.

    Raises:
        Subscription.DoesNotExist: nobody was asked under this token.
        TooLate: it has to be asked for anew.
    """
    row = Subscription.objects.select_for_update().get(token=token)
    if row.state == State.ACTIVE:
        return row
    if row.state == State.ENDED or row.asked_at < now - VALID:
        raise TooLate
    row.customer = User.objects.filter(email__iexact=row.email, is_active=True).first()
    row.state, row.changed_at = State.ACTIVE, now
    row.save(update_fields=["customer", "state", "changed_at"])
    _prove(row, given=True, channel="mail", address=address, now=now)
    outbox.record(types.NewsletterJoined(subscription_id=row.pk, occurred_at=now))
    return row


@transaction.atomic
def end(*, token: str, address: str | None, now: datetime) -> Subscription:
    """Unsubscribe; ended twice it is ended once.

    Raises:
        Subscription.DoesNotExist: there is none under this token.
    """
    row = Subscription.objects.select_for_update().get(token=token)
    was = row.state
    if was == State.ENDED:
        return row
    _end(row, now=now)
    if was == State.ACTIVE:
        _prove(row, given=False, channel="mail", address=address, now=now)
        outbox.record(types.NewsletterLeft(subscription_id=row.pk, occurred_at=now))
    return row


@transaction.atomic
def follow_account(*, user_id: int, now: datetime) -> bool:
    """End the subscription of somebody who took the consent back on the page of their account; return whether it was one."""
    rows = Subscription.objects.select_for_update().filter(customer=user_id, state=State.ACTIVE)
    row = rows.first()
    if row is None:
        return False
    _end(row, now=now)
    _evidence(row, given=False, channel="account", address=None, now=now)
    return True


@transaction.atomic
def ask_for_reconfirmation(*, now: datetime, after: timedelta, limit: int) -> int:
    """Find subscriptions whose consent is older than `after`; record that each is to be told; return how many.

    Silence keeps them, and is written down as `reconfirmed` (Network Act §50(8), decree §62-3). Whoever has an
    account is told of its consents instead.
    """
    newest = SubscriptionConsent.objects.filter(subscription=OuterRef("pk")).order_by("-pk").values("at")[:1]
    rows = Subscription.objects.select_for_update(of=("self",)).filter(state=State.ACTIVE, customer=None)
    due = list(rows.annotate(said_at=Subquery(newest)).filter(said_at__lt=now - after).order_by("pk")[:limit])
    for row in due:
        _evidence(row, given=True, channel="reconfirmed", address=None, now=now)
        outbox.record(types.NewsletterDueAgain(subscription_id=row.pk, occurred_at=now))
    return len(due)


def forget(*, now: datetime, limit: int = 5_000) -> int:
    """Delete questions that nobody answered, and subscriptions that ended a year ago with their evidence; return how many."""
    unanswered = Subscription.objects.filter(state=State.WAITING, asked_at__lt=now - VALID)
    over = Subscription.objects.filter(state=State.ENDED, changed_at__lt=now - KEPT)
    keys = [*unanswered.values_list("pk", flat=True)[:limit], *over.values_list("pk", flat=True)[:limit]]
    Subscription.objects.filter(pk__in=keys).delete()
    return len(keys)


def _end(row: Subscription, *, now: datetime) -> None:
    row.state, row.changed_at = State.ENDED, now
    row.save(update_fields=["state", "changed_at"])


def _prove(row: Subscription, *, given: bool, channel: str, address: str | None, now: datetime) -> None:
    """Write the evidence, and the same will to the account that has this address."""
    _evidence(row, given=given, channel=channel, address=address, now=now)
    if row.customer_id is None:
        return
    try:
        with transaction.atomic():
            wanted = {kinds.EMAIL.code: given}
            consents.choose(user_id=row.customer_id, wanted=wanted, channel=CHANNEL, address=address, now=now)
    except consents.RequiredConsent:  # accounts of staff agreed to nothing: the evidence stands here alone
        pass


def _evidence(row: Subscription, *, given: bool, channel: str, address: str | None, now: datetime) -> None:
    SubscriptionConsent.objects.create(
        subscription=row,
        given=given,
        text_version=kinds.EMAIL.version,
        channel=channel,
        address=address,
        at=now,
    )
