"""Give a coupon to people: whom, why, and what became of each of them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from wagtail.log_actions import log

from cms.backoffice import accesses, coupon_addresses, coupon_history, people, policies
from cms.backoffice.about_coupon import AboutCoupon
from cms.backoffice.coupon_addresses import Typed
from commerce.coupons import reports, services
from commerce.coupons.models import Coupon
from commerce.customers.models import User


class Giving(forms.Form):
    """Why somebody gets one, and whether who has one gets another."""

    why = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=services.LONGEST_WHY,
        help_text=gettext_lazy(
            "Colleagues read it. For the same reason nobody gets it twice, however often you send this."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    again = forms.BooleanField(
        label=gettext_lazy("Also to people who have, or had, this coupon"),
        required=False,
        help_text=gettext_lazy("Otherwise they are left out."),
    )


class ManyForm(Giving):
    """Whom, by address."""

    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        widget=forms.Textarea(
            attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off", "class": "bo-code"}
        ),
        help_text=gettext_lazy("One a line, or with commas between; 500 at most."),
    )
    field_order = ["addresses", "why", "again"]

    def clean_addresses(self) -> Typed:
        """Read them; refuse too many, which would be given to nobody."""
        found = coupon_addresses.parse(self.cleaned_data["addresses"])
        count = len(found.addresses) + len(found.malformed)
        if count > coupon_addresses.MOST:
            text = _("These are %(count)d addresses: please send at most %(most)d at once.")
            raise ValidationError(text, params={"count": count, "most": coupon_addresses.MOST})
        if not count:
            raise ValidationError(_("Please enter an e-mail address."))
        return found


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of each address."""

    given: list[str] = field(default_factory=list)
    had: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    malformed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def undone(self) -> list[str]:
        """Return what somebody may want to correct and send again."""
        return [*self.malformed, *self.unknown, *self.left_out]


def give(
    *, coupon: Coupon, users: list[User], why: str, again: bool, by: Any, now: datetime
) -> services.Issued:
    """Give accounts a coupon as a colleague, with its line of the history, both or neither.

    Unless `again`, who has or had one is left alone, and is among those who `had` it.

    Raises:
        UnableToIssue: it is over, or was withdrawn.
    """
    keys = [user.pk for user in users]
    with transaction.atomic(), people.acting(by):
        Coupon.objects.select_for_update().get(pk=coupon.pk)  # nobody gets one between the look and the deed
        held = set() if again else reports.holders(coupon_id=coupon.pk, customer_ids=keys)
        issued = services.issue(
            coupon_id=coupon.pk,
            customer_ids=[key for key in keys if key not in held],
            why=why,
            by=f"user:{by.pk}",
            now=now,
        )
        if issued.tickets:
            data = {"given": len(issued.tickets), "why": why}
            log(instance=coupon, action=coupon_history.GIVE, user=by, data=data)
    return services.Issued(
        tickets=issued.tickets,
        had=tuple(sorted({*issued.had, *held})),
        unknown=issued.unknown,
        left_out=issued.left_out,
    )


class GivePage(AboutCoupon):
    """Give it to many."""

    template_name = "backoffice/coupon_give.html"
    page_title = gettext_lazy("Give the coupon to people")
    form_class = ManyForm
    needs = (policies.ACT_ON_COUPONS, policies.SEE_PEOPLE)

    def form_valid(self, form: ManyForm) -> HttpResponse:
        """Give it as the person who asked, and say what became of whom."""
        typed: Typed = form.cleaned_data["addresses"]
        known = coupon_addresses.customers(addresses=typed.addresses)
        accesses.note(self.request, act="coupon", subject=f"coupon:{self.coupon.pk}", count=len(known))
        try:
            issued = give(
                coupon=self.coupon,
                users=[*known.values()],
                why=form.cleaned_data["why"],
                again=form.cleaned_data["again"],
                by=self.request.user,
                now=timezone.now(),
            )
        except services.UnableToIssue:
            form.add_error(None, over())
            return self.form_invalid(form)
        outcome = _outcome(typed, known, issued)
        rest = {"addresses": "\n".join(outcome.undone), "why": form.cleaned_data["why"]}
        context = self.get_context_data(
            form=ManyForm(initial=rest), outcome=_groups(outcome), undone=outcome.undone
        )
        answer: HttpResponse = self.render_to_response(context)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words."""
        left = None if self.coupon.issue_limit is None else self._left()
        return {**super().get_context_data(**kwargs), "label": self.page_title, "left": left}

    def _left(self) -> str:
        self.coupon.refresh_from_db()
        left = (self.coupon.issue_limit or 0) - self.coupon.issued
        return ngettext("%(count)d can still be given.", "%(count)d can still be given.", left) % {
            "count": left
        }


def over() -> str:
    """Return that nobody gets it any more."""
    return _("This coupon is over or was withdrawn: nobody gets it any more.")


def _outcome(typed: Typed, known: dict[str, User], issued: services.Issued) -> Outcome:
    addresses = {user.pk: address for address, user in known.items()}
    strangers = [address for address in typed.addresses if address not in known]
    return Outcome(
        given=[addresses[ticket.customer_id] for ticket in issued.tickets if ticket.customer_id],
        had=[addresses[key] for key in issued.had],
        unknown=[*strangers, *(addresses[key] for key in issued.unknown)],
        malformed=typed.malformed,
        left_out=[addresses[key] for key in issued.left_out],
    )


def _groups(outcome: Outcome) -> list[tuple[str, str, list[str]]]:
    groups = [
        (pgettext("coupon", "Given"), "good", outcome.given),
        (_("Have it already"), "mute", outcome.had),
        (_("No such account"), "bad", outcome.unknown),
        (_("Not an e-mail address"), "bad", outcome.malformed),
        (_("Not given: none was left"), "wait", outcome.left_out),
    ]
    return [(label, tone, sorted(found)) for label, tone, found in groups if found]
