"""The page of a webhook: how it is, what can be done, and the log of its deliveries."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log as write_down

from cms.backoffice.words import moment
from workers.models import Delivery, State, WebhookEndpoint
from workers.webhooks import endpoints, log, messages, sending, targets
from workers.webhooks.backoffice import acts, words
from workers.webhooks.backoffice.forms import LogFilters
from workers.webhooks.backoffice.reveal import revealed
from workers.webhooks.backoffice.screen import Screen, page_of

_PER_PAGE = 30
_TESTED = "webhook_test"


class EndpointPage(Screen, TemplateView):
    """The page; a POST sends a test event, whose answer is shown at once."""

    template_name = "backoffice/webhooks/endpoint.html"
    endpoint: WebhookEndpoint

    def get_page_title(self) -> Any:
        """Call the page by the webhook's name."""
        return self.endpoint.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list; the page itself is not twice in it."""
        items = super().get_breadcrumbs_items()
        return [*items[:-2], items[-1]]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer the form and the history of changes."""
        pk = [self.endpoint.pk]
        return [
            HeaderButton(_("Change"), url=reverse("webhooks:edit", args=pk), icon_name="edit"),
            HeaderButton(_("History"), url=reverse("webhooks:history", args=pk), icon_name="history"),
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send a real test event, for at most 15 seconds, and come back with what the receiver said."""
        result = send_test(endpoint=self.endpoint, now=timezone.now())
        request.session[_TESTED] = {"endpoint": self.endpoint.pk, **result}
        write_down(
            instance=self.endpoint,
            action="webhooks.test",
            user=request.user,
            data={"status": result["status"], "error": result["error"]},
        )
        return redirect(page_of(self.endpoint))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the template shows."""
        endpoint = self.endpoint
        filters = LogFilters(self.request.GET or None, types=endpoint.types)
        page = Paginator(filters.narrow(log.of(endpoint=endpoint)), _PER_PAGE).get_page(
            self.request.GET.get("p")
        )
        return {
            **super().get_context_data(**kwargs),
            "state": words.endpoint_state(endpoint),
            "facts": _facts(endpoint),
            "secret": revealed(self.request, endpoint=endpoint),
            "tested": self._tested(),
            "acts": acts.possible(endpoint=endpoint),
            "waiting": log.of(endpoint=endpoint).filter(state__in=log.OPEN).count(),
            "filters": filters,
            "filtered": any(self.request.GET.get(name) for name in ("state", "type")),
            "query": "".join(f"&{name}={self.request.GET.get(name, '')}" for name in ("state", "type")),
            "page_obj": page,
            "rows": [_row(delivery) for delivery in page],
        }

    def _tested(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.request.session.get(_TESTED)
        if not found or found["endpoint"] != self.endpoint.pk:
            return None
        del self.request.session[_TESTED]
        return {**found, "trouble": words.trouble(found["error"]) if found["error"] else ""}


def send_test(*, endpoint: WebhookEndpoint, now: Any) -> dict[str, Any]:
    """Send `webhook.test` and return what came back; the endpoint's own health is not judged by it."""
    message = messages.test(message_id=f"test_{uuid.uuid4().hex}", now=now)
    headers = message.headers(secrets=endpoints.secrets(endpoint=endpoint, now=now), now=now)
    deadline = sending.Deadline()
    try:
        target = targets.resolve(url=endpoint.url, policy=targets.policy())
        answer = sending.post(target=target, headers=headers, body=message.body, now=now, deadline=deadline)
    except (targets.Refused, sending.Unreachable) as trouble:
        time = words.milliseconds(deadline.passed())
        return {"status": None, "good": False, "body": "", "time": time, "error": str(trouble)[:300]}
    time = words.milliseconds(answer.ms)
    return {"status": answer.status, "good": answer.good, "body": answer.body, "time": time, "error": ""}


def _facts(endpoint: WebhookEndpoint) -> list[tuple[words.Words, Any]]:
    both = endpoint.previous_until and endpoint.previous_until > timezone.now()
    rows: list[tuple[words.Words, Any]] = [
        (_("Address"), endpoint.url),
        (_("Failing since"), moment(endpoint.failing_since)),
        (_("Keep the order"), _("Yes") if endpoint.ordered else _("No")),
        (_("Secret valid since"), moment(endpoint.secret_since)),
        (_("Old secret valid until"), moment(endpoint.previous_until) if both else ""),
        (
            _("Made"),
            " · ".join(str(part) for part in (moment(endpoint.created_at), endpoint.created_by) if part),
        ),
    ]
    return [(label, value) for label, value in rows if value]


def _row(delivery: Delivery) -> dict[str, Any]:
    sent = getattr(delivery, "sent", None)
    text, tone = words.state(delivery)
    return {
        "page": reverse("webhooks:delivery", args=[delivery.handler.partition(":")[2], delivery.pk]),
        "label": words.kind(delivery.event.type),
        "type": delivery.event.type,
        "at": moment(delivery.event.occurred_at),
        "state": text,
        "tone": tone,
        "tries": delivery.attempts,
        "answer": words.answer(sent),
        "time": words.milliseconds(sent.ms) if sent else "",
        "next": words.next_try(delivery),
        "dead": delivery.state == State.DEAD,
    }
