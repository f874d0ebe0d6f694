"""Ask before deliveries are steered, do it as the person who asked, and say what came of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from workers import lookup, steering
from workers.backoffice import desk, words
from workers.jobs import idempotency_key
from workers.models import Delivery

_QUESTIONS = {
    "retry": gettext_lazy("The delivery is tried again at once."),
    "again": gettext_lazy("The delivery is done. It runs once more, from the beginning."),
    "cancel": gettext_lazy("Nobody tries this delivery any more. What comes after it in order goes on."),
    "retry_dead": gettext_lazy("Every delivery that this handler gave up begins anew, oldest first."),
    "cancel_dead": gettext_lazy(
        "Every delivery that this handler gave up is cancelled: nobody tries it any more."
    ),
}


class Question(desk.Page):
    """The question (GET) and the deed (POST)."""

    template_name = "backoffice/events/act.html"
    act = ""

    def get_page_title(self) -> Any:
        """Call the page by what will be done."""
        return words.ACTS[self.act]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the question."""
        return {
            **super().get_context_data(**kwargs),
            "label": words.ACTS[self.act],
            "question": _QUESTIONS[self.act],
            "serious": self.act.startswith("cancel"),
        }


class SteerPage(Question):
    """One delivery."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the delivery and the act."""
        self.act = kwargs["act"]
        if desk.may(request):
            if self.act not in steering.FROM:
                raise Http404
            self.delivery = get_object_or_404(Delivery.objects.select_related("event"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the delivery, and a warning where the world outside would notice."""
        row = self.delivery
        handler = lookup.handler(name=row.handler)
        return {
            **super().get_context_data(**kwargs),
            "handler": row.handler,
            "about": f"{row.event.type} · {row.event.aggregate_type} {row.event.aggregate_id}",
            "tag": words.tag(row.state),
            "back": self._address(),
            "outside": self.act == steering.AGAIN and (handler is None or handler.kind == "external"),
            "key": idempotency_key(event_id=row.event.event_id, handler=row.handler),
            "refused": "" if self.act in steering.possible(state=row.state) else _moved_on(row.state),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do it; a delivery that moved on meanwhile is left alone."""
        try:
            steering.steer(act=self.act, delivery_id=self.delivery.pk, by=desk.me(request))
        except steering.MovedOn as refusal:
            messages.error(request, _moved_on(refusal.state))
        else:
            messages.success(request, f"{self.delivery.handler}: {words.ACTS[self.act]}")
        return redirect(self._address())

    def _address(self) -> str:
        return reverse("events:event", args=[self.delivery.event_id])


def _moved_on(state: int | None) -> str:
    if state is None:
        return _("The delivery is gone: finished ones are forgotten after thirty days.")
    return _("Nothing was changed: the delivery is %(state)s.") % {"state": words.STATES[state]}


class DeadActPage(Question):
    """All dead deliveries of a handler."""

    crumbs = (("dead", gettext_lazy("Given up")),)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the act and the handler."""
        self.act = f"{kwargs['act']}_dead"
        self.handler = request.GET.get("handler", "")
        if desk.may(request) and (self.act not in _QUESTIONS or not self.handler):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how many it would be."""
        count = steering.count_dead(handler=self.handler)
        text = ngettext("%(count)s delivery", "%(count)s deliveries", count) % {"count": f"{count:,}"}
        more = count > steering.AT_ONCE
        return {
            **super().get_context_data(**kwargs),
            "handler": self.handler,
            "about": text,
            "back": reverse("events:dead"),
            "refused": "" if count else _("This handler has given nothing up."),
            "bounded": _("%(count)s at once; the rest with the next click.")
            % {"count": f"{steering.AT_ONCE:,}"}
            if more
            else "",
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do it to as many as one click may touch."""
        by = desk.me(request)
        if self.act == "retry_dead":
            swept = steering.retry_dead(handler=self.handler, by=by)
        else:
            swept = steering.cancel_dead(handler=self.handler, by=by)
        text = _("%(handler)s: %(act)s (%(count)s)")
        values = {"handler": self.handler, "act": words.ACTS[self.act], "count": f"{swept.count:,}"}
        messages.success(request, text % values)
        if swept.left:
            messages.warning(request, _("%(count)s are left.") % {"count": f"{swept.left:,}"})
        return redirect("events:dead")
