"""What happens around an account beyond what allauth does itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from commerce.accounts.models import AccountLetter
from commerce.consents import services as consents
from commerce.consents.models import Consent
from commerce.customers.models import User
from commerce.events import outbox, types
from commerce.events.types.customers import SignedInBy

CODE_MINUTES = 15  # a code is of no use later, and so is its mail
NEWS_DAYS = 3


class NoSuchPerson(Exception):
    """Nobody has an account with this address."""


@transaction.atomic
def welcome(
    *, user: User, by: SignedInBy, wanted: Mapping[str, bool], address: str | None, now: datetime
) -> None:
    """Record that an account is new and what its owner agreed to. Belongs into the transaction that made it.

    Raises:
        RequiredConsent: something that everybody must agree to is missing.
    """
    outbox.record(types.CustomerSignedUp(user_id=user.pk, by=by, occurred_at=now))
    consents.choose(user_id=user.pk, wanted=wanted, channel=Consent.Channel.SIGN_UP, address=address, now=now)


@transaction.atomic
def greet(*, user_id: int, by: SignedInBy, second_factor: bool, now: datetime) -> None:
    """Record that somebody signed in."""
    outbox.record(
        types.CustomerSignedIn(user_id=user_id, by=by, second_factor=second_factor, occurred_at=now)
    )


@transaction.atomic
def tell_of_link(*, user_id: int, provider: str, now: datetime) -> None:
    """Record that somebody may sign in at a provider as well."""
    outbox.record(types.CustomerLinked(user_id=user_id, provider=provider, occurred_at=now))


@transaction.atomic
def tell_of_unlink(*, user_id: int, provider: str, now: datetime) -> None:
    """Record that somebody cut a provider off. Belongs into the transaction that did it."""
    outbox.record(types.CustomerUnlinked(user_id=user_id, provider=provider, why="wanted", occurred_at=now))


@transaction.atomic
def cut_unproven(*, link_id: int, now: datetime) -> None:
    """Take away a link to a provider whose owner never proved to own the account's address (docs/accounts.md)."""
    link = SocialAccount.objects.select_for_update().filter(pk=link_id).first()
    if link is None:
        return
    outbox.record(
        types.CustomerUnlinked(user_id=link.user_id, provider=link.provider, why="unproven", occurred_at=now)
    )
    link.delete()


@transaction.atomic
def write_letter(*, kind: str, to: str, language: str, details: Mapping[str, str], now: datetime) -> None:
    """Leave a mail for the workers to send: it is not lost while the mail server is away, and no request waits for it.

    `details` go into its text; `code` makes it one that is of no use after CODE_MINUTES.
    """
    lasts = timedelta(minutes=CODE_MINUTES) if "code" in details else timedelta(days=NEWS_DAYS)
    letter = AccountLetter.objects.create(
        kind=kind, to=to, language=language, details=dict(details), written_at=now, useless_at=now + lasts
    )
    outbox.record(types.LetterWritten(letter_id=letter.pk, kind=kind, occurred_at=now))


@transaction.atomic
def reset_second_factors(*, email: str, now: datetime) -> int:
    """Take every second factor of an account away, for somebody who lost theirs; return how many there were.

    Raises:
        NoSuchPerson: nobody has this address.
    """
    user = User.objects.select_for_update().filter(email__iexact=email.strip()).first()
    if user is None:
        raise NoSuchPerson(email)
    removed, _kinds = Authenticator.objects.filter(user=user).delete()
    outbox.record(types.SecondFactorReset(user_id=user.pk, removed=removed, occurred_at=now))
    return int(removed)
