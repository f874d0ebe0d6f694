"""Ask before an act on a webhook, do it, write it down, and say what came of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.log_actions import log

from workers.models import WebhookEndpoint
from workers.webhooks.backoffice import acts, policies
from workers.webhooks.backoffice.reveal import reveal_once
from workers.webhooks.backoffice.screen import Screen, page_of


class ActPage(Screen, FormView):  # type: ignore[type-arg]  # not generic at run time
    """The question (GET) and the deed (POST)."""

    template_name = "backoffice/webhooks/act.html"
    endpoint: WebhookEndpoint
    act: acts.Act

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Know the act; whoever may not manage is sent away before anything else is told."""
        if request.user.has_perm(policies.MANAGE):
            if kwargs["slug"] not in acts.ACTS:
                raise Http404
            self.act = acts.ACTS[kwargs["slug"]]
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> Any:
        """Ask what the act needs to know."""
        return self.act.form

    def get_initial(self) -> dict[str, Any]:
        """Propose what the form proposes."""
        start = getattr(self.act.form, "start", dict)
        proposed: dict[str, Any] = start()
        return proposed

    def get_page_title(self) -> Any:
        """Call the page by what will be done."""
        return self.act.label

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it, unless it makes no sense any more."""
        endpoint, act, user = self.endpoint, self.act, self.request.user
        if not act.possible(endpoint):
            messages.warning(self.request, _("This is no longer possible: somebody else was faster."))
            return redirect(page_of(endpoint))
        told = act.perform(endpoint, form.cleaned_data, timezone.now())
        action = "wagtail.delete" if act.slug == "delete" else f"webhooks.{act.slug}"
        log(
            instance=endpoint,
            action=action,
            user=user,
            data=_plain(form.cleaned_data),
            deleted=act.slug == "delete",
        )
        messages.success(self.request, told)
        if act.slug == "rotate":
            reveal_once(self.request, endpoint=endpoint)
        return redirect(reverse("webhooks:index") if act.slug == "delete" else page_of(endpoint))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Ask again with everything that was typed."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the act and the way back."""
        return {**super().get_context_data(**kwargs), "act": self.act, "back": page_of(self.endpoint)}


def _plain(answers: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in answers.items()
    }
