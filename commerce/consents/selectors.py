"""What holds of somebody's consents now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from commerce.consents import hours, kinds
from commerce.consents.models import Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One kind as it stands: given or not, since when, and the kind itself."""

    kind: kinds.Kind
    given: bool
    at: datetime | None
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Somebody whose consents to advertisements are to be confirmed again; `kinds` in the order of the pages."""

    user_id: int
    kinds: tuple[str, ...]


def standing(*, user_id: int) -> list[Standing]:
    """Return every kind with what the newest row says of it."""
    rows = Consent.objects.filter(user_id=user_id).order_by("kind", "-id").distinct("kind")
    newest = {row.kind: row for row in rows}
    return [_standing(kind, newest.get(kind.code)) for kind in kinds.ALL]


def holds(*, user_id: int, kind: str) -> bool:
    """Return whether somebody agrees to this now; without any row they do not."""
    newest = Consent.objects.filter(user_id=user_id, kind=kind).order_by("-id").first()
    return newest is not None and newest.given


def may_advertise(*, user_id: int, kind: str, now: datetime) -> bool:
    """Return whether an advertisement may leave for somebody at `now`: they agree to this kind, and the hour allows it.

    Whoever sends advertisements asks this at the moment of sending, for each person.

    Raises:
        ValueError: `kind` is no consent to advertisements.
    """
    return hours.may_send(kind=kind, now=now) and holds(user_id=user_id, kind=kind)


def due_for_reconfirmation(*, now: datetime, after: timedelta, limit: int) -> Iterator[Due]:
    """Yield up to `limit` people whose consent to advertisements is older than `after` and was not confirmed since.

    The Network Act §50(8) asks for a notice every two years; who says nothing keeps what they chose (decree §62-3).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE, {"kinds": [kind.code for kind in kinds.OPTIONAL], "before": now - after, "limit": limit}
        )
        rows = cursor.fetchall()
    order = [kind.code for kind in kinds.OPTIONAL]
    for user_id, codes in rows:
        yield Due(user_id=user_id, kinds=tuple(sorted(codes, key=order.index)))


_DUE = """
    SELECT newest.user_id, array_agg(newest.kind)
    FROM (
        SELECT DISTINCT ON (c.user_id, c.kind) c.user_id, c.kind, c.given, c.at
        FROM commerce_consent c
        WHERE c.kind = ANY(%(kinds)s)
        ORDER BY c.user_id, c.kind, c.id DESC
    ) newest
    JOIN commerce_user u ON u.id = newest.user_id AND u.is_active
    WHERE newest.given AND newest.at < %(before)s
    GROUP BY newest.user_id
    ORDER BY newest.user_id
    LIMIT %(limit)s
"""


def _standing(kind: kinds.Kind, row: Consent | None) -> Standing:
    return Standing(
        kind=kind,
        given=row is not None and row.given,
        at=row.at if row else None,
        version=row.text_version if row else "",
    )
