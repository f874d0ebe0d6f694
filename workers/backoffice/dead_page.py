"""What was given up: by handler and by what the error says, with the acts for all of a handler."""

from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workers import lookup
from workers.backoffice import desk, words
from workers.models import State, SteeringAct
from workers.sql import DELIVERY

GROUPS = 100  # errors that are shown
ACTS = 20  # of people


class DeadPage(desk.Page):
    """The page."""

    template_name = "backoffice/events/dead.html"
    title = _("Given up")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the groups, and what people did of late."""
        groups = grouped()
        return {
            **super().get_context_data(**kwargs),
            "groups": groups,
            "cut": sum(len(group["errors"]) for group in groups) >= GROUPS,
            "acts": _acts(self.request),
        }


def grouped() -> list[dict[str, Any]]:
    """Return dead deliveries by handler, and within it by the last line of the error, most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT handler, left(split_part(rtrim(last_error, E'\\n '), E'\\n', -1), 300) AS said,
                       count(*), min(available_at), max(available_at), max(event_id),
                       sum(count(*)) OVER (PARTITION BY handler)
                FROM {DELIVERY} WHERE state = 4
                GROUP BY 1, 2 ORDER BY 7 DESC, 1, 3 DESC, 2 LIMIT %s""",
            [GROUPS],
        )
        rows = cursor.fetchall()
    groups: dict[str, dict[str, Any]] = {}
    for handler, said, count, first, last, event, total in rows:
        group = groups.setdefault(handler, _group(handler, int(total)))
        group["errors"].append(
            {
                "said": said,
                "count": f"{count:,}",
                "first": words.moment(first),
                "last": words.moment(last),
                "example": reverse("events:event", args=[event]),
            }
        )
    return list(groups.values())


def _group(handler: str, total: int) -> dict[str, Any]:
    asked = urlencode({"handler": handler})
    return {
        "handler": handler,
        "known": lookup.handler(name=handler) is not None,
        "total": f"{total:,}",
        "retry": f"{reverse('events:dead_act', args=['retry'])}?{asked}",
        "cancel": f"{reverse('events:dead_act', args=['cancel'])}?{asked}",
        "list": f"{reverse('events:index')}?{asked}&state={State.DEAD:d}",
        "errors": [],
    }


def _acts(request: Any) -> list[dict[str, Any]]:
    rows = list(SteeringAct.objects.order_by("-pk")[:ACTS])
    actors = desk.actors((row.actor for row in rows), request=request)
    return [
        {
            "row": row,
            "at": words.moment(row.at),
            "actor": actors[row.actor],
            "act": words.ACTS.get(row.act, row.act),
            "count": f"{row.count:,}",
        }
        for row in rows
    ]
