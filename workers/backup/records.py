"""What the shop remembers of its backups: rows for pages and monitors, so that nobody waits for a bucket."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db import connection

from workers.backup import manifest as manifests
from workers.backup import options
from workers.backup.drills import Proof
from workers.backup.manifest import Manifest
from workers.models import BackupRun

DRILL_LATE = timedelta(days=8)
SHRUNK = 0.8  # of the size of the one before
KEPT = timedelta(days=400)  # runs that ended, so that a year can be looked at

Health = Literal["ok", "late", "off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How things stand: the newest backup that counts, the last drill that succeeded, and what is wrong."""

    newest: BackupRun | None
    drill: BackupRun | None
    late: bool
    drill_late: bool
    shrunk: bool


def begin(*, kind: str, now: datetime) -> BackupRun:
    """Note that a run begins."""
    return BackupRun.objects.create(kind=kind, state=BackupRun.RunState.RUNNING, started_at=now)


def end_lost(*, kind: str, but: BackupRun) -> None:
    """Mark runs that never told their end as failed; the caller knows that none is running."""
    BackupRun.objects.filter(kind=kind, state=BackupRun.RunState.RUNNING).exclude(pk=but.pk).update(
        state=BackupRun.RunState.FAILED, error="it ended without a word, killed or cut off"
    )


def fail(*, run: BackupRun, reason: str, now: datetime) -> None:
    """Note why a run failed."""
    run.state, run.error, run.finished_at = BackupRun.RunState.FAILED, reason[:2000], now
    run.save(update_fields=["state", "error", "finished_at"])


def succeed(*, run: BackupRun, manifest: Manifest, now: datetime) -> None:
    """Note a backup that counts."""
    run.state, run.finished_at = BackupRun.RunState.DONE, now
    _describe(run, manifest)
    run.save()


def prove(*, run: BackupRun, proof: Proof, now: datetime) -> None:
    """Note a drill that showed that all is there."""
    run.state, run.finished_at, run.name = BackupRun.RunState.DONE, now, proof.name
    run.seconds, run.tables, run.rows, run.files = proof.took, proof.tables, proof.rows, proof.files
    run.taken_at = manifests.moment(proof.name)
    run.save()


def _describe(run: BackupRun, manifest: Manifest) -> None:
    run.name, run.taken_at, run.seconds = manifest.name, manifest.moment, manifest.seconds
    run.size, run.tables, run.rows = manifest.dump.size, len(manifest.tables), manifest.rows
    run.files, run.file_bytes = manifest.media_files, manifest.media_bytes
    run.encrypted = manifest.sealed_as != "plain"


def follow(*, stored: list[Manifest], now: datetime) -> None:
    """Let the rows follow what is really stored: others may have made or removed backups, or a restore forgot some."""
    made = BackupRun.objects.filter(kind=BackupRun.Kind.BACKUP, state=BackupRun.RunState.DONE)
    made.filter(gone_at=None).exclude(name__in=[manifest.name for manifest in stored]).update(gone_at=now)
    known = set(made.filter(gone_at=None).values_list("name", flat=True))
    for manifest in stored:
        if manifest.name not in known:
            moment = manifest.moment
            run = BackupRun(
                kind=BackupRun.Kind.BACKUP,
                state=BackupRun.RunState.DONE,
                started_at=moment,
                finished_at=moment,
            )
            _describe(run, manifest)
            run.save()
    BackupRun.objects.filter(started_at__lt=now - KEPT).exclude(name__in=known).delete()


def freshness(*, now: datetime) -> Freshness:
    """Return how things stand, from rows alone."""
    done = BackupRun.objects.filter(state=BackupRun.RunState.DONE)
    backups = list(done.filter(kind=BackupRun.Kind.BACKUP, gone_at=None).order_by("-taken_at")[:2])
    drill = done.filter(kind=BackupRun.Kind.DRILL).order_by("-started_at").first()
    newest = backups[0] if backups else None
    return Freshness(
        newest=newest,
        drill=drill,
        late=newest is None or now - newest.moment > timedelta(hours=settings.BACKUP_LATE_HOURS),
        drill_late=drill is None or now - drill.started_at > DRILL_LATE,
        shrunk=len(backups) == 2 and backups[0].size < SHRUNK * backups[1].size,
    )


def ages() -> dict[str, float]:
    """Return for `backup` and `drill` the seconds since the last that counts; what never was is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT kind, extract(epoch FROM now() - max(coalesce(taken_at, started_at)))::float
               FROM workers_backuprun WHERE kind = 'backup' AND state = 'done' AND gone_at IS NULL GROUP BY 1
               UNION ALL
               SELECT kind, extract(epoch FROM now() - max(started_at))::float
               FROM workers_backuprun WHERE kind = 'drill' AND state = 'done' GROUP BY 1"""
        )
        return {kind: max(age, 0.0) for kind, age in cursor.fetchall()}


def health() -> Health:
    """Return what monitors are told: whether the newest backup is young enough, or that none is configured."""
    if not options.configured():
        return "off"
    age = ages().get("backup")
    return "late" if age is None or age > settings.BACKUP_LATE_HOURS * 3600 else "ok"
