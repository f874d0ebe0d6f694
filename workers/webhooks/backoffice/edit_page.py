"""Make a webhook, or change one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.log_actions import log

from workers.models import WebhookEndpoint
from workers.webhooks import endpoints
from workers.webhooks.backoffice.forms import EndpointForm
from workers.webhooks.backoffice.reveal import reveal_once
from workers.webhooks.backoffice.screen import Screen, page_of

_CHOICES = ("name", "url", "types", "ordered")


class AddPage(Screen, FormView):  # type: ignore[type-arg]  # not generic at run time
    """A new webhook; its page shows the secret once."""

    template_name = "backoffice/webhooks/edit.html"
    form_class = EndpointForm
    page_title = gettext_lazy("Add webhook")

    def form_valid(self, form: Any) -> HttpResponse:
        """Make it, and show its secret once."""
        endpoint = endpoints.create(chosen=form.chosen(), by=self.request.user, now=timezone.now())
        log(instance=endpoint, action="wagtail.create", user=self.request.user, data=_choices(endpoint))
        reveal_once(self.request, endpoint=endpoint)
        messages.success(self.request, _("The webhook is ready. Give its secret to the receiver."))
        return redirect(page_of(endpoint))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again with everything that was typed."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class EditPage(Screen, FormView):  # type: ignore[type-arg]
    """The same form for one that exists."""

    template_name = "backoffice/webhooks/edit.html"
    form_class = EndpointForm
    page_title = gettext_lazy("Change")
    endpoint: WebhookEndpoint

    def get_form_kwargs(self) -> dict[str, Any]:
        """Begin with what is; its own address need not answer right now."""
        return {**super().get_form_kwargs(), "saved_url": self.endpoint.url}

    def get_initial(self) -> dict[str, Any]:
        """Return the choices as they are."""
        return _choices(self.endpoint)

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it and write down what was changed."""
        before = _choices(self.endpoint)
        endpoint = endpoints.change(endpoint_id=self.endpoint.pk, chosen=form.chosen())
        after = _choices(endpoint)
        changed = {name: [before[name], after[name]] for name in _CHOICES if before[name] != after[name]}
        if changed:
            log(instance=endpoint, action="wagtail.edit", user=self.request.user, data=changed)
        messages.success(self.request, _("Saved."))
        return redirect(page_of(endpoint))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again with everything that was typed."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _choices(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {name: getattr(endpoint, name) for name in _CHOICES}
