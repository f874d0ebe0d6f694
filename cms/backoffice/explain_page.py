"""Say what a refund of PortOne's console was for, in two steps, and take that back. Works without scripts."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import log

from cms.backoffice import people, refund_words, words
from cms.backoffice.about_order import AboutOrder
from cms.backoffice.explain_form import ExplainForm, Noted
from commerce.checkout import allocating
from commerce.orders.refund_math import Proposal, UnableToPropose
from commerce.orders.states import Status
from commerce.payments.models import Refund
from commerce.payments.states import RefundKind


class _RefundPage(AboutOrder):
    """A page about one refund of an order."""

    refund: Refund

    def find(self) -> HttpResponse | None:
        """Read the refund, which was made at the console and can still be worked on."""
        rows = Refund.objects.select_related("payment__order").filter(kind=RefundKind.EXTERNAL)
        found = rows.filter(pk=self.kwargs["refund"], payment__order=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.refund, self.order = found, found.payment.order
        if self.is_open():
            return None
        messages.warning(self.request, _moved_on())
        return redirect(self.get_success_url())

    def is_open(self) -> bool:
        """Return whether there is anything to do."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the order and the sum."""
        amount = words.won(self.refund.amount)
        return {**super().get_context_data(**kwargs), "order": self.order, "amount": amount}

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show what is wrong."""
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer

    def _log(self, action: str, note: str) -> None:
        what = {"amount": self.refund.amount, "note": note}
        log(instance=self.order, action=f"backoffice.{action}", user=self.request.user, data=what)


class ExplainPage(_RefundPage):
    """The form (GET), its parts to confirm (POST), and writing them down (POST with `confirm`)."""

    template_name = "backoffice/explain.html"
    form_class = ExplainForm
    page_title = gettext_lazy("What was this refund for?")

    def is_open(self) -> bool:
        """Return whether nobody has said it yet."""
        return bool(refund_words.is_unexplained(self.refund))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Add the refund."""
        return {**super().get_form_kwargs(), "refund": self.refund}

    def form_valid(self, form: ExplainForm) -> HttpResponse:
        """Show the parts, or write them down when they were confirmed."""
        if "edit" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        returned = form.cleaned_data.get("returned", False)
        try:
            proposal = allocating.preview(refund=self.refund, wish=form.wish(), returned=returned)
            if "confirm" not in self.request.POST:
                return self._ask(form, proposal)
            if self.request.POST.get("expected") != _mark(proposal):
                raise allocating.Changed(self.refund.pk)
            self._write_down(form, proposal)
        except UnableToPropose as refusal:
            form.add_error(None, refund_words.refusal(refusal))
            return self.form_invalid(form)
        except allocating.Changed:
            messages.warning(self.request, _("The order has changed meanwhile. Please look again."))
            return redirect(self.request.path)
        except allocating.MovedOn:
            messages.warning(self.request, _moved_on())
            return redirect(self.get_success_url())
        messages.success(self.request, _("It is written down what the refund was for."))
        return redirect(self.get_success_url())

    def _ask(self, form: ExplainForm, proposal: Proposal) -> HttpResponse:
        consequences = refund_words.consequences(
            order=self.order,
            proposal=proposal,
            restock=form.cleaned_data.get("restock", False),
            returned=form.cleaned_data.get("returned", False) or self.order.status == Status.CANCELLED,
            account=True,
        )
        context = self.get_context_data(
            form=form,
            proposal=proposal,
            rows=refund_words.rows(order=self.order, proposal=proposal),
            consequences=consequences,
            expected=_mark(proposal),
            typed=[(name, value) for name, value in self.request.POST.items() if name in form.fields],
        )
        return self.render_to_response(context)

    def _write_down(self, form: ExplainForm, proposal: Proposal) -> None:
        typed = form.cleaned_data
        with people.acting(self.request.user):
            allocating.allocate(
                refund_id=self.refund.pk,
                wish=form.wish(),
                restock=typed.get("restock", False),
                returned=typed.get("returned", False),
                expected=proposal,
                note=typed["note"],
                now=timezone.now(),
            )
        self._log("explain_refund", typed["note"])


class UnexplainPage(_RefundPage):
    """The question (GET) and the deed (POST)."""

    template_name = "backoffice/unexplain.html"
    form_class = Noted
    page_title = gettext_lazy("Take the explanation back")

    def is_open(self) -> bool:
        """Return whether it can still be taken back."""
        return allocating.may_be_taken_back(refund=self.refund) and self.order.status != Status.CANCELLED

    def form_valid(self, form: Noted) -> HttpResponse:
        """Make it a bare sum again."""
        note = form.cleaned_data["note"]
        try:
            with people.acting(self.request.user):
                allocating.take_back(refund_id=self.refund.pk, note=note, now=timezone.now())
        except allocating.UnableToAllocate:
            messages.warning(self.request, _moved_on())
            return redirect(self.get_success_url())
        self._log("unexplain_refund", note)
        messages.success(self.request, _("The refund waits for an explanation again."))
        return redirect(self.get_success_url())


def _mark(proposal: Proposal) -> str:
    """Return the parts as one text: what was confirmed is what was shown."""
    shares = [f"{share.line_id}x{share.quantity}={share.amount}" for share in proposal.shares]
    sums = [proposal.shipping, proposal.goodwill, proposal.fee, int(proposal.last), proposal.points]
    return " ".join([*shares, *map(str, sums)])


def _moved_on() -> str:
    return _("This is no longer possible: the order has moved on.")
