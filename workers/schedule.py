"""Periodic work. The table declares it, rows remember it, any relay fires it, each slot once."""

import logging
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, connection, transaction

from commerce.events import outbox, types
from workers.models import Schedule

logger = logging.getLogger(__name__)
_told: set[tuple[str, str, str]] = set()  # rows that this process does not understand, each said once
_SLOTS = uuid.UUID("c1a3f1de-91a5-5c0e-8f0b-5d1b6a3d7e42")
_EVERY = re.compile(r"^every (\d+) s$")
_DAILY = re.compile(r"^daily (\d\d):(\d\d)$")


@dataclass(frozen=True, slots=True)
class Job:
    """A fact that the clock records: `every <seconds> s`, or `daily HH:MM` on the clocks of `tz`."""

    fact: Callable[..., types.Tick]
    spec: str
    tz: str = "Asia/Seoul"


JOBS: dict[str, Job] = {
    types.UnpaidOrdersDue.name: Job(types.UnpaidOrdersDue, "every 60 s"),
    types.PaymentReconciliationDue.name: Job(types.PaymentReconciliationDue, "every 300 s"),
    types.ScheduledPublishingDue.name: Job(types.ScheduledPublishingDue, "every 60 s"),
    types.ParcelsDue.name: Job(types.ParcelsDue, "daily 10:00"),  # it writes mails: not at night
    types.DepositRemindersDue.name: Job(types.DepositRemindersDue, "every 1800 s"),
    types.BackupDue.name: Job(types.BackupDue, "daily 02:00"),
    types.BackupCheckDue.name: Job(types.BackupCheckDue, "every 3600 s"),
    types.BackupDrillDue.name: Job(types.BackupDrillDue, "daily 05:10"),  # done once a week
    types.PaymentComparisonDue.name: Job(types.PaymentComparisonDue, "daily 04:20"),
    types.CatalogReconciliationDue.name: Job(types.CatalogReconciliationDue, "daily 04:10"),
    types.StockCheckDue.name: Job(types.StockCheckDue, "daily 04:20"),
    types.BalanceCheckDue.name: Job(types.BalanceCheckDue, "daily 04:25"),
    types.ReviewInvitationsDue.name: Job(
        types.ReviewInvitationsDue, "daily 11:00"
    ),  # by day: it writes mails
    types.FeedsDue.name: Job(types.FeedsDue, "every 900 s"),
    types.RestockDue.name: Job(types.RestockDue, "every 600 s"),
    types.ConsentCheckDue.name: Job(types.ConsentCheckDue, "daily 10:20"),  # it writes mails: not at night
    types.PointsExpiryDue.name: Job(types.PointsExpiryDue, "daily 00:20"),
    types.RetentionDue.name: Job(types.RetentionDue, "daily 04:40"),
}


def next_slot(*, spec: str, tz: str, after: datetime) -> datetime:
    """Return the first slot after a moment.

    A local time that the clocks skip fires when they jump; one that comes twice fires the first time.

    Raises:
        ValueError: nobody understands the spec.
        ZoneInfoNotFoundError: nobody knows the zone.
    """
    if every := _EVERY.match(spec):
        step = int(every.group(1))
        return datetime.fromtimestamp((int(after.timestamp()) // step + 1) * step, tz=UTC)
    if daily := _DAILY.match(spec):
        at, zone = time(int(daily.group(1)), int(daily.group(2))), ZoneInfo(tz)
        today = after.astimezone(zone).date()
        days = (datetime.combine(today + timedelta(days=n), at, zone).astimezone(UTC) for n in range(3))
        return next(slot for slot in days if slot > after)
    raise ValueError(f"a schedule that nobody understands: {spec}")


@transaction.atomic
def synchronise(*, now: datetime, jobs: dict[str, Job] = JOBS) -> None:
    """Bring the rows to what the table declares; an unchanged one keeps its next slot, also a missed one.

    Rows that the table does not know belong to a newer relay and stay.
    """
    for name, job in jobs.items():
        first = {"spec": job.spec, "tz": job.tz, "next_at": next_slot(spec=job.spec, tz=job.tz, after=now)}
        row, created = Schedule.objects.get_or_create(name=name, defaults=first)
        if not created and (row.spec, row.tz) != (job.spec, job.tz):
            Schedule.objects.filter(name=name).update(**first)


def fire_due(*, now: datetime, jobs: dict[str, Job] = JOBS) -> int:
    """Record the facts of the slots that are due; return how many. After an outage a job runs once.

    A next slot further off than the one after the next was set by a clock that ran ahead: it is brought back,
    and slots that were fired meanwhile are not fired again.
    """
    rows = Schedule.objects.filter(enabled=True, name__in=jobs).order_by("name")
    due = [row.name for row in rows if _understood(row, now=now) and _is_due(row, now=now)]
    return sum(_fire(name, jobs[name], now=now) for name in due)


def _understood(row: Schedule, *, now: datetime) -> bool:
    """Tell whether this code can read a row; a newer relay's way to say when is left to the newer relay."""
    try:
        next_slot(spec=row.spec, tz=row.tz, after=now)
    except (ValueError, ArithmeticError, ZoneInfoNotFoundError):
        if (row.name, row.spec, row.tz) not in _told:
            _told.add((row.name, row.spec, row.tz))
            logger.warning("%s is for a newer relay: %s, %s", row.name, row.spec, row.tz)
        return False
    return True


def _is_due(row: Schedule, *, now: datetime) -> bool:
    return row.next_at <= now or row.next_at > _furthest(row, now=now)


def _furthest(row: Schedule, *, now: datetime) -> datetime:
    """Return the last moment that can be a next slot; relays' clocks may differ by up to a slot."""
    following = next_slot(spec=row.spec, tz=row.tz, after=now)
    return next_slot(spec=row.spec, tz=row.tz, after=following)


@transaction.atomic
def _fire(name: str, job: Job, *, now: datetime) -> bool:
    row = Schedule.objects.select_for_update(skip_locked=True).filter(name=name, enabled=True).first()
    if row is None or not _understood(row, now=now):
        return False  # another relay has it, or made it one for newer relays meanwhile
    following = next_slot(spec=row.spec, tz=row.tz, after=now)
    if row.next_at > now:
        if row.next_at > _furthest(row, now=now):
            Schedule.objects.filter(name=name).update(next_at=following)
        return False
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")  # a fact is a fact, also from a relay
    slot = row.next_at.astimezone(UTC).isoformat()
    fired = _record(job.fact(slot=slot, occurred_at=now), uuid.uuid5(_SLOTS, f"{name} {slot}"))
    row.last_slot, row.next_at = row.next_at, following
    row.save(update_fields=["last_slot", "next_at"])
    return fired


def _record(tick: types.Tick, event_id: uuid.UUID) -> bool:
    try:
        with transaction.atomic():
            outbox.record(tick, event_id=event_id)
    except IntegrityError:
        return False  # the slot was fired before its row was made anew
    return True
