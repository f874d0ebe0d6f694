"""Withdraw a coupon, and take one back from a customer: a question, the deed, and what came of it."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.log_actions import log

from cms.backoffice import accesses, coupon_history, people, policies
from cms.backoffice.about_coupon import AboutCoupon
from commerce.coupons import changing, reports, services
from commerce.coupons.models import CouponTicket


class WithdrawPage(AboutCoupon):
    """Withdraw it: how many people lose one is said before."""

    template_name = "backoffice/coupon_act.html"
    page_title = gettext_lazy("Withdraw the coupon")
    form_class = forms.Form

    def form_valid(self, form: Any) -> HttpResponse:
        """Withdraw it as the person who asked."""
        now, user = timezone.now(), self.request.user
        with transaction.atomic(), people.acting(user):
            ended = reports.unused(coupon_id=self.coupon.pk, now=now)
            done = services.withdraw(coupon_id=self.coupon.pk, now=now)
            if done:
                log(instance=self.coupon, action=coupon_history.WITHDRAW, user=user, data={"ended": ended})
        if done:
            messages.success(self.request, _("The coupon is withdrawn. %(ended)s") % {"ended": _ended(ended)})
        else:
            messages.warning(self.request, _("This coupon was withdrawn before."))
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the question."""
        count = reports.unused(coupon_id=self.coupon.pk, now=timezone.now())
        return {
            **super().get_context_data(**kwargs),
            "label": self.page_title,
            "back": self.get_success_url(),
            "questions": [
                _ended(count),
                _("Nobody gets it any more, and this cannot be undone. Orders keep what was taken off."),
            ],
        }


class Why(forms.Form):
    """The reason."""

    why = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class TakeBackPage(AboutCoupon):
    """Take one ticket back that is not used."""

    template_name = "backoffice/coupon_act.html"
    page_title = gettext_lazy("Take the coupon back")
    form_class = Why
    needs = (policies.ACT_ON_COUPONS, policies.SEE_PEOPLE)
    ticket: CouponTicket

    def find(self) -> None:
        """Read the ticket and its coupon."""
        rows = CouponTicket.objects.select_related("coupon", "customer")
        found = rows.filter(pk=self.kwargs["pk"], customer__isnull=False).first()
        if found is None:
            raise Http404
        self.ticket, self.coupon = found, found.coupon

    def get_success_url(self) -> str:
        """Return to the person."""
        return reverse("coupons:person", args=[self.ticket.customer_id])

    def way_back(self) -> list[dict[str, Any]]:
        """Lead back to the person."""
        return [{"url": self.get_success_url(), "label": str(self.ticket.customer)}]

    def form_valid(self, form: Any) -> HttpResponse:
        """Take it back as the person who asked."""
        user = self.request.user
        try:
            with transaction.atomic(), people.acting(user):
                changing.take_back(ticket_id=self.ticket.pk, now=timezone.now())
                data = {"customer": self.ticket.customer_id, "why": form.cleaned_data["why"]}
                log(instance=self.coupon, action=coupon_history.TAKE_BACK, user=user, data=data)
        except changing.UnableToTakeBack:
            form.add_error(None, _("It is used for an order, or was taken back before. Nothing was changed."))
            return self.form_invalid(form)
        messages.success(self.request, _("The coupon is taken back."))
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the question, and note who sees whose it is."""
        subject = f"customer:{self.ticket.customer_id}"
        accesses.note(self.request, act="person-coupons", subject=subject)
        text = _("%(person)s cannot use “%(coupon)s” any more and gets no mail about it.")
        return {
            **super().get_context_data(**kwargs),
            "label": self.page_title,
            "back": self.get_success_url(),
            "questions": [text % {"person": self.ticket.customer, "coupon": self.title}],
        }


def _ended(count: int) -> str:
    text = ngettext("%(count)d unused coupon ends.", "%(count)d unused coupons end.", count)
    return text % {"count": count}
