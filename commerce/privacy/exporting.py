"""A copy of everything about a customer: asked for on my page, made by a worker, fetched within a week.

PIPA §35 (access) and §35-2 (in a form that machines can read): JSON for machines and a page for people, in one zip.
"""

import io
import json
import uuid
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import get_random_string

from commerce.customers.models import User
from commerce.events import outbox, types
from commerce.privacy import parts, wording
from commerce.privacy.models import PersonalExport
from commerce.privacy.shapes import Part, Rows

KEPT = timedelta(days=7)  # how long a copy can be fetched
_State = PersonalExport.State


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part as the page for people shows it: rows of labels and values."""

    title: str
    rows: list[list[tuple[str, Any]]]


@transaction.atomic
def ask(*, customer_id: int, language: str, now: datetime) -> PersonalExport:
    """Have a copy made and return it; while one is being made, that one."""
    User.objects.select_for_update(no_key=True).get(pk=customer_id)
    waiting = PersonalExport.objects.filter(customer_id=customer_id, state=_State.WAITING).first()
    if waiting:
        return waiting
    row = PersonalExport.objects.create(
        customer_id=customer_id, language=language, requested_at=now, parts=len(parts.all_parts())
    )
    outbox.record(types.ExportRequested(export_id=row.pk, customer_id=customer_id, occurred_at=now))
    return row


def newest(*, customer_id: int, now: datetime) -> PersonalExport | None:
    """Return the copy that is being made or can be fetched."""
    row = PersonalExport.objects.filter(customer_id=customer_id).first()
    return None if row and row.expires_at and row.expires_at <= now else row


def open_file(*, customer_id: int, key: uuid.UUID, now: datetime) -> File | None:  # type: ignore[type-arg]  # bytes
    """Return a customer's copy to read; None when it is somebody else's, not ready, over or gone."""
    rows = PersonalExport.objects.filter(
        customer_id=customer_id, key=key, state=_State.READY, expires_at__gt=now
    )
    row = rows.first()
    try:
        return storages["private"].open(row.file) if row else None
    except FileNotFoundError:
        return None


def make(*, export_id: int, now: datetime) -> None:
    """Make a copy and say with every part how far it is; one that is ready, or whose customer left, is left alone."""
    row = PersonalExport.objects.select_related("customer").filter(pk=export_id, state=_State.WAITING).first()
    if row is None or not row.customer.is_active:
        return
    with translation.override(row.language):
        content = _zip(row, now)
    name = storages["private"].save(f"exports/{get_random_string(40)}.zip", ContentFile(content))
    with transaction.atomic():
        changed = PersonalExport.objects.filter(pk=row.pk, state=_State.WAITING)
        done = changed.update(
            state=_State.READY, file=name, ready_at=now, expires_at=now + KEPT, done=row.parts
        )
        if done:
            outbox.record(types.ExportReady(export_id=row.pk, customer_id=row.customer_id, occurred_at=now))
    if not done:  # the customer left meanwhile, or another worker was faster
        storages["private"].delete(name)


def forget_expired(*, now: datetime) -> int:
    """Delete the copies whose week is over, files first; return how many."""
    rows = list(PersonalExport.objects.filter(expires_at__lte=now)[:500])
    forget(rows=rows)
    return len(rows)


def forget(*, rows: list[PersonalExport]) -> None:
    """Delete copies, files first; a file that is gone already does not matter."""
    for row in rows:
        if row.file:
            storages["private"].delete(row.file)
    PersonalExport.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _zip(row: PersonalExport, now: datetime) -> bytes:
    target, data, chapters = io.BytesIO(), {}, []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, part in enumerate(parts.all_parts(), start=1):
            data[part.name] = part.collect(row.customer_id)
            chapters.append(_chapter(part, data[part.name]))
            PersonalExport.objects.filter(pk=row.pk).update(done=number)
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2))
        page = render_to_string(
            "privacy/export.html", {"chapters": chapters, "at": now, "language": row.language}
        )
        archive.writestr("index.html", page)
        _photos(archive, row.customer_id)
    return target.getvalue()


def _photos(archive: zipfile.ZipFile, customer_id: int) -> None:
    for number, name in enumerate(parts.photo_names(customer_id=customer_id), start=1):
        try:
            with storages["private"].open(name) as photo:
                archive.writestr(f"photos/{number}.jpg", photo.read())
        except FileNotFoundError:
            continue  # its time was over: `commerce.claims.forgetting`


def _chapter(part: Part, rows: Rows) -> Chapter:
    return Chapter(str(part.title), [wording.labelled(row) for row in rows])
