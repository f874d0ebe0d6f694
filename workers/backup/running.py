"""What command and clock call: a backup with its record and its sweeping up, a drill, and the look at the clock."""

import logging
import time
from datetime import datetime, timedelta

from django.core.files.storage import storages
from django.db import OperationalError, close_old_connections

from workers.backup import drills, keeping, making, records
from workers.backup import manifest as manifests
from workers.backup.drills import Proof
from workers.backup.manifest import Manifest
from workers.backup.media import Storages
from workers.backup.options import Options
from workers.backup.refusals import BackupFailed, Busy, DatabaseAway
from workers.backup.stores import store
from workers.models import BackupRun

logger = logging.getLogger(__name__)
ALIASES = ("default", "private")  # storages of what people sent
DRILL_EVERY = timedelta(days=6, hours=12)  # asked every night: once a week


def files() -> Storages:
    """Return where the shop keeps what people sent."""
    return {alias: storages[alias] for alias in ALIASES}


def back_up(*, options: Options, now: datetime) -> Manifest:
    """Make a backup, remove those whose time is over, and remember both.

    Raises:
        Busy: another one runs; nothing is noted.
        BackupFailed: it failed, and a row says why.
    """
    run, began = _begin(BackupRun.Kind.BACKUP, now), time.monotonic()
    try:
        made = making.make(options=options, storages=files(), now=now)
    except Busy:
        run.delete()
        raise
    except BaseException as error:
        _failed(run, error, now=_ended(now, began))
        raise
    close_old_connections()
    records.end_lost(kind=BackupRun.Kind.BACKUP, but=run)
    records.succeed(run=run, manifest=made, now=_ended(now, began))
    _sweep(options, now=now)
    return made


def _begin(kind: str, now: datetime) -> BackupRun:
    try:
        return records.begin(kind=kind, now=now)
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]  # libpq asks back in the next ones
        raise DatabaseAway(f"The database does not answer: {reason}") from error


def _ended(now: datetime, began: float) -> datetime:
    return now + timedelta(seconds=time.monotonic() - began)


def _failed(run: BackupRun, error: BaseException, *, now: datetime) -> None:
    try:
        close_old_connections()
        records.fail(run=run, reason=str(error) or type(error).__name__, now=now)
    except OperationalError:
        logger.exception("nobody could note that the %s failed", run.kind)


def _sweep(options: Options, *, now: datetime) -> None:
    """Remove old backups. The new one counts whether this succeeds or not."""
    where = store(options)
    try:
        with making.alone(options=options):
            gone = keeping.forget(store=where, options=options, now=now)
    except Busy:
        return  # whoever runs now sweeps too
    except BackupFailed as error:
        raise BackupFailed(f"The backup was made, but old ones could not be removed: {error}") from error
    BackupRun.objects.filter(name__in=gone, kind=BackupRun.Kind.BACKUP, gone_at=None).update(gone_at=now)


def drill(*, options: Options, now: datetime, name: str = "") -> Proof:
    """Prove a backup, by default the newest, and remember it.

    Raises:
        BackupFailed: it is no proof, and a row says why.
    """
    run, began = _begin(BackupRun.Kind.DRILL, now), time.monotonic()
    try:
        proof = drills.drill(store=store(options), options=options, now=now, name=name)
    except BaseException as error:
        _failed(run, error, now=_ended(now, began))
        raise
    close_old_connections()
    records.prove(run=run, proof=proof, now=_ended(now, began))
    return proof


def drill_if_due(*, options: Options, now: datetime) -> Proof | None:
    """Drill when the last one that succeeded is a week old; not where backups cannot be opened.

    Raises:
        BackupFailed: it is no proof.
    """
    last = records.freshness(now=now).drill
    if last and now - last.started_at < DRILL_EVERY:
        return None
    if options.recipients and not options.identity:
        return None  # only the public key is here: drills run where the secret one is
    return drill(options=options, now=now)


def look(*, options: Options, now: datetime) -> records.Freshness:
    """Compare the rows with what is stored, and raise the alarm when the newest backup is old or much smaller.

    Raises:
        BackupFailed: the destination cannot be read.
    """
    where = store(options)
    stored = [manifests.read(store=where, name=name) for name in manifests.names(store=where)]
    records.follow(stored=stored, now=now)
    found = records.freshness(now=now)
    if found.late:
        logger.error("the newest backup is older than %s: %s", options.late, found.newest or "there is none")
    if found.shrunk:
        logger.error("the newest backup is more than 20 %% smaller than the one before: %s", found.newest)
    if found.drill_late and found.newest:
        logger.error("no backup was proven by a drill within %s", records.DRILL_LATE)
    return found
