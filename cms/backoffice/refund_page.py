"""Refund an order in two steps: fill in, look at the sum, confirm. Works without scripts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.admin import messages
from wagtail.log_actions import log

from cms.backoffice import people, refund_words, words
from cms.backoffice.about_order import AboutOrder
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
class RefundPage(AboutOrder):
    """The form (GET), the sum to confirm (POST), and the refund itself (POST with `confirm`)."""

    template_name = "backoffice/refund.html"
    form_class = RefundForm
    page_title = gettext_lazy("Refund")

    def find(self) -> HttpResponse | None:
        """Read the order, which must hold money."""
        instead = super().find()
        if instead or is_possible(order=self.order):
            return instead
        messages.warning(self.request, _("Nothing is left to give back."))
        return redirect(self.get_success_url())

    def get_form_kwargs(self) -> dict[str, Any]:
        """Add the order."""
        return {**super().get_form_kwargs(), "order": self.order}

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
