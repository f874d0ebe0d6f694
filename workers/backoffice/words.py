"""States, acts and times of deliveries in the words of the back office."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cms.backoffice.words import SEOUL, Words
from workers.models import ReplayRun, State

STATES: dict[int, Words] = {
    State.PENDING: pgettext_lazy("delivery", "waiting"),
    State.RUNNING: pgettext_lazy("delivery", "running"),
    State.RETRY: pgettext_lazy("delivery", "trying again"),
    State.DONE: pgettext_lazy("delivery", "done"),
    State.DEAD: pgettext_lazy("delivery", "given up"),
    State.CANCELLED: pgettext_lazy("delivery", "cancelled"),
}
TONES: dict[int, str] = {
    State.PENDING: "calm",
    State.RUNNING: "calm",
    State.RETRY: "wait",
    State.DONE: "good",
    State.DEAD: "bad",
    State.CANCELLED: "mute",
}
RUNS: dict[str, tuple[Words, str]] = {
    ReplayRun.RunState.RUNNING: (pgettext_lazy("replay", "running"), "calm"),
    ReplayRun.RunState.DONE: (pgettext_lazy("replay", "done"), "good"),
    ReplayRun.RunState.CANCELLED: (pgettext_lazy("replay", "cancelled"), "mute"),
}
ACTS: dict[str, Words] = {
    "retry": gettext_lazy("Try now"),
    "again": gettext_lazy("Run again"),
    "cancel": gettext_lazy("Cancel delivery"),
    "retry_dead": gettext_lazy("Try all again"),
    "cancel_dead": gettext_lazy("Cancel all"),
    "replay": gettext_lazy("Replay"),
}


def moment(at: datetime | None) -> str:
    """Return a time in Seoul with its seconds: 2026-11-24 18:30:05."""
    return f"{timezone.localtime(at, SEOUL):%Y-%m-%d %H:%M:%S}" if at else ""


def lasting(seconds: float) -> str:
    """Return a duration that a person grasps: 40 ms, 1.2 s, 3 min, 5 h, 2 d."""
    for size, text in ((86_400, _("%(n)s d")), (3_600, _("%(n)s h")), (60, _("%(n)s min"))):
        if seconds >= 2 * size:
            return text % {"n": int(seconds // size)}
    if seconds >= 10:
        return _("%(n)s s") % {"n": round(seconds)}
    return _("%(n)s s") % {"n": f"{seconds:.2g}"} if seconds >= 1 else f"{round(seconds * 1000)} ms"


def age(seconds: float) -> str:
    """Return how long something waits: whole seconds are enough."""
    return lasting(seconds) if seconds >= 1 else "0"


def tag(state: int) -> dict[str, Any]:
    """Return a state as word and colour."""
    return {"word": STATES[state], "tone": TONES[state]}


def last_line(text: str) -> str:
    """Return what an error says: the last line of its traceback."""
    lines = text.strip().splitlines()
    return lines[-1][:300] if lines else ""
