"""Ask before an act on an order, do it, and say what came of it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from wagtail.admin import messages
from wagtail.log_actions import log

from cms.backoffice import order_acts, people
from cms.backoffice.about_order import AboutOrder
from commerce.payments import portone


class OrderActPage(AboutOrder):
    """The question (GET) and the deed (POST); a refusal is told above the same question."""

    template_name = "backoffice/act.html"

    def find(self) -> HttpResponse | None:
        """Read the order and the act, which must exist."""
        try:
            self.act = order_acts.ACTS[self.kwargs["slug"]]
        except KeyError as unknown:
            raise Http404 from unknown
        return super().find()

    def get_form_class(self) -> Any:
        """Ask for a note where the act needs one."""
        return self.act.form

    def get_page_title(self) -> Any:
        """Call the page by what will be done."""
        return self.act.label

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it as the person who asked."""
        user = self.request.user
        try:
            with people.acting(user):
                told = order_acts.perform(
                    act=self.act,
                    order=self.order,
                    answers=form.cleaned_data,
                    gateway=portone.gateway(),
                    now=timezone.now(),
                )
        except order_acts.UnableToAct as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        log(instance=self.order, action=f"backoffice.{self.act.slug}", user=user, data=form.cleaned_data)
        messages.success(self.request, told)
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the act and the order."""
        return {**super().get_context_data(**kwargs), "act": self.act, "order": self.order}
