"""The page of a return or exchange, its photos, and the acts on it: a question, the deed, and what came of it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from cms.backoffice import accesses, claim_forms, claim_words, people, policies, refund_words, words
from commerce.checkout import refunding
from commerce.claims import photos, refusals, selectors, services, settling
from commerce.claims.models import Claim, ClaimPhoto
from commerce.claims.states import NEXT, Kind, State
from commerce.fulfilment import services as fulfilment
from commerce.fulfilment import tracking
from commerce.orders.refund_math import UnableToPropose
from commerce.payments import refunds

_LABELS: dict[str, Any] = {
    "approve": gettext_lazy("Approve"),
    "reject": gettext_lazy("Refuse"),
    "receive": gettext_lazy("Goods are back"),
    "settle": gettext_lazy("Inspect and settle"),
    "send-back": gettext_lazy("Send the goods back"),
}
_QUESTIONS: dict[str, Any] = {
    "approve": gettext_lazy("The shopper gets a mail with the shop's address and 14 days to send the goods."),
    "reject": gettext_lazy("The shopper gets a mail with your reply."),
    "receive": gettext_lazy("The clock starts: the money must be back within three business days."),
    "settle": gettext_lazy(
        "What is missing is not paid back. Only what is as good as new goes on the shelf."
    ),
    "send-back": gettext_lazy(
        "The goods of a refused request are the customer's. She gets a mail with the number."
    ),
}
_LEADS = {
    "approve": State.APPROVED,
    "receive": State.RECEIVED,
    "settle": State.SETTLED,
    "reject": State.REJECTED,
}
_FORMS: dict[str, Any] = {
    "approve": claim_forms.Approval,
    "reject": claim_forms.Rejection,
    "receive": claim_forms.Plain,
    "send-back": claim_forms.Parcel,
}
_REFUSED = (
    refusals.UnableToClaim,
    fulfilment.UnableToShip,
    UnableToPropose,
    refunds.UnableToRefund,
    tracking.BadNumber,
)


def possible(*, claim: Claim) -> list[tuple[str, Any]]:
    """Return what can be done with a claim as it stands: slug and label."""
    return [(slug, label) for slug, label in _LABELS.items() if _begins(claim, slug)]


def _begins(claim: Claim, slug: str) -> bool:
    if slug == "send-back":
        return claim.waits_for_way_back
    return _LEADS[slug] in NEXT[State(claim.state)]


class ClaimPage(generic.InspectView):
    """Everything about a claim on one screen."""

    template_name = "backoffice/claim.html"
    fields = ["kind"]
    object: Claim

    def get_object(self, queryset: Any = None) -> Claim:
        """Read the claim with lines and photos."""
        try:
            return selectors.by_id(claim_id=self.pk)
        except Claim.DoesNotExist as unknown:
            raise Http404 from unknown

    def get_page_title(self) -> str:
        """Call the page by kind and order."""
        return f"{self.object.get_kind_display()} · {self.object.order.number}"

    def get_page_subtitle(self) -> str:
        """Say nothing twice."""
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Returns and exchanges")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the template shows."""
        claim = self.object
        acts = self.request.user.has_perm(policies.ACT_ON_ORDERS)
        clock, tone = claim_words.deadline(claim=claim, now=timezone.now())
        return {
            **super().get_context_data(**kwargs),
            "claim": claim,
            "tag": (claim.get_state_display(), claim_words.TONES[claim.state]),
            "clock": clock,
            "tone": tone,
            "lines": [(line, claim_words.instead(line=line)) for line in claim.lines.all()],
            "photos": list(claim.photos.all()),
            "acts": possible(claim=claim) if acts else [],
            "facts": _facts(claim),
        }


class ClaimActPage(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]  # not generic at run time
    """The question (GET) and the deed (POST); money is shown before it goes back."""

    template_name = "backoffice/claim_act.html"
    header_icon = "form"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let through who may act, on a claim where this act begins."""
        if not request.user.has_perm(policies.ACT_ON_ORDERS):
            raise PermissionDenied
        self.slug = kwargs["slug"]
        try:
            self.claim = selectors.by_id(claim_id=kwargs["pk"])
        except Claim.DoesNotExist as unknown:
            raise Http404 from unknown
        if self.slug not in _LABELS:
            raise Http404
        if not _begins(self.claim, self.slug):
            messages.warning(request, _moved_on())
            return redirect(self.get_success_url())
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_form(self, form_class: Any = None) -> Any:
        """Ask for what the act needs."""
        data = self.request.POST if self.request.method == "POST" else None
        if self.slug == "settle":
            return claim_forms.Settlement(data, claim=self.claim)
        return _FORMS[self.slug](data)

    def get_page_title(self) -> Any:
        """Call the page by what will be done."""
        return _LABELS[self.slug]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the claim."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("claims:index"), "label": _("Returns and exchanges")},
            {"url": self.get_success_url(), "label": self.claim.order.number},
            {"url": "", "label": _LABELS[self.slug]},
        ]

    def get_success_url(self) -> str:
        """Return to the claim."""
        return reverse("claims:inspect", args=[self.claim.pk])

    def _question(self) -> Any:
        if self.slug == "receive" and self.claim.kind == Kind.EXCHANGE:
            return _(
                "The clock starts: the replacement must leave, or the money be back, within three business days."
            )
        return _QUESTIONS[self.slug]

    def form_valid(self, form: Any) -> HttpResponse:
        """Show the sum first where money moves; do it as the person who asked."""
        user = self.request.user
        try:
            if self.slug == "settle" and form.refunds and "confirm" not in self.request.POST:
                return self._ask(form)
            with people.acting(user):
                self._perform(form)
        except refusals.MovedOn:
            messages.warning(self.request, _moved_on())
            return redirect(self.get_success_url())
        except refunding.SumChanged as changed:
            messages.warning(self.request, refund_words.refusal(changed))
            return redirect(reverse("claims:act", args=[self.claim.pk, "settle"]))
        except _REFUSED as refusal:
            form.add_error(None, _why(refusal))
            return self.form_invalid(form)
        log(
            instance=self.claim.order,
            action=f"backoffice.claim-{self.slug}",
            user=user,
            data={"claim": self.claim.pk},
        )
        messages.success(self.request, _("Done. The shopper gets a mail."))
        return redirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show what is wrong."""
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the claim and the words."""
        return {
            **super().get_context_data(**kwargs),
            "claim": self.claim,
            "label": _LABELS[self.slug],
            "question": self._question(),
            "contents": claim_words.contents(claim=self.claim),
            "serious": self.slug == "reject",
        }

    def _ask(self, form: Any) -> HttpResponse:
        proposal = settling.preview(claim=self.claim, found=form.found(), prepaid=form.was_prepaid)
        context = self.get_context_data(
            form=form,
            proposal=proposal,
            amount=words.won(proposal.amount),
            rows=refund_words.rows(order=self.claim.order, proposal=proposal),
            typed=[(name, value) for name, value in self.request.POST.items() if name in form.fields],
        )
        return self.render_to_response(context)

    def _perform(self, form: Any) -> None:
        now, key = timezone.now(), self.claim.pk
        if self.slug == "approve":
            services.approve(claim_id=key, reply=form.cleaned_data["reply"], now=now)
        elif self.slug == "reject":
            services.reject(claim_id=key, reply=form.cleaned_data["reply"], now=now)
        elif self.slug == "receive":
            services.receive(claim_id=key, now=now)
        elif self.slug == "send-back":
            settling.send_back(claim_id=key, **_label(form), now=now)
        elif form.refunds:
            shown = self.request.POST.get("expected", "")
            expected = int(shown) if shown.isascii() and shown.isdigit() else -1
            settling.settle_with_refund(
                claim_id=key, found=form.found(), prepaid=form.was_prepaid, expected=expected, now=now
            )
        else:
            settling.settle_with_replacement(
                claim_id=key,
                found=form.found(),
                fee_paid=form.paid_how,
                **_label(form),
                now=now,
            )


def _label(form: Any) -> dict[str, str]:
    typed = form.cleaned_data
    return {"courier": typed["courier"].code, "tracking_number": typed["tracking_number"]}


@require_safe
def photo(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Stream a photo of a claim to staff that may see orders; it has no other address."""
    if not request.user.has_perm("commerce.view_order"):
        raise PermissionDenied
    row = ClaimPhoto.objects.filter(pk=number, claim=pk).first()
    if row is None:
        raise Http404
    try:
        response = FileResponse(photos.read(name=row.name), content_type="image/jpeg")
    except FileNotFoundError as gone:
        raise Http404 from gone
    accesses.note(request, act="photo", subject=f"claim:{pk}")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _facts(claim: Claim) -> list[tuple[Any, Any]]:
    pays = _("The customer") if claim.shopper_pays else _("The shop")
    parcel = f"{claim.carrier.name} {claim.parcel_number}" if claim.carrier else ""
    back = claim.state == State.REJECTED
    noticed = words.calendar_day(claim.noticed_on) if claim.noticed_on else ""
    paid = (
        f"{words.won(claim.fee)} · {claim.get_fee_paid_display() or _('not paid yet')}" if claim.fee else ""
    )
    send_by = selectors.send_by(claim=claim) if claim.state == State.APPROVED else None
    rows = [
        (_("Reason"), claim.get_reason_display()),
        (_("Noticed on"), noticed),
        (_("Pays the way back"), pays),
        (_("Both ways of the exchange"), paid),
        (_("Requested"), words.moment(claim.requested_at)),
        (_("Decided"), words.moment(claim.decided_at)),
        (_("To be sent by"), words.calendar_day(send_by)),
        (_("Goods are back since"), words.moment(claim.received_at)),
        (_("Settled"), words.moment(claim.settled_at)),
        (_("Refund"), words.won(claim.refund.amount) if claim.refund else ""),
        (_("Sent back") if back else _("Replacement"), parcel),
        (_("Reply"), claim.reply),
    ]
    return [(label, value) for label, value in rows if value]


def _moved_on() -> str:
    return _("This is no longer possible: the request has moved on.")


def _why(refusal: Exception) -> str:
    if isinstance(refusal, refusals.OutOfStock):
        return _("There is none left on the shelf to send. Give the money back instead.")
    if isinstance(refusal, refusals.FeeOpen):
        return _("Please say how the customer paid for both ways.")
    if isinstance(refusal, refusals.NothingCameBack):
        return _("Nothing came back: there is nothing to settle. Refuse the request with a reply.")
    if isinstance(refusal, tracking.BadNumber | refusals.UnableToClaim | fulfilment.UnableToShip):
        return _moved_on()
    return str(refund_words.refusal(refusal))
