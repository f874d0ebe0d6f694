"""Who holds a coupon, and the coupons of one person. Whoever looks is noted."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages

from cms.backoffice import accesses, coupon_give, coupon_words, policies, words
from cms.backoffice.about_coupon import AboutCoupon, CouponPages
from cms.backoffice.coupon_give import Giving
from commerce.coupons import reports, selectors, services
from commerce.coupons import words as shop_words
from commerce.coupons.models import Coupon, CouponTicket
from commerce.customers.models import User

_PER_PAGE = 50


class HoldersPage(AboutCoupon):
    """Everybody who has or had a ticket of a coupon."""

    template_name = "backoffice/coupon_people.html"
    page_title = gettext_lazy("Who has the coupon")
    form_class = forms.Form
    http_method_names = ["get", "head"]
    needs = (policies.SEE_COUPONS, policies.SEE_PEOPLE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the people, and note how many were seen."""
        text = self.request.GET.get("q", "").strip()
        rows = selectors.tickets(coupon_id=self.coupon.pk)
        if text:
            rows = rows.filter(customer__email__icontains=text) | rows.filter(
                customer__first_name__icontains=text
            )
        page = Paginator(rows, _PER_PAGE).get_page(self.request.GET.get("p"))
        found = list(page)
        seen = len({ticket.customer_id for ticket in found if ticket.customer_id})
        accesses.note(self.request, act="coupon", subject=f"coupon:{self.coupon.pk}", count=seen)
        return {
            **super().get_context_data(**kwargs),
            "query": text,
            "page_obj": page,
            "tickets": _rows(found),
            "sees_orders": self.request.user.has_perm("commerce.view_order"),
            "may_act": self.request.user.has_perm(policies.ACT_ON_COUPONS),
        }


class OneForm(Giving):
    """Which coupon."""

    coupon = forms.ModelChoiceField(
        label=gettext_lazy("Coupon"),
        queryset=Coupon.objects.none(),
        error_messages={
            "invalid_choice": gettext_lazy("This coupon is over or was withdrawn: nobody gets it any more.")
        },
    )
    field_order = ["coupon", "why", "again"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["coupon"]
        choice.queryset = Coupon.objects.filter(withdrawn_at=None, ends_at__gt=timezone.now())
        choice.label_from_instance = _named
        self.fields["again"].label = _("Also when this person has, or had, it")
        self.fields["again"].help_text = ""


class PersonPage(CouponPages):
    """The coupons of one person, and one more."""

    template_name = "backoffice/coupon_person.html"
    form_class = OneForm
    needs = (policies.SEE_COUPONS, policies.SEE_PEOPLE)
    person: User

    def find(self) -> None:
        """Read the person."""
        found = User.objects.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.person = found

    def get_page_title(self) -> str:
        """Call the page by the person."""
        return _("Coupons of %(person)s") % {"person": self.person}

    def get_success_url(self) -> str:
        """Return here."""
        return reverse("coupons:person", args=[self.person.pk])

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let through who may give."""
        if not request.user.has_perm(policies.ACT_ON_COUPONS):
            return CouponPages.http_method_not_allowed(self, request)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def form_valid(self, form: OneForm) -> HttpResponse:
        """Give it as the person who asked."""
        answers = form.cleaned_data
        try:
            issued = coupon_give.give(
                coupon=answers["coupon"],
                users=[self.person],
                why=answers["why"],
                again=answers["again"],
                by=self.request.user,
                now=timezone.now(),
            )
        except services.UnableToIssue:
            form.add_error("coupon", coupon_give.over())
            return self.form_invalid(form)
        field, text = _refusal(issued, again=answers["again"])
        if text:
            form.add_error(field, text)
            return self.form_invalid(form)
        messages.success(
            self.request, _("The coupon is given. No mail is sent: it is on the customer's my page.")
        )
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the tickets, and note who sees them."""
        accesses.note(self.request, act="person-coupons", subject=f"customer:{self.person.pk}")
        user = self.request.user
        return {
            **super().get_context_data(**kwargs),
            "person": self.person,
            "tickets": _rows(list(reports.tickets_of(customer_id=self.person.pk))),
            "sees_orders": user.has_perm("commerce.view_order"),
            "may_act": user.has_perm(policies.ACT_ON_COUPONS),
        }


def _rows(tickets: list[CouponTicket]) -> list[dict[str, Any]]:
    now, names = timezone.now(), coupon_words.givers(tickets)
    return [
        {
            "pk": ticket.pk,
            "coupon": ticket.coupon,
            "title": ticket.coupon.title(get_language() or "ko"),
            "value": shop_words.value(coupon=ticket.coupon),
            "customer": ticket.customer,
            "cause": coupon_words.cause(ticket=ticket, names=names),
            "issued_at": words.moment(ticket.issued_at),
            "ends_at": words.moment(ticket.ends_at),
            "standing": coupon_words.standing(ticket=ticket, now=now),
        }
        for ticket in tickets
    ]


def _refusal(issued: services.Issued, *, again: bool) -> tuple[str | None, str]:
    """Return the field of what was refused, and why; an empty text when the coupon was given."""
    if issued.had and not again:
        return "again", _("This person has, or had, this coupon already. Tick this to give another one.")
    if issued.had:
        return "why", _("This person got the coupon for the same reason before.")
    if issued.left_out:
        return "coupon", _("All of these coupons were given out.")
    return (None, _("This account is closed: nothing was given.")) if issued.unknown else (None, "")


def _named(coupon: Coupon) -> str:
    return f"{coupon.title(get_language() or 'ko')} · {shop_words.value(coupon=coupon)}"
