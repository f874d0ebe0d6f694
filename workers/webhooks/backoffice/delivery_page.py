"""One delivery: what went out, what came back, every failed try; send it again, or skip it."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages as notices
from wagtail.log_actions import log as write_down

from cms.backoffice.words import moment
from workers.jobs import Fact, Permanent, idempotency_key
from workers.models import Delivery, DeliveryAttempt, WebhookEndpoint
from workers.webhooks import log, messages
from workers.webhooks.backoffice import words
from workers.webhooks.backoffice.screen import Screen


class DeliveryPage(Screen, TemplateView):
    """The page; a POST carries `act`: `resend` or `skip`."""

    template_name = "backoffice/webhooks/delivery.html"
    endpoint: WebhookEndpoint

    def get_page_title(self) -> Any:
        """Call the page by the event."""
        return words.kind(self.delivery.event.type)

    @property
    def delivery(self) -> Delivery:
        """Return the delivery, if it belongs to the endpoint in the address."""
        if not hasattr(self, "_delivery"):
            found = log.of(endpoint=self.endpoint).filter(pk=self.kwargs["delivery"]).first()
            if found is None:
                raise Http404
            self._delivery = found
        return self._delivery

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, unless the delivery has moved on."""
        act, delivery = request.POST.get("act", ""), self.delivery
        if act == "resend" and self.endpoint.enabled:
            done = log.resend(endpoint=self.endpoint, delivery_id=delivery.pk)
            told = _("It is sent again, with all its tries.")
        elif act == "skip":
            done = log.skip(endpoint=self.endpoint, delivery_id=delivery.pk)
            told = _("Skipped. Later events of the same order no longer wait for it.")
        else:
            done, told = False, ""
        if done:
            action = f"webhooks.{act}"
            write_down(
                instance=self.endpoint, action=action, user=request.user, data={"delivery": delivery.pk}
            )
            notices.success(request, told)
        else:
            notices.warning(request, _("This is no longer possible: the delivery has moved on."))
        return redirect(reverse("webhooks:delivery", args=[self.endpoint.pk, delivery.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the template shows."""
        delivery = self.delivery
        sent = getattr(delivery, "sent", None)
        return {
            **super().get_context_data(**kwargs),
            "delivery": delivery,
            "state": words.state(delivery),
            "facts": _facts(delivery),
            "sent": sent,
            "headers": sorted(sent.headers.items()) if sent else [],
            "body": _pretty(sent.body if sent else _to_be_sent(delivery)),
            "answer": words.answer(sent),
            "failures": [_failure(row) for row in delivery.failures.order_by("-started_at")[:30]],
            "may_resend": self.endpoint.enabled and delivery.state in log.AGAIN,
            "may_skip": delivery.state in log.OPEN,
        }


def _facts(delivery: Delivery) -> list[tuple[words.Words, Any]]:
    event, sent = delivery.event, getattr(delivery, "sent", None)
    key = idempotency_key(event_id=event.event_id, handler=delivery.handler)
    rows: list[tuple[words.Words, Any]] = [
        (gettext_lazy("Event"), event.type),
        (gettext_lazy("Happened"), moment(event.occurred_at)),
        (gettext_lazy("webhook-id"), key),
        (gettext_lazy("Tries"), delivery.attempts),
        (gettext_lazy("Last sent"), moment(sent.sent_at) if sent else ""),
        (gettext_lazy("Duration"), words.milliseconds(sent.ms) if sent else ""),
        (gettext_lazy("Next try"), words.next_try(delivery)),
        (gettext_lazy("Sent to"), sent.url if sent else ""),
    ]
    return [(label, value) for label, value in rows if value != ""]


def _to_be_sent(delivery: Delivery) -> str:
    event = delivery.event
    fact = Fact(
        pk=event.pk,
        event_id=event.event_id,
        type=event.type,
        version=event.version,
        payload=event.payload,
        occurred_at=event.occurred_at,
        correlation_id=event.correlation_id,
        trace=event.trace,
    )
    try:
        return messages.of_fact(fact=fact, message_id="").body.decode()
    except Permanent:
        return ""


def _pretty(body: str) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except ValueError:
        return body


def _failure(row: DeliveryAttempt) -> dict[str, Any]:
    last = row.error.strip().splitlines()[-1] if row.error.strip() else ""
    return {
        "n": row.n,
        "at": moment(row.started_at),
        "time": words.milliseconds(row.ms),
        "status": f"HTTP {row.http_status}" if row.http_status else "",
        "error": last.rpartition("NotAccepted: ")[2][:300],
    }
