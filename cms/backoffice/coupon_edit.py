"""Offer a coupon and change one: the form, and the line of it that shoppers would read."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.log_actions import log

from cms.backoffice import coupon_form, coupon_history, coupon_words, people, policies
from cms.backoffice.about_coupon import AboutCoupon, CouponPages
from cms.backoffice.coupon_form import CouponForm
from commerce.coupons import changing, services
from commerce.coupons.models import Coupon


class _Edit(CouponPages):
    """What the two pages share."""

    template_name = "backoffice/coupon_form.html"
    form_class = CouponForm

    def form_valid(self, form: CouponForm) -> HttpResponse:
        """Do it as the person who asked; a refusal is told at its field."""
        try:
            with transaction.atomic(), people.acting(self.request.user):
                coupon = self.write(form)
        except services.UnableToOffer as refusal:
            form.add_error(refusal.field, str(refusal.text))
        except changing.Withdrawn:
            form.add_error(None, _("Somebody withdrew this coupon: it cannot be changed any more."))
        else:
            return redirect(reverse("coupons:inspect", args=[coupon.pk]))
        return self.form_invalid(form)

    def write(self, form: CouponForm) -> Coupon:
        """Write it, with its line of the history."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the line that shoppers would read, and a code to take."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        draft = _draft(context["form"])
        return {
            **context,
            "label": self.get_page_title(),
            "sentences": coupon_words.sentences(coupon=draft) if draft else [],
            "suggestion": coupon_form.suggestion(),
        }


class OfferPage(_Edit):
    """Offer one."""

    page_title = gettext_lazy("Offer a coupon")
    needs = (policies.OFFER_COUPONS,)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form the time."""
        return _kwargs(super().get_form_kwargs())

    def write(self, form: CouponForm) -> Coupon:
        """Offer it."""
        coupon = services.offer(terms=form.terms(), now=timezone.now())
        log(instance=coupon, action=coupon_history.OFFER, user=self.request.user)
        messages.success(self.request, _("The coupon is offered."))
        return coupon


class ChangePage(_Edit, AboutCoupon):
    """Change one."""

    page_title = gettext_lazy("Change the coupon")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form the coupon and the time."""
        return _kwargs(super().get_form_kwargs()) | {"coupon": self.coupon}

    def write(self, form: CouponForm) -> Coupon:
        """Change it."""
        changed = changing.change(coupon_id=self.coupon.pk, terms=form.terms(), now=timezone.now())
        if changed:
            data = {"changed": coupon_history.plain(changed)}
            log(instance=self.coupon, action=coupon_history.CHANGE, user=self.request.user, data=data)
        messages.success(self.request, _("The coupon is saved.") if changed else _("Nothing was changed."))
        return self.coupon


@require_POST
def sentence(request: HttpRequest) -> HttpResponse:
    """Return how shoppers would read what stands in the form: a line for each language, none while it is not enough."""
    if not request.user.has_perm(policies.OFFER_COUPONS) and not request.user.has_perm(
        policies.ACT_ON_COUPONS
    ):
        return JsonResponse({"lines": []}, status=403)
    key = request.GET.get("coupon", "")
    coupon = Coupon.objects.filter(pk=int(key)).first() if key.isascii() and key.isdigit() else None
    draft = CouponForm(request.POST, coupon=coupon, now=timezone.now()).draft()
    lines = coupon_words.sentences(coupon=draft) if draft else []
    return JsonResponse({"lines": [{"language": language, "text": text} for language, text in lines]})


def _kwargs(known: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the form knows better, and tell it the time."""
    return {name: value for name, value in known.items() if name != "initial"} | {"now": timezone.now()}


def _draft(form: CouponForm) -> Coupon | None:
    if form.is_bound:
        return form.draft()
    return form.coupon
