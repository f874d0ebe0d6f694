"""The list of facts, newest first. It stays fast with millions: a cursor instead of page numbers, no full count."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commerce.events.base import registry
from commerce.events.models import OutboxEvent
from workers.backoffice import desk, strip, words
from workers.models import Delivery, State
from workers.routing import HANDLERS, ROUTES

PER_PAGE = 50
COUNTED = 10_000  # facts; more is more
PATIENCE = 3  # seconds that PostgreSQL may look


def _choices(names: Iterable[str]) -> list[tuple[str, Any]]:
    return [("", _("All")), *((name, name) for name in sorted(names))]


class Filters(forms.Form):
    """What an operator asks for. Everything is optional."""

    type = forms.CharField(label=pgettext_lazy("events", "Type"), required=False)
    handler = forms.CharField(label=_("Handler"), required=False)
    state = forms.TypedChoiceField(
        label=_("State of a delivery"), required=False, coerce=int, empty_value=None
    )
    aggregate_type = forms.CharField(label=pgettext_lazy("events", "About"), required=False)
    aggregate_id = forms.CharField(label=_("Its id"), required=False, max_length=64)
    correlation = forms.UUIDField(label=_("Correlation id"), required=False)
    actor = forms.CharField(
        label=_("By"),
        required=False,
        max_length=254,
        help_text=_("An e-mail address of staff, or shopper, system, worker:…"),
    )
    since = forms.DateTimeField(label=pgettext_lazy("events", "From"), required=False)
    until = forms.DateTimeField(label=pgettext_lazy("events", "Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = registry()
        nouns = {fact.aggregate[0] for fact in facts.values() if hasattr(fact, "aggregate")}
        self.fields["type"].widget = forms.Select(choices=_choices(facts))
        self.fields["aggregate_type"].widget = forms.Select(choices=_choices(nouns))
        self.fields["handler"].widget = forms.TextInput(attrs={"list": "ev-handlers", "autocomplete": "off"})
        self.fields["state"].choices = [("", _("All")), *words.STATES.items()]  # type: ignore[attr-defined]
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateTimeInput(
                attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
            )

    def clean_actor(self) -> str:
        """Return the actor as facts name it; staff is found by e-mail address."""
        actor = str(self.cleaned_data["actor"]).strip()
        if "@" not in actor:
            return actor
        person = get_user_model()._default_manager.filter(email__iexact=actor).first()
        if person is None:
            raise forms.ValidationError(_("Nobody has this e-mail address."))
        return f"user:{person.pk}"

    @property
    def active(self) -> bool:
        """Tell whether anything is asked for."""
        return any(self.data.get(name) for name in self.fields)


def found(wanted: dict[str, Any]) -> QuerySet[OutboxEvent]:
    """Return the facts that filters ask for, newest first.

    With a period they come in the order of time, otherwise in the order of recording: each has its index.
    """
    rows = OutboxEvent.objects.all()
    for field, name in (
        ("type", "type"),
        ("aggregate_type", "aggregate_type"),
        ("aggregate_id", "aggregate_id"),
        ("correlation_id", "correlation"),
        ("occurred_at__gte", "since"),
        ("occurred_at__lt", "until"),
        ("actor", "actor"),
    ):
        if wanted.get(name):
            rows = rows.filter(**{field: wanted[name]})
    if (wanted.get("actor") or "").startswith("user:"):
        rows = rows.filter(actor__startswith="user:")  # the index of people asks for it
    rows = _delivered(rows, wanted.get("handler") or "", wanted.get("state"))
    return rows.order_by("-occurred_at", "-pk") if _timed(wanted) else rows.order_by("-pk")


def _delivered(rows: QuerySet[OutboxEvent], handler: str, state: int | None) -> QuerySet[OutboxEvent]:
    if not handler and state is None:
        return rows
    deliveries = Delivery.objects.all()
    if handler:
        deliveries = deliveries.filter(handler=handler)
        if handler in HANDLERS:  # its facts have an index, its deliveries have none
            routed = [name for name, handlers in ROUTES.items() if HANDLERS[handler] in handlers]
            rows = rows.filter(type__in=routed) if routed else rows
    if state is None:
        return rows.filter(Exists(deliveries.filter(event=OuterRef("pk"))))
    deliveries = deliveries.filter(state=state)
    if state == State.DONE:
        return rows.filter(Exists(deliveries.filter(event=OuterRef("pk"))))
    return rows.filter(pk__in=deliveries.values("event"))  # few: begin with them


def _timed(wanted: dict[str, Any]) -> bool:
    return bool(wanted.get("since") or wanted.get("until"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page of facts; `older` is the cursor of the next, None at the end. `slow`: PostgreSQL gave up."""

    rows: list[OutboxEvent]
    older: int | None
    count: int | None
    slow: bool = False


def read(*, wanted: dict[str, Any], before: int | None, size: int = PER_PAGE) -> Shown:
    """Read one page within a few seconds."""
    rows = found(wanted)
    try:
        page = list(_limited(_before(rows, wanted, before)[: size + 1], PATIENCE))
    except OperationalError:
        return Shown(rows=[], older=None, count=None, slow=True)
    older = page[size - 1].pk if len(page) > size else None
    return Shown(rows=page[:size], older=older, count=_count(rows))


def _before(rows: QuerySet[OutboxEvent], wanted: dict[str, Any], before: int | None) -> QuerySet[OutboxEvent]:
    if before is None:
        return rows
    mark = OutboxEvent.objects.filter(pk=before).first() if _timed(wanted) else None
    if mark is None:
        return rows.filter(pk__lt=before)
    at = mark.occurred_at
    return rows.filter(occurred_at__lte=at).filter(Q(occurred_at__lt=at) | Q(pk__lt=before))


def _count(rows: QuerySet[OutboxEvent]) -> int | None:
    """Count up to a bound; None when even that takes long."""
    try:
        return len(_limited(rows.order_by().values_list("pk")[: COUNTED + 1], 1))
    except OperationalError:
        return None


def _limited(rows: QuerySet[Any], seconds: int) -> list[Any]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{seconds}s'")
        result = list(rows)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    return result


class EventList(desk.Page):
    """The page."""

    template_name = "backoffice/events/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the strip, the filters and one page of facts."""
        filters = Filters(self.request.GET or {})
        wanted = filters.cleaned_data if filters.is_valid() else {}
        before = self.request.GET.get("before", "")
        shown = read(wanted=wanted, before=int(before) if before.isdecimal() and len(before) < 19 else None)
        return {
            **super().get_context_data(**kwargs),
            **strip.numbers(now=timezone.now()),
            "filters": filters,
            "handlers": sorted(HANDLERS),
            "rows": lines(shown.rows, request=self.request),
            "shown": shown,
            "total": _total(shown.count),
            "older": self._address(shown.older) if shown.older else "",
            "newest": self._address(None) if before else "",
        }

    def _address(self, before: int | None) -> str:
        query = self.request.GET.copy()
        query.pop("before", None)
        if before:
            query["before"] = str(before)
        return f"{reverse('events:index')}?{query.urlencode()}"


def _total(count: int | None) -> Any:
    if count is None:
        return _("Many facts")
    if count > COUNTED:
        return _("More than %(count)s facts") % {"count": f"{COUNTED:,}"}
    return _("%(count)s facts") % {"count": f"{count:,}"}


def lines(rows: list[OutboxEvent], *, request: Any) -> list[dict[str, Any]]:
    """Return facts as the lists show them, each with its deliveries; two queries for all."""
    deliveries: dict[int, list[dict[str, Any]]] = {}
    for delivery in Delivery.objects.filter(event__in=[row.pk for row in rows]).order_by("pk"):
        shown = {"handler": delivery.handler, **words.tag(delivery.state)}
        deliveries.setdefault(delivery.event_id, []).append(shown)
    actors = desk.actors((row.actor for row in rows), request=request)
    return [
        {
            "row": row,
            "at": words.moment(row.occurred_at),
            "address": reverse("events:event", args=[row.pk]),
            "actor": actors[row.actor],
            "deliveries": deliveries.get(row.pk, []),
            "waiting": row.fanned_out_at is None,
        }
        for row in rows
    ]
