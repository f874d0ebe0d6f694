"""Write into the rows of a file what was found and done: many of them with one statement."""

import json
from collections.abc import Sequence

from cms.models import ImportRow
from commerce.rows import send

_JUDGED = """
    UPDATE cms_importrow row SET outcome = found.outcome, messages = found.messages::jsonb,
        changes = found.changes::jsonb, revision = found.revision
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::integer[])
        AS found (id, outcome, messages, changes, revision)
    WHERE row.id = found.id
"""
_APPLIED = """
    UPDATE cms_importrow row SET outcome = found.outcome, messages = found.messages::jsonb,
        applied_at = found.applied_at
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[]) AS found (id, outcome, messages, applied_at)
    WHERE row.id = found.id
"""


def judged(*, rows: Sequence[ImportRow]) -> None:
    """Keep what a check found of rows."""
    if rows:
        kept = (_json([row.changes for row in rows]), [row.revision for row in rows])
        send((_JUDGED, [*_found(rows), *kept]))


def applied(*, rows: Sequence[ImportRow]) -> None:
    """Keep what became of rows: when they were carried out, or why not."""
    if rows:
        send((_APPLIED, [*_found(rows), [row.applied_at for row in rows]]))


def _found(rows: Sequence[ImportRow]) -> list[list[object]]:
    return [
        [row.pk for row in rows],
        [str(row.outcome) for row in rows],
        _json([row.messages for row in rows]),
    ]


def _json(values: Sequence[object]) -> list[object]:
    return [json.dumps(value, ensure_ascii=False) for value in values]
