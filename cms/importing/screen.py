"""An import and its rows as the screens show them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cms.backoffice import words as shop_words
from cms.importing import services
from cms.importing.words import message, reason
from cms.models import CatalogImport, ImportRow

State, Outcome = CatalogImport.State, ImportRow.Outcome
_TONES: dict[str, str] = {
    State.CHECKING: "wait",
    State.CHECKED: "calm",
    State.APPLYING: "wait",
    State.DONE: "good",
    State.CANCELLED: "mute",
    State.FAILED: "bad",
}
_OUTCOMES: dict[str, tuple[Any, str]] = {
    Outcome.ERROR: (gettext_lazy("With errors"), "bad"),
    Outcome.NEW: (pgettext_lazy("import", "New"), "good"),
    Outcome.CHANGED: (gettext_lazy("Changed"), "calm"),
    Outcome.SAME: (gettext_lazy("Unchanged"), "mute"),
    Outcome.WAITING: (gettext_lazy("Waiting"), "mute"),
}
_LONGEST = 160  # characters of a value that the table shows


def shown(*, run: CatalogImport, now: datetime) -> dict[str, Any]:
    """Return an import in words."""
    ended = run.state in (State.CHECKED, State.DONE)
    return {
        "run": run,
        "kind": run.get_kind_display() if run.kind else "",
        "word": run.get_state_display(),
        "tone": _TONES[run.state],
        "percent": 100 if ended else min(99, run.position * 100 // run.groups) if run.groups else 0,
        "rows": f"{run.rows_total:,}",
        "reason": reason(why=run.error, detail=run.detail) if run.error else "",
        "silent": services.silent(run=run, now=now),
        "asked_at": shop_words.moment(run.asked_at),
        "confirmed_at": shop_words.moment(run.confirmed_at) if run.confirmed_at else "",
        "finished_at": shop_words.moment(run.finished_at) if run.finished_at else "",
    }


def tabs(*, counts: Mapping[str, int], chosen: str, total: int) -> list[dict[str, Any]]:
    """Return how many rows there are of each kind, each a way to see only those."""
    every = {"name": "", "label": _("All"), "tone": "mute", "number": total, "here": not chosen}
    return [
        every,
        *(
            {"name": name, "label": label, "tone": tone, "number": counts[name], "here": chosen == name}
            for name, (label, tone) in _OUTCOMES.items()
            if counts.get(name)
        ),
    ]


def line(*, row: ImportRow) -> dict[str, Any]:
    """Return a row with its messages and the difference it makes."""
    label, tone = _OUTCOMES[row.outcome]
    return {
        "row": row,
        "label": _("Done") if row.applied_at and row.outcome != Outcome.ERROR else label,
        "tone": "good" if row.applied_at and row.outcome != Outcome.ERROR else tone,
        "messages": [{"column": entry["column"], "text": message(entry)} for entry in row.messages],
        "changes": [
            {"column": column, "before": _short(before), "after": _short(after)}
            for column, before, after in row.changes
        ],
    }


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
