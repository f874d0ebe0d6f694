"""What people decide about an import: begin, carry out, stop, go on. A worker does the rest (`running`)."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Literal

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from wagtail.log_actions import log

from cms.importing import access, shelf
from cms.models import CatalogImport, ImportRow
from commerce.events import outbox, types

KEPT = timedelta(days=30)  # files and rows of imports that ended
MOST_TOGETHER = 2_000  # rows that are carried out all or none
SILENT = timedelta(minutes=3)  # without a step: whoever worked is gone, and people may call again

State = CatalogImport.State


class UnableToImport(Exception):
    """An import was refused and nothing was changed."""


class NotAllowed(UnableToImport):
    """This person may not publish products."""


class OneAtATime(UnableToImport):
    """Another import is being carried out."""


class NotChecked(UnableToImport):
    """There is nothing to carry out: it was not checked to the end, is done already or was cancelled."""


class HasErrors(UnableToImport):
    """All rows or none was asked for, and some have errors."""


class TooManyTogether(UnableToImport):
    """All rows or none was asked for more rows than one transaction should hold."""


def ask(*, file: "File[bytes]", pictures: "File[bytes] | None", user: Any, now: datetime) -> CatalogImport:
    """Keep a file and have it checked; nothing of the catalog changes by that.

    Raises:
        NotAllowed: this person may not publish products.
    """
    if not access.may_import(user):
        raise NotAllowed
    _forget_old(now=now)
    name = storages["private"].save(f"imports/{uuid.uuid4().hex}", file)
    zipped = storages["private"].save(f"imports/{uuid.uuid4().hex}.zip", pictures) if pictures else ""
    with transaction.atomic():
        run = CatalogImport.objects.create(
            name=(file.name or "")[-255:].rsplit("/", 1)[-1],
            file=name,
            pictures=zipped,
            asked_by=user,
            asked_at=now,
        )
        _call(run, now=now)
    return run


@transaction.atomic
def confirm(*, run_id: int, together: bool, user: Any, now: datetime) -> CatalogImport:
    """Have a checked file carried out; rows with errors are left out, or nothing is done where `together`.

    Raises:
        UnableToImport: not allowed, not checked, another one is under way, errors or too many rows for together.
    """
    run = CatalogImport.objects.select_for_update(no_key=True).get(pk=run_id)
    if not access.may_import(user):
        raise NotAllowed
    todo = run.rows.filter(outcome__in=[ImportRow.Outcome.NEW, ImportRow.Outcome.CHANGED])
    if run.state != State.CHECKED or not todo.exists():
        raise NotChecked
    if together and run.rows.filter(outcome=ImportRow.Outcome.ERROR).exists():
        raise HasErrors
    if together and todo.count() > MOST_TOGETHER:
        raise TooManyTogether
    run.state, run.position, run.together = State.APPLYING, 0, together
    run.confirmed_by, run.confirmed_at, run.moved_at = user, now, now
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as second:
        raise OneAtATime from second
    _call(run, now=now)
    _note(run, "catalog.import_started", user)
    return run


@transaction.atomic
def cancel(*, run_id: int, user: Any, now: datetime) -> bool:
    """Stop an import where it is; what was carried out stays. Return False when it had ended already."""
    run = CatalogImport.objects.select_for_update(no_key=True).get(pk=run_id)
    if not access.may_import(user):
        raise NotAllowed
    if not run.going_on and run.state != State.CHECKED:
        return False
    run.state, run.finished_at = State.CANCELLED, now
    run.save(update_fields=["state", "finished_at"])
    _note(run, "catalog.import_cancelled", user)
    return True


@transaction.atomic
def go_on(*, run_id: int, user: Any, now: datetime) -> bool:
    """Call a worker again for an import that nobody moved for minutes. Return False when that is not so."""
    run = CatalogImport.objects.select_for_update(no_key=True).get(pk=run_id)
    if not access.may_import(user):
        raise NotAllowed
    if not silent(run=run, now=now):
        return False
    run.moved_at = now
    run.save(update_fields=["moved_at"])
    _call(run, now=now)
    return True


def silent(*, run: CatalogImport, now: datetime) -> bool:
    """Tell whether an import that should go on has not moved for minutes."""
    return run.going_on and (run.moved_at or run.asked_at) < now - SILENT


def _call(run: CatalogImport, *, now: datetime) -> None:
    step: Literal["checking", "applying"] = "applying" if run.state == State.APPLYING else "checking"
    outbox.record(types.CatalogImportAsked(import_id=run.pk, step=step, occurred_at=now))


def _note(run: CatalogImport, action: str, user: Any) -> None:
    index: Any = shelf.index_page()
    if index is not None:
        log(instance=index, action=action, user=user, data={"import": run.pk, "file": run.name})


def _forget_old(*, now: datetime) -> None:
    old = CatalogImport.objects.exclude(state=State.APPLYING).filter(asked_at__lt=now - KEPT)
    for run in old[:20]:
        for name in filter(None, (run.file, run.pictures)):
            storages["private"].delete(name)
        run.delete()
