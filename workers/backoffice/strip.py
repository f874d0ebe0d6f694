"""The strip on top of the list: how far behind, how fast, what the clock and Redis do."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from workers import health
from workers.backoffice import desk, words
from workers.jobs import QUEUES
from workers.models import Schedule
from workers.schedule import JOBS
from workers.sql import DELIVERY

SILENT = 15  # seconds without a heartbeat
WAITING = 30  # seconds that a fact may wait for a relay
TARDY = 60  # seconds that a delivery or a job of the clock may be late
MOST = 200_000  # finished deliveries that are counted


def strip(request: HttpRequest) -> HttpResponse:
    """Answer the strip alone: the page asks for it every few seconds."""
    if not desk.may(request):
        return HttpResponse(status=403)
    return render(request, "backoffice/events/strip.html", numbers(now=timezone.now()))


def numbers(*, now: datetime) -> dict[str, Any]:
    """Return what the strip shows."""
    lag, windows = health.lag(), health.windows()
    return {
        "tiles": [*_lag(lag), *_rates(), _redis(windows)],
        "lanes": [_lane(lane, windows) for lane in health.lanes()],
        "jobs": [_job(row, now) for row in Schedule.objects.order_by("next_at", "name")],
        "at": words.moment(now),
    }


def _lag(lag: health.Lag) -> list[dict[str, Any]]:
    relay, silent = lag["relay"], _("never")
    dead = f"{reverse('events:dead')}"
    return [
        _tile(
            _("Last sign of the relay"),
            silent if relay is None else words.age(relay),
            relay is None or relay > SILENT,
        ),
        _tile(_("Oldest fact not taken up"), words.age(lag["outbox"]), lag["outbox"] > WAITING),
        _tile(_("Oldest due delivery"), words.age(lag["due"]), lag["due"] > TARDY),
        _tile(_("Given up"), lag["dead"], lag["dead"] > 0, address=dead),
    ]


def _rates() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT (SELECT count(*) FROM {DELIVERY}
                        WHERE state = 3 AND done_at > now() - interval '5 min'),
                       (SELECT count(*) FROM (
                          SELECT FROM {DELIVERY} WHERE state = 3 AND done_at > now() - interval '1 hour'
                          LIMIT %s) d),
                       (SELECT count(*) FROM workers_deliveryattempt
                        WHERE started_at > now() - interval '1 hour')""",
            [MOST],
        )
        recent, hour, failed = cursor.fetchone()
    per_hour = _("%(rate)s in the last hour") % {"rate": _per_minute(hour, 60)}
    return [
        _tile(_("Done per minute"), _per_minute(recent, 5), detail=per_hour),
        _tile(_("Failed tries, last hour"), f"{failed:,}", tone="wait" if failed else "mute"),
    ]


def _per_minute(number: int, minutes: int) -> str:
    more = "+" if number >= MOST else ""
    rate = number / minutes
    return f"{rate:,.0f}{more}" if rate >= 10 or rate == 0 else f"{rate:.1f}"


def _redis(windows: dict[str, int] | None) -> dict[str, Any]:
    if windows is None:
        return _tile("Redis", _("silent"), True, detail=_("Deliveries wait; nothing is lost."))
    held = _("%(count)s messages") % {"count": f"{sum(windows.values()):,}"}
    return _tile("Redis", _("answers"), detail=held, tone="good")


def _tile(
    label: str, value: Any, bad: bool = False, *, detail: str = "", tone: str = "", address: str = ""
) -> dict[str, Any]:
    return {
        "label": label,
        "value": value,
        "tone": "bad" if bad else tone or "mute",
        "bad": bad,
        "detail": detail,
        "address": address,
    }


def _lane(lane: health.Lane, windows: dict[str, int] | None) -> dict[str, Any]:
    many = lane.waiting > health.MANY
    depth = (windows or {}).get(lane.queue)
    return {
        "queue": lane.queue,
        "known": lane.queue in QUEUES,
        "waiting": f"{health.MANY:,}+" if many else f"{lane.waiting:,}",
        "running": f"{lane.running:,}",
        "age": words.age(lane.age),
        "late": lane.age > TARDY,
        "window": "–" if depth is None else f"{depth:,}",
    }


def _job(row: Schedule, now: datetime) -> dict[str, Any]:
    late = (now - row.next_at).total_seconds()
    if row.name not in JOBS:
        state = (_("no longer declared"), "mute")
    elif not row.enabled:
        state = (_("switched off"), "wait")
    elif late > TARDY:
        state = (_("%(time)s late") % {"time": words.age(late)}, "bad")
    else:
        state = (_("on time"), "good")
    return {
        "name": row.name,
        "spec": row.spec,
        "last": words.moment(row.last_slot),
        "next": words.moment(row.next_at),
        "word": state[0],
        "tone": state[1],
    }
