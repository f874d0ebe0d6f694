"""The page "Backups": whether the shop would survive the loss of its database tonight, and how that is known."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from workers.backoffice import desk, words
from workers.backup import command, options, records
from workers.models import BackupRun

RECENT = 15  # runs that are listed
STATES = {
    BackupRun.RunState.RUNNING: (pgettext_lazy("backup", "running"), "calm"),
    BackupRun.RunState.DONE: (pgettext_lazy("backup", "done"), "good"),
    BackupRun.RunState.FAILED: (pgettext_lazy("backup", "failed"), "bad"),
}
KINDS = {
    BackupRun.Kind.BACKUP: gettext_lazy("Backup"),
    BackupRun.Kind.DRILL: gettext_lazy("Drill"),
}


class BackupPage(desk.Page):
    """The page, for whoever may see "Events"."""

    template_name = "backoffice/backups.html"
    header_icon = "download"
    title = gettext_lazy("Backups")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead home only: it has no pages below it."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how things stand, what is stored, and what was done last."""
        now = timezone.now()
        found = records.freshness(now=now)
        there = BackupRun.objects.filter(
            kind=BackupRun.Kind.BACKUP, state=BackupRun.RunState.DONE, gone_at=None
        ).order_by("-taken_at")
        return {
            **super().get_context_data(**kwargs),
            "configured": options.configured(),
            "found": found,
            "troubles": _troubles(found, now) if options.configured() else [],
            "tiles": _tiles(found, now),
            "backups": [_backup(run, now) for run in there],
            "runs": [_run(run) for run in BackupRun.objects.order_by("-started_at")[:RECENT]],
            "kept": {
                "daily": settings.BACKUP_KEEP_DAILY,
                "weekly": settings.BACKUP_KEEP_WEEKLY,
                "monthly": settings.BACKUP_KEEP_MONTHLY,
            },
        }


def _troubles(found: records.Freshness, now: datetime) -> list[str]:
    told = []
    if found.newest is None:
        told.append(_("There is no backup yet."))
    elif found.late:
        told.append(
            _("The newest backup is %(age)s old: last night's is missing.") % {"age": _age(found.newest, now)}
        )
    if found.shrunk:
        told.append(_("The newest backup is more than a fifth smaller than the one before."))
    if found.newest and found.drill_late:
        told.append(_("No backup was restored on trial within eight days."))
    return told


def _tiles(found: records.Freshness, now: datetime) -> list[dict[str, Any]]:
    newest, drill = found.newest, found.drill
    return [
        {
            "label": _("Newest backup"),
            "value": _("%(age)s ago") % {"age": _age(newest, now)} if newest else "–",
            "detail": words.moment(newest.moment) if newest else "",
            "tone": "bad" if found.late else "good",
        },
        {
            "label": _("Database"),
            "value": command.size(newest.size) if newest else "–",
            "detail": _("%(rows)s rows") % {"rows": f"{newest.rows:,}"} if newest else "",
            "tone": "bad" if found.shrunk else "mute",
        },
        {
            "label": _("Files"),
            "value": f"{newest.files:,}" if newest else "–",
            "detail": command.size(newest.file_bytes) if newest else "",
            "tone": "mute",
        },
        {
            "label": _("Last drill"),
            "value": _("%(age)s ago") % {"age": words.age((now - drill.started_at).total_seconds())}
            if drill
            else "–",
            "detail": _("restored in %(time)s") % {"time": words.lasting(drill.seconds)} if drill else "",
            "tone": "bad" if found.drill_late else "good",
        },
    ]


def _age(run: BackupRun, now: datetime) -> str:
    return words.age((now - run.moment).total_seconds())


def _backup(run: BackupRun, now: datetime) -> dict[str, Any]:
    return {
        "name": run.name,
        "at": words.moment(run.moment),
        "age": _age(run, now),
        "size": command.size(run.size),
        "rows": f"{run.rows:,}",
        "files": f"{run.files:,}",
        "took": words.lasting(run.seconds),
        "encrypted": run.encrypted,
    }


def _run(run: BackupRun) -> dict[str, Any]:
    word, tone = STATES[BackupRun.RunState(run.state)]
    return {
        "kind": KINDS[BackupRun.Kind(run.kind)],
        "name": run.name,
        "at": words.moment(run.started_at),
        "word": word,
        "tone": tone,
        "error": run.error,
    }
