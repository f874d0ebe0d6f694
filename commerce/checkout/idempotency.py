"""Carry a request out once per key: the key is claimed before anything is done, the answer is kept for a day.

The contract is the Agentic Commerce Protocol's: the same request again gets the same answer, another request
under the same key is refused, and one that comes while the first is under way is told to wait.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from commerce.checkout.models import IdempotencyKey
from commerce.rows import insert, read

KEPT = timedelta(hours=24)
ABANDONED = timedelta(seconds=60)  # a claim this old belongs to a process that died
RETRY_SECONDS = 1
State = IdempotencyKey.State


class OtherRequest(Exception):
    """The key was used for a request with another body."""


class InFlight(Exception):
    """The same request is being carried out right now."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry a request out; `work` is the same id for every try of it."""

    pk: int
    work: uuid.UUID
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: status and body of the response."""

    status: int
    body: dict[str, Any]


def fingerprint(*, request: str) -> str:
    """Return what two equal requests have in common, of their text."""
    return hashlib.sha256(request.encode()).hexdigest()


@transaction.atomic(durable=True)
def claim(*, scope: str, key: str, fingerprint: str, now: datetime) -> Claim | Answer:
    """Claim a key, or return the answer that was given under it.

    Raises:
        InFlight: somebody has the claim.
        OtherRequest: it was used for something else.
    """
    row, mine = _row(scope, key, fingerprint, now)
    if mine:
        return _claimed(row)
    if row.expires_at <= now:
        row.fingerprint, row.work, row.state, row.status = fingerprint, uuid.uuid4(), State.IN_FLIGHT, None
        row.body, row.created_at, row.claimed_at, row.expires_at = {}, now, now, now + KEPT
        row.save()
        return _claimed(row)
    if row.fingerprint != fingerprint:
        raise OtherRequest
    if row.state == State.DONE:
        return Answer(row.status or 0, row.body)
    if row.claimed_at > now - ABANDONED:
        raise InFlight
    row.claimed_at = now
    row.save(update_fields=["claimed_at"])
    return _claimed(row)


def keep(*, claim: Claim, answer: Answer) -> None:
    """Keep the answer of a claimed request; one that lost its claim meanwhile keeps nothing."""
    _mine(claim).update(state=State.DONE, status=answer.status, body=answer.body)


def drop(*, claim: Claim) -> None:
    """Give a claim back: nothing was done, and the request may be made again."""
    _mine(claim).delete()


def _mine(claim: Claim) -> Any:
    return IdempotencyKey.objects.filter(
        pk=claim.pk, work=claim.work, claimed_at=claim.claimed_at, state=State.IN_FLIGHT
    )


def _row(scope: str, key: str, fingerprint: str, now: datetime) -> tuple[IdempotencyKey, bool]:
    """Return the locked row of a key, and whether it was made just now.

    Raises:
        InFlight: whoever has the key keeps giving it back and taking it.
    """
    for _attempt in range(3):
        fresh = IdempotencyKey(
            scope=scope,
            key=key,
            fingerprint=fingerprint,
            work=uuid.uuid4(),
            created_at=now,
            claimed_at=now,
            expires_at=now + KEPT,
        )
        insert(rows=[fresh], conflict="ON CONFLICT (scope, key) DO NOTHING")
        if fresh.pk:
            return fresh, True
        found = read(IdempotencyKey, "scope = %s AND key = %s FOR UPDATE", scope, key)
        if found:  # else it was given back between the two statements
            return found[0], False
    raise InFlight


def _claimed(row: IdempotencyKey) -> Claim:
    return Claim(row.pk, row.work, row.claimed_at)
