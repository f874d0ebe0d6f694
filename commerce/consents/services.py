"""Write down what somebody agrees to or takes back."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from commerce.consents import kinds, selectors
from commerce.consents.models import Consent
from commerce.customers.models import User
from commerce.events import outbox, types


class RequiredConsent(Exception):
    """Without this consent there is no account: it ends with the account, not on a page of settings."""


@transaction.atomic
def choose(
    *, user_id: int, wanted: Mapping[str, bool], channel: str, address: str | None, now: datetime
) -> tuple[str, ...]:
    """Record what differs from how somebody's consents stand; return the codes of what changed.

    `wanted` has codes of `kinds` with yes or no; what it does not name stays. `address` is the IP address that asked.

    Raises:
        RequiredConsent: a required consent was to be taken back, or is missing at sign-up.
    """
    User.objects.select_for_update().get(pk=user_id)
    current = {entry.kind.code: entry for entry in selectors.standing(user_id=user_id)}
    missing = [k.code for k in kinds.REQUIRED if not wanted.get(k.code, current[k.code].given)]
    if missing:
        raise RequiredConsent(", ".join(missing))
    changed = [
        kind
        for kind in kinds.ALL
        if wanted.get(kind.code, current[kind.code].given) != current[kind.code].given
    ]
    _write(user_id, [(kind, wanted[kind.code]) for kind in changed], channel, address, now)
    return tuple(kind.code for kind in changed)


@transaction.atomic
def ask_for_reconfirmation(*, now: datetime, after: timedelta, limit: int) -> int:
    """Find people whose consent to advertisements is older than `after`; record that each is to be told.

    Return how many. Their consents are renewed with it, as the law has it: silence keeps them (Network Act §50(8),
    decree §62-3), and the next notice follows after the same time.
    """
    found = 0
    for due in selectors.due_for_reconfirmation(now=now, after=after, limit=limit):
        User.objects.select_for_update().get(pk=due.user_id)
        standing = [
            kinds.BY_CODE[code] for code in due.kinds if selectors.holds(user_id=due.user_id, kind=code)
        ]
        _write(
            due.user_id,
            [(kind, True) for kind in standing],
            Consent.Channel.RECONFIRMED,
            None,
            now,
            tell=False,
        )
        outbox.record(
            types.ConsentDueAgain(user_id=due.user_id, kinds=tuple(k.code for k in standing), occurred_at=now)
        )
        found += 1
    return found


def forget_addresses(*, user_id: int) -> int:
    """Take out of somebody's consents from which addresses they came; return how many. The acts stay, as evidence."""
    return Consent.objects.filter(user_id=user_id).exclude(address=None).update(address=None)


def _write(
    user_id: int,
    acts: list[tuple[kinds.Kind, bool]],
    channel: str,
    address: str | None,
    now: datetime,
    *,
    tell: bool = True,
) -> None:
    Consent.objects.bulk_create(
        Consent(
            user_id=user_id,
            kind=kind.code,
            given=given,
            text_version=kind.version,
            channel=channel,
            address=address,
            at=now,
        )
        for kind, given in acts
    )
    for kind, given in acts if tell else ():
        said = types.ConsentGiven if given else types.ConsentWithdrawn
        outbox.record(
            said(
                user_id=user_id,
                kind=kind.code,
                text_version=kind.version,
                channel=str(channel),
                occurred_at=now,
            )
        )
