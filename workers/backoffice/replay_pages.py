"""Ask for a replay: count first, then agree, then watch it go on in the background."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from workers import lookup, replay, replayable, retention
from workers.backoffice import desk, words
from workers.jobs import Handler
from workers.models import ReplayRun, WebhookEndpoint
from workers.routing import ROUTES

RUNS = 20  # that the page lists


def named(name: str) -> replayable.Target | None:
    """Return what a name of the form means, None for nothing that can be replayed."""
    try:
        return replayable.target(name=name)
    except replayable.NotReplayable:
        return None


def _handlers() -> list[tuple[str, Any]]:
    """Return the handlers that react to something, and the shop's webhooks by their names."""
    reacting = {handler.name for row in ROUTES.values() for handler in row}
    plain: list[tuple[str, Any]] = [("", "–"), *((name, name) for name in sorted(reacting))]
    told = WebhookEndpoint.objects.order_by("pk")
    hooks = [(row.handler, f"{row.handler} · {row.name}") for row in told]
    return [*plain, (_("Webhooks"), hooks)] if hooks else plain


def _moment(label: Any, *, required: bool, help_text: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, widget=widget, help_text=help_text)


class Wanted(forms.Form):
    """Which deliveries."""

    handler = forms.ChoiceField(label=gettext_lazy("Handler"))
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Facts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: everything that the handler reacts to."),
    )
    since = _moment(pgettext_lazy("events", "From"), required=True)
    until = _moment(
        pgettext_lazy("events", "Until"), required=False, help_text=gettext_lazy("Empty: until now.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].choices = _handlers()  # type: ignore[attr-defined]
        self.fields["handler"].error_messages["invalid_choice"] = gettext_lazy(
            "Nothing is called so that could run again: choose from the list. A webhook may have been deleted."
        )
        self.target = named(self.data.get("handler", ""))
        facts = self.target.types if self.target else []
        self.fields["types"].choices = [(name, name) for name in facts]  # type: ignore[attr-defined]
        if len(facts) < 2:
            self.fields["types"].widget = forms.MultipleHiddenInput()

    def clean_handler(self) -> str:
        """Refuse a webhook that is off: what it is sent would be cancelled at once."""
        name: str = self.cleaned_data["handler"]
        if self.target is None:
            raise forms.ValidationError(_("This webhook is switched off. Switch it on first."))
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        answers: dict[str, Any] = super().clean() or {}
        since, until = answers.get("since"), answers.get("until")
        if since and until and until <= since:
            raise forms.ValidationError(_("The period ends before it begins."))
        return answers

    def request(self) -> dict[str, Any]:
        """Return what `workers.replay` is asked."""
        assert self.target is not None  # `clean_handler`
        return {
            "handler": self.target.handler,
            "types": self.cleaned_data["types"] or self.target.types,
            "period": replay.Period(since=self.cleaned_data["since"], until=self.cleaned_data["until"]),
        }


class ReplayPage(desk.Page):
    """The form, the count that it leads to, and the runs so far."""

    template_name = "backoffice/events/replays.html"
    title = gettext_lazy("Replays")
    form: Wanted | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Count as soon as the form is filled in; nothing changes by that."""
        form = self.form or Wanted(self.request.GET or None)
        context: dict[str, Any] = {"form": form, "limit": f"{replay.LIMIT:,}"}
        if self.form is None and form.is_bound and form.is_valid():
            context |= _counted(form, now=timezone.now())
        rows = list(ReplayRun.objects.order_by("-pk")[:RUNS])
        return {
            **super().get_context_data(**kwargs),
            **context,
            "runs": [_shown(run, request=self.request) for run in rows],
            "days": retention.DELIVERIES.days,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Begin; counted once more, since time went by."""
        form = Wanted(request.POST)
        if form.is_valid():
            try:
                run = replay.ask(**form.request(), by=desk.me(request), now=timezone.now())
            except replay.UnableToReplay as refusal:
                form.add_error(None, refused(refusal))
            else:
                return redirect("events:run", run.pk)
        self.form = form
        response: HttpResponseBase = self.render_to_response(self.get_context_data(), status=422)
        return response


def _counted(form: Wanted, *, now: datetime) -> dict[str, Any]:
    try:
        asked = form.request()
        extent = replay.measure(**asked, now=now)
        total = extent.again + extent.fresh
        if total > replay.LIMIT:
            raise replay.TooMany(total, replay.LIMIT)
    except replay.UnableToReplay as refusal:
        form.add_error(None, refused(refusal))
        return {}
    handler: Handler = asked["handler"]
    return {
        "counted": True,
        "again": f"{extent.again:,}",
        "fresh": f"{extent.fresh:,}",
        "any": total > 0,
        "outside": handler.kind == "external" and extent.again > 0,
        "handler": handler.name,
    }


def refused(refusal: replay.UnableToReplay) -> str:
    """Return a refusal in words, with a way out."""
    limit = f"{replay.LIMIT:,}"
    if isinstance(refusal, replay.TooMany):
        if refusal.count is None:
            return _("Too many to count within seconds. Choose a shorter period.")
        text = _(
            "%(count)s deliveries; one run takes at most %(limit)s. Choose a shorter period or fewer facts, "
            "and run one part after the other."
        )
        return text % {"count": f"{refusal.count:,}", "limit": limit}
    if isinstance(refusal, replay.TooLongAgo):
        return _(
            "The period begins more than %(days)s days ago. Finished deliveries of that time are forgotten: "
            "what was done could not be told from what never ran."
        ) % {"days": retention.DELIVERIES.days}
    if isinstance(refusal, replay.AlreadyRunning):
        return _("A replay of this handler is under way. Wait for it or cancel it.")
    return _("No delivery of that period is finished or missing.")


class RunPage(desk.Page):
    """One run."""

    template_name = "backoffice/events/run.html"
    crumbs = (("replays", gettext_lazy("Replays")),)

    def get_page_title(self) -> str:
        """Call the page by its handler."""
        return self.run.handler

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how far it is."""
        self.run = get_object_or_404(ReplayRun, pk=self.kwargs["pk"])
        return {**super().get_context_data(**kwargs), "shown": _shown(self.run, request=self.request)}


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the progress alone: the page asks for it every few seconds."""
    if not desk.may(request):
        return HttpResponse(status=403)
    run = get_object_or_404(ReplayRun, pk=pk)
    return render(request, "backoffice/events/progress.html", {"shown": _shown(run, request=request)})


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a run where it is."""
    if not desk.may(request):
        return HttpResponse(status=403)
    run = get_object_or_404(ReplayRun, pk=pk)
    if replay.cancel(run_id=run.pk, by=desk.me(request), now=timezone.now()):
        messages.success(request, _("The replay stops here. What it reset stays reset."))
    else:
        messages.error(request, _("The replay had ended already."))
    return redirect("events:run", run.pk)


def _shown(run: ReplayRun, *, request: Any) -> dict[str, Any]:
    expected, passed = run.expected_again + run.expected_fresh, run.again + run.fresh
    word, tone = words.RUNS[run.state]
    names = [run.asked_by, *([run.cancelled_by] if run.cancelled_by else [])]
    actors = desk.actors(names, request=request)
    done = run.state == ReplayRun.RunState.DONE
    handler = lookup.handler(name=run.handler)
    running = run.state == ReplayRun.RunState.RUNNING
    return {
        "run": run,
        "word": word,
        "tone": tone,
        "running": running,
        "percent": 100 if done or not expected else min(99, passed * 100 // expected),
        "passed": f"{passed:,}",
        "expected": f"{expected:,}",
        "again": f"{run.again:,}",
        "fresh": f"{run.fresh:,}",
        "asked_by": actors[run.asked_by],
        "cancelled_by": actors.get(run.cancelled_by),
        "asked_at": words.moment(run.asked_at),
        "moved_at": words.moment(run.moved_at),
        "finished_at": words.moment(run.finished_at),
        "since": words.moment(run.since),
        "until": words.moment(run.until),
        "types": run.types,
        "unknown": running and handler is None,
        "waits": running and handler is not None and replay.crowded(handler=handler),
    }
