"""Each protection, taken away. Only twins use this: they show the damage that the protection prevents."""

import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction

from workers import deliveries, dispatch, healing, mail, schedule
from workers.deliveries import Claim
from workers.jobs import QUEUES
from workers.leases import Keeper
from workers.letters import Letter
from workers.models import OutboundEmail
from workers.sql import DELIVERY


def switch_off(names: str) -> None:
    """Take away the protections that are named, with commas."""
    for name in filter(None, names.split(",")):
        _SWITCHES[name]()


def _no_claim() -> None:
    """Take a delivery also from somebody who runs it or has finished it."""
    honest = deliveries.claim

    def claim(*, ids: Sequence[int], lease: int) -> list[Claim]:
        _execute(f"UPDATE {DELIVERY} SET state = 0 WHERE id = ANY(%s)", list(ids))
        return honest(ids=ids, lease=lease)

    deliveries.claim = claim


def _no_fence() -> None:
    """Mark done whoever holds the delivery now."""

    def done(*, claim: Claim) -> None:
        _execute(f"UPDATE {DELIVERY} SET state = 3, done_at = now() WHERE id = %s", claim.pk)

    deliveries.done = done


def _no_order() -> None:
    deliveries.NOTHING_EARLIER_OPEN = dispatch.NOTHING_EARLIER_OPEN = "true"


def _no_epoch() -> None:
    dispatch.check_epoch = lambda **_: (0, "")


def _no_healing() -> None:
    """Believe every due time and every slot."""
    healing.heal = lambda: (0, 0)
    schedule._furthest = lambda row, *, now: row.next_at


def _no_interruption() -> None:
    """Let a handler run as long as it likes, and keep its lease meanwhile; the broker does not end it either."""
    honest = Keeper.watching

    def watching(self: Keeper, *, claim: Claim, lease: int, timeout: float) -> AbstractContextManager[None]:
        return honest(self, claim=claim, lease=lease, timeout=timeout + 3600)

    Keeper.watching = watching
    for name, queue in QUEUES.items():
        QUEUES[name] = replace(queue, limit=queue.limit + 3600)


def _no_visibility() -> None:
    """What was sent once is never sent again, and nobody mends that."""
    healing.heal = lambda: (0, 0)
    honest = dispatch.take_due

    @transaction.atomic
    def take_due(*, queue: str, room: int) -> list[int]:
        ids = honest(queue=queue, room=room)
        _execute(f"UPDATE {DELIVERY} SET available_at = 'infinity' WHERE id = ANY(%s)", ids)
        return ids

    dispatch.take_due = take_due


def _no_release() -> None:
    """What this worker does not know has failed."""

    def release(*, claim: Claim, seconds: int = 0) -> bool:
        return deliveries.fail(claim=claim, error="?", wait=None, started_at=claim.fact.occurred_at, ms=0)

    deliveries.release = release


def _no_memory_of_mails() -> None:
    """Send a mail whatever is on record about it."""
    honest = mail.send_once

    def send_once(*, letter: Letter, key: uuid.UUID, now: datetime) -> bool:
        OutboundEmail.objects.filter(idempotency_key=key).delete()
        return honest(letter=letter, key=key, now=now)

    mail.send_once = send_once


def _no_quarantine() -> None:
    deliveries.SUSPECT_AFTER = 1000


def _execute(sql: str, parameter: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [parameter])


_SWITCHES = {
    "claim": _no_claim,
    "epoch": _no_epoch,
    "fence": _no_fence,
    "healing": _no_healing,
    "interruption": _no_interruption,
    "known types": lambda: None,  # routes.py does it
    "memory of mails": _no_memory_of_mails,
    "order": _no_order,
    "quarantine": _no_quarantine,
    "release": _no_release,
    "visibility": _no_visibility,
}
