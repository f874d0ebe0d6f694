"""The page of a fact: what it says, why it happened, what came of it, and the story of each delivery."""

import json
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commerce.events.models import OutboxEvent
from commerce.orders.models import Order
from workers import lookup, steering
from workers.backoffice import desk, words
from workers.backoffice.event_list import lines
from workers.jobs import idempotency_key
from workers.models import Delivery, DeliveryAttempt, State, SteeringAct

CHAIN = 200  # facts of one chain that are shown
HISTORY = 30  # facts of one thing
TRIES = 200  # tries of one delivery


class EventPage(desk.Page):
    """The page."""

    template_name = "backoffice/events/event.html"
    event: OutboxEvent

    def get_page_title(self) -> str:
        """Call the page by what happened."""
        return self.event.type

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add everything that is known of the fact."""
        self.event = get_object_or_404(OutboxEvent, pk=self.kwargs["pk"])
        event, request = self.event, self.request
        chain = list(OutboxEvent.objects.filter(correlation_id=event.correlation_id).order_by("pk")[:CHAIN])
        history = OutboxEvent.objects.filter(
            aggregate_type=event.aggregate_type, aggregate_id=event.aggregate_id
        ).order_by("-pk")[:HISTORY]
        children = [row for row in chain if row.causation_id == event.event_id]
        return {
            **super().get_context_data(**kwargs),
            "event": event,
            "at": words.moment(event.occurred_at),
            "taken": words.moment(event.fanned_out_at),
            "actor": desk.actors([event.actor], request=request)[event.actor],
            "payload": json.dumps(event.payload, ensure_ascii=False, indent=2, sort_keys=True),
            "trace": event.trace.get("traceparent", ""),
            "thing": _thing(event, request),
            "parent": _parent(event, chain),
            "children": children,
            "chain": _steps(chain, event, request=request),
            "history": lines(list(history), request=request),
            "list_of_chain": f"{reverse('events:index')}?correlation={event.correlation_id}",
            "deliveries": stories(event, request=request, now=timezone.now()),
        }


def _thing(event: OutboxEvent, request: Any) -> str:
    """Return the address of the order's page; other things have none here."""
    if event.aggregate_type != "order" or not request.user.has_perm("commerce.view_order"):
        return ""
    try:
        known = event.aggregate_id.isdigit() and Order.objects.filter(pk=event.aggregate_id).exists()
        return reverse("orders:inspect", args=[event.aggregate_id]) if known else ""
    except (NoReverseMatch, DatabaseError):
        return ""


def _parent(event: OutboxEvent, chain: list[OutboxEvent]) -> OutboxEvent | None:
    if event.causation_id is None:
        return None
    for row in chain:
        if row.event_id == event.causation_id:
            return row
    return OutboxEvent.objects.filter(event_id=event.causation_id).first()


def _steps(chain: list[OutboxEvent], event: OutboxEvent, *, request: Any) -> list[dict[str, Any]]:
    """Return the chain in order, each fact as deep as its causes go."""
    depths: dict[Any, int] = {}
    for row in chain:
        depths[row.event_id] = min(depths.get(row.causation_id, -1) + 1, 6)
    return [
        {**line, "depth": depths[line["row"].event_id], "here": line["row"].pk == event.pk}
        for line in lines(chain, request=request)
    ]


def stories(event: OutboxEvent, *, request: Any, now: datetime) -> list[dict[str, Any]]:
    """Return the deliveries of a fact, each with its timeline and what may be done with it."""
    rows = list(Delivery.objects.filter(event=event).order_by("pk"))
    tries: dict[int, list[DeliveryAttempt]] = {row.pk: [] for row in rows}
    for failure in DeliveryAttempt.objects.filter(delivery__in=rows).order_by("pk")[:TRIES]:
        tries[failure.delivery_id].append(failure)
    acts = list(SteeringAct.objects.filter(delivery__in=tries).order_by("pk"))
    actors = desk.actors((act.actor for act in acts), request=request)
    return [
        {
            "row": row,
            **words.tag(row.state),
            **_kind(row.handler),
            "key": idempotency_key(event_id=event.event_id, handler=row.handler),
            "steps": _story(row, tries[row.pk], [act for act in acts if act.delivery == row.pk], actors),
            "now": _now(row, now),
            "acts": [
                {
                    "label": words.ACTS[act],
                    "serious": act == steering.CANCEL,
                    "address": reverse("events:steer", args=[row.pk, act]),
                }
                for act in steering.possible(state=row.state)
            ],
        }
        for row in rows
    ]


def _kind(name: str) -> dict[str, bool]:
    handler = lookup.handler(name=name)
    return {"known": handler is not None, "external": handler is not None and handler.kind == "external"}


def _story(
    row: Delivery, tries: list[DeliveryAttempt], acts: list[SteeringAct], actors: dict[str, dict[str, str]]
) -> list[dict[str, Any]]:
    steps: list[tuple[datetime, dict[str, Any]]] = [
        (row.created_at, {"text": _("Handed to %(queue)s") % {"queue": row.queue}, "tone": "mute"})
    ]
    steps += [(failure.started_at, _failure(failure)) for failure in tries]
    steps += [
        (act.at, {"text": words.ACTS.get(act.act, act.act), "actor": actors[act.actor], "tone": "calm"})
        for act in acts
    ]
    steps += _end(row, by_hand=bool(acts) and acts[-1].act == steering.CANCEL)
    steps.sort(key=lambda step: step[0])
    return [{**step, "at": words.moment(at)} for at, step in steps]


def _end(row: Delivery, *, by_hand: bool) -> list[tuple[datetime, dict[str, Any]]]:
    """Return how it ended, unless a person's act tells that already."""
    if row.done_at is None or by_hand or row.state not in (State.DONE, State.CANCELLED):
        return []
    end = {"text": words.STATES[row.state], "tone": words.TONES[row.state]}
    if row.state == State.CANCELLED:
        return [(row.done_at, {**end, "error": words.last_line(row.last_error)})]
    took = (row.done_at - row.claimed_at).total_seconds() if row.claimed_at else None
    lasted = "" if took is None else _("took %(time)s") % {"time": words.lasting(took)}
    return [(row.done_at, {**end, "detail": lasted})]


def _failure(failure: DeliveryAttempt) -> dict[str, Any]:
    lost = failure.ms == 0 and failure.error.startswith("lease expired")
    text = _("Worker lost on try %(n)s") if lost else _("Try %(n)s failed")
    parts = [] if lost else [_("after %(time)s") % {"time": words.lasting(failure.ms / 1000)}]
    if failure.http_status:
        parts.append(f"HTTP {failure.http_status}")
    return {
        "text": text % {"n": failure.n},
        "detail": " · ".join(parts),
        "tone": "wait" if lost else "bad",
        "error": words.last_line(failure.error),
        "traceback": failure.error if "\n" in failure.error.strip() else "",
    }


def _now(row: Delivery, now: datetime) -> str:
    """Return what the delivery waits for, in a sentence."""
    wait = words.age((row.available_at - now).total_seconds())
    at = words.moment(row.available_at)
    if row.state == State.RUNNING:
        lease = words.moment(row.lease_until)
        return _("A worker holds it (try %(n)s); its lease ends %(at)s.") % {"n": row.attempts, "at": lease}
    if row.state == State.RETRY and row.available_at > now:
        return _("Next try in %(time)s, at %(at)s.") % {"time": wait, "at": at}
    if row.state == State.PENDING and row.dispatches and row.available_at > now:
        return _("Sent to a worker; sent again at %(at)s if nobody takes it.") % {"at": at}
    if row.state == State.PENDING and row.available_at > now:
        return _("Set aside until %(at)s.") % {"at": at}
    if row.state in (State.PENDING, State.RETRY):
        return _("Due now.")
    return ""
