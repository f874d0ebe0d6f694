"""Refund an order in two steps: fill in, look at the sum, confirm. Works without scripts."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from cms.backoffice import people, policies, refund_words, words
from cms.backoffice.refund_form import RefundForm
from commerce.checkout import refunding
from commerce.orders import selectors as orders
from commerce.orders.models import Order
from commerce.orders.refund_math import Proposal, UnableToPropose
from commerce.payments import refunds
from commerce.payments.models import Refund
from commerce.payments.states import RefundState, Requester


def is_possible(*, order: Order) -> bool:
    """Return whether an order holds money that could go back."""
    payment = getattr(order, "payment", None)
    return payment is not None and order.paid_at is not None and refunds.left(payment=payment) > 0


@method_decorator(sensitive_post_parameters("number", "holder"), name="dispatch")
class RefundPage(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]  # not generic at run time
    """The form (GET), the sum to confirm (POST), and the refund itself (POST with `confirm`)."""

    template_name = "backoffice/refund.html"
    form_class = RefundForm
    page_title = gettext_lazy("Refund")
    header_icon = "form"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let through who may act, with an order that holds money."""
        if not request.user.has_perm(policies.ACT_ON_ORDERS):
            raise PermissionDenied
        try:
            self.order = orders.by_id(order_id=kwargs["pk"])
        except Order.DoesNotExist as unknown:
            raise Http404 from unknown
        if not is_possible(order=self.order):
            messages.warning(request, _("Nothing is left to give back."))
            return redirect(self.get_success_url())
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        """Add the order."""
        return {**super().get_form_kwargs(), "order": self.order}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the order."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("orders:index"), "label": _("Orders")},
            {"url": self.get_success_url(), "label": self.order.number},
            {"url": "", "label": self.page_title},
        ]

    def get_success_url(self) -> str:
        """Return to the order."""
        return reverse("orders:inspect", args=[self.order.pk])

    def form_valid(self, form: RefundForm) -> HttpResponse:
        """Show the sum, or give it back when it was confirmed."""
        if "edit" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        try:
            if "confirm" in self.request.POST:
                return self._refund(form)
            proposal = self._preview(form)
        except (UnableToPropose, refunds.UnableToRefund) as refusal:
            form.add_error(None, refund_words.refusal(refusal))
            return self.form_invalid(form)
        return self._ask(form, proposal)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the order and what is left of its money."""
        left = refunds.left(payment=self.order.payment)
        return {**super().get_context_data(**kwargs), "order": self.order, "left": words.won(left)}

    def _preview(self, form: RefundForm) -> Proposal:
        returned = form.cleaned_data.get("returned", False)
        return refunding.preview(order=self.order, wish=form.wish(), returned=returned)

    def _ask(self, form: RefundForm, proposal: Proposal) -> HttpResponse:
        context = self.get_context_data(
            form=form,
            proposal=proposal,
            rows=refund_words.rows(order=self.order, proposal=proposal),
            amount=words.won(proposal.amount),
            consequences=refund_words.consequences(
                order=self.order,
                proposal=proposal,
                restock=form.cleaned_data["restock"],
                returned=form.cleaned_data.get("returned", False),
                account=form.account() is not None,
            ),
            typed=[(name, value) for name, value in self.request.POST.items() if name in form.fields],
        )
        return self.render_to_response(context)

    def _refund(self, form: RefundForm) -> HttpResponse:
        typed, user = form.cleaned_data, self.request.user
        shown = self.request.POST.get("expected", "")
        try:
            with people.acting(user):
                refund = refunding.refund_order(
                    order_id=self.order.pk,
                    wish=form.wish(),
                    cause=f"staff:{typed['cause']}",
                    reason=typed["reason"],
                    requester=Requester.STAFF,
                    restock=typed["restock"],
                    returned=typed.get("returned", False),
                    expected=int(shown) if shown.isascii() and shown.isdigit() else -1,
                    account=form.account(),
                    note=typed["note"],
                    now=timezone.now(),
                )
        except refunding.SumChanged as changed:
            messages.warning(self.request, refund_words.refusal(changed))
            self.order = orders.by_id(order_id=self.order.pk)
            return self._ask(form, self._preview(form))
        what = {"amount": refund.amount, "note": typed["note"]}
        log(instance=self.order, action="backoffice.refund_order", user=user, data=what)
        messages.success(self.request, _told(refund))
        return redirect(self.get_success_url())


def _told(refund: Refund) -> str:
    amount = {"amount": words.won(refund.amount)}
    if refund.state == RefundState.WAITING_FOR_ACCOUNT:
        return _("%(amount)s wait for the customer's account. We ask by e-mail.") % amount
    return _("%(amount)s go back. PortOne is asked within seconds; the page shows what came of it.") % amount
