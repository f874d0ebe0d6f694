"""Move an import on, one chunk at a time. Each chunk commits together with the place it reached: whoever goes on
after a crash, or beside another worker, finds the next row, and none is carried out twice.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.db import InterfaceError, OperationalError, transaction
from wagtail.log_actions import log

from cms.importing import batch, columns, judging, loading, noting, pages, pictures, shelf, stocking
from cms.importing.access import may_import, may_stock
from cms.importing.files import Unreadable
from cms.importing.judged import Judged
from cms.importing.pictures import Fetch, Zip
from cms.importing.shelf import Shelf
from cms.models import CatalogImport, ImportRow
from commerce import copies
from commerce.events import outbox

logger = logging.getLogger(__name__)
State, Outcome = CatalogImport.State, ImportRow.Outcome
Rows = Sequence[ImportRow]  # of one product

CHECKED_AT_ONCE = 200  # products that are judged in one transaction
WRITTEN_AT_ONCE = 200  # products that are written in one transaction


class _NotAll(Exception):
    """A row failed where all were to be carried out or none."""

    def __init__(self, rows: Sequence[ImportRow]) -> None:
        super().__init__()
        self.rows = rows


def advance(*, run_id: int, fetch: Fetch, now: datetime) -> bool:
    """Move an import on by one chunk; return whether there is more to do. `fetch` gets a picture from an address."""
    run = CatalogImport.objects.filter(pk=run_id).first()
    if run is None or not run.going_on:
        return False
    try:
        with pictures.opened(run=run) as zipped:
            if run.state == State.APPLYING:
                return _carry_out(run, zipped, fetch, now=now)
            return _load(run, now=now) if not run.loaded else _check(run, zipped, now=now)
    except Unreadable as trouble:
        _fail(run.pk, trouble.why, trouble.detail, now=now)
    except FileNotFoundError:
        _fail(run.pk, "lost", now=now)
    return False


def _locked(run_id: int) -> CatalogImport:
    return CatalogImport.objects.select_for_update(no_key=True).get(pk=run_id)


def _fail(run_id: int, why: str, detail: str = "", *, now: datetime) -> None:
    CatalogImport.objects.filter(pk=run_id).update(
        state=State.FAILED, error=why, detail=detail[:255], finished_at=now, moved_at=now
    )


@transaction.atomic
def _load(seen: CatalogImport, *, now: datetime) -> bool:
    run = _locked(seen.pk)
    if run.loaded or run.state != State.CHECKING:
        return True
    if shelf.index_page() is None:
        raise Unreadable("nowhere")
    with storages["private"].open(run.file) as file:
        loading.load(run=run, file=file)
    run.moved_at = now
    run.save()
    return True


# --- checking ---------------------------------------------------------------------------------------------


@transaction.atomic
def _check(seen: CatalogImport, zipped: Zip, *, now: datetime) -> bool:
    run = _locked(seen.pk)
    if run.state != State.CHECKING:
        return run.going_on
    last = run.position + CHECKED_AT_ONCE
    rows = list(run.rows.filter(group__gt=run.position, group__lte=last).order_by("group", "line"))
    around = shelf.read(run=run, rows=rows, zipped=zipped)
    for judged in _judged(run, rows, around):
        judging.settle(judged=judged)
    noting.judged(rows=rows)
    run.position, run.moved_at = min(last, run.groups), now
    if run.position >= run.groups:
        run.state, run.checked_at = State.CHECKED, now
    run.save(update_fields=["position", "moved_at", "state", "checked_at"])
    return run.state == State.CHECKING


def _judged(run: CatalogImport, rows: Sequence[ImportRow], around: Shelf) -> list[Judged]:
    allowed = may_stock(run.confirmed_by or run.asked_by)
    by_sku = run.kind == CatalogImport.Kind.FEED
    return [
        judging.judge(rows=group, shelf=around, by_sku=by_sku, stock_allowed=allowed)
        for group in _groups(rows)
    ]


def _groups(rows: Sequence[ImportRow]) -> list[Rows]:
    groups: dict[int, list[ImportRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return list(groups.values())


# --- carrying out -----------------------------------------------------------------------------------------


def _carry_out(seen: CatalogImport, zipped: Zip, fetch: Fetch, *, now: datetime) -> bool:
    wanted = _next(seen)
    wrong = pictures.bring(
        names=_new_pictures(wanted), zipped=zipped, fetch=fetch, now=now
    )  # in no transaction
    try:
        with outbox.acting(f"user:{seen.confirmed_by_id}" if seen.confirmed_by_id else outbox.actor()):
            return _write(seen, zipped, wrong, now=now)
    except _NotAll as failed:
        with transaction.atomic():
            ImportRow.objects.bulk_update(failed.rows, ["outcome", "messages"])
            _fail(seen.pk, "together", now=now)
        return False


def _next(run: CatalogImport) -> list[ImportRow]:
    """Return the rows of the next products that have something to do; all of them where it is all or none."""
    waiting = run.rows.filter(group__gt=run.position, outcome__in=[Outcome.NEW, Outcome.CHANGED])
    groups = waiting.order_by("group").values_list("group", flat=True).distinct()
    chosen = list(groups if run.together else groups[:WRITTEN_AT_ONCE])
    return list(run.rows.filter(group__in=chosen).order_by("group", "line"))


def _new_pictures(rows: Sequence[ImportRow]) -> list[str]:
    return [
        name
        for row in rows
        for column, _before, after in row.changes
        if column in ("pictures", "variant_picture")
        for name in columns.several(after)
    ]


@transaction.atomic
def _write(seen: CatalogImport, zipped: Zip, wrong: dict[str, pictures.Unfetched], *, now: datetime) -> bool:
    run = _locked(seen.pk)
    if run.state != State.APPLYING or run.position != seen.position:
        return run.going_on  # cancelled, or somebody else was faster
    if not may_import(run.confirmed_by):
        raise Unreadable("denied")
    rows = _next(run)
    if rows:
        transaction.on_commit(
            copies.forget, robust=True
        )  # out here once, not in the savepoint of each product
        groups = _groups(rows)
        written = [
            judged
            for first in range(0, len(groups), WRITTEN_AT_ONCE)
            for judged in _carry(run, groups[first : first + WRITTEN_AT_ONCE], zipped, wrong, now=now)
        ]
        stocking.count(products=written, name=run.name, now=now)
        if run.together and any(row.outcome == Outcome.ERROR for row in rows):
            raise _NotAll([row for row in rows if row.outcome == Outcome.ERROR])
        noting.applied(rows=rows)
        run.position = rows[-1].group
    if not rows or run.together:
        run.state, run.finished_at = State.DONE, now
        _audit(run)
    run.moved_at = now
    run.save(update_fields=["position", "moved_at", "state", "finished_at"])
    return run.state == State.APPLYING


def _carry(
    run: CatalogImport,
    groups: Sequence[Rows],
    zipped: Zip,
    wrong: dict[str, pictures.Unfetched],
    *,
    now: datetime,
) -> list[Judged]:
    """Write products together in a savepoint; return those that were written.

    Where that fails they are read again and written in halves, until whoever is to blame stands alone: what goes
    wrong is told by its rows and hinders nobody else.
    """
    rows = [row for group in groups for row in group]
    around = shelf.read(run=run, rows=rows, zipped=zipped)
    products = _judged(run, rows, around)
    for judged in products:
        _since_checked(judged, wrong)
    good = [judged for judged in products if judged.good]
    suited = batch.suits(products=good) if len(groups) > 1 else []
    try:
        _together(suited, around, run)
    except (OperationalError, InterfaceError):
        raise  # the database is away: the whole chunk is tried again
    except Exception:  # noqa: BLE001  # whoever it was stands alone in the end: `_alone` logs and tells it
        half = len(groups) // 2
        return [
            judged
            for some in (groups[:half], groups[half:])
            for judged in _carry(run, some, zipped, wrong, now=now)
        ]
    together = set(map(id, suited))
    for judged in good:
        if id(judged) not in together:
            _alone(judged, around, run)
    for judged in products:
        _note(judged, now=now)
    return [judged for judged in products if judged.good]


def _together(products: Sequence[Judged], around: Shelf, run: CatalogImport) -> None:
    if products:
        with transaction.atomic():
            pages.quietly(lambda: batch.write(products=products, shelf=around, user=run.confirmed_by))


def _alone(judged: Judged, around: Shelf, run: CatalogImport) -> None:
    """Write one product in a savepoint, step by step as Wagtail does."""
    try:
        with transaction.atomic():
            pages.quietly(lambda: pages.write(judged=judged, shelf=around, user=run.confirmed_by))
    except (OperationalError, InterfaceError):
        raise
    except pages.Refused as refusal:
        judged.wrong(judged.rows[0], refusal.code, refusal.column, **refusal.values)
    except ValidationError as refusal:
        judged.wrong(judged.rows[0], "refused", why=" ".join(refusal.messages))
    except Exception:
        logger.exception("import %s: the product of line %s", run.pk, judged.rows[0].line)
        judged.wrong(judged.rows[0], "unexpected")


def _note(judged: Judged, *, now: datetime) -> None:
    for row in judged.rows:
        row.messages = judged.errors.get(row.line, [])
        if not judged.good:
            row.messages = row.messages or [{"code": "sibling", "column": "", "values": {}}]
            row.outcome = Outcome.ERROR
        else:
            row.applied_at = now


def _since_checked(judged: Judged, wrong: dict[str, pictures.Unfetched]) -> None:
    """Refuse what is not what the editor saw: a page that changed since, a picture that did not come."""
    first, page = judged.rows[0], judged.page
    if first.revision != (page.latest_revision_id if page else None):
        judged.wrong(first, "moved")
    for row in judged.rows:
        for name in _new_pictures([row]):
            if name in wrong:
                judged.wrong(row, wrong[name].code, "pictures", name=name, why=wrong[name])


def _audit(run: CatalogImport) -> None:
    index: Any = shelf.index_page()
    if index is not None:
        data = {"import": run.pk, "file": run.name, "rows": run.rows.exclude(applied_at=None).count()}
        log(instance=index, action="catalog.import", user=run.confirmed_by, data=data)
