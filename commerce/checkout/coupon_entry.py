"""What the order sheet says of coupons: which there are, what each takes off now, and which one was chosen."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from commerce import widgets
from commerce.cart import session
from commerce.cart.quotes import Quote
from commerce.checkout import retyping, spending
from commerce.coupons import entering, rules, selectors, words
from commerce.coupons.rules import Off, Reason
from commerce.coupons.selectors import Holding
from commerce.money import amounts

REGISTER = "register"


class TicketField(forms.CharField):
    """Which ticket is used: its number, None when none is."""

    default_error_messages = {"invalid": _("Please choose a coupon from the list, or none.")}

    def clean(self, value: Any) -> int | None:
        """Return the number.

        Raises:
            ValidationError: it is no number.
        """
        typed = super().clean(value)
        if typed and not (typed.isascii() and typed.isdigit()):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(typed) if typed else None


def field() -> TicketField:
    """Return the choice of the order sheet."""
    return TicketField(label=_("Coupon"), max_length=18, required=False)


def code_field() -> forms.CharField:
    """Return the field for a code of the order sheet."""
    attrs = {"class": "input", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
    return forms.CharField(
        label=_("Coupon code"), max_length=100, required=False, widget=widgets.Text(attrs=attrs)
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A ticket as the sheet shows it, with what it takes off these goods; or `why` it takes nothing off."""

    holding: Holding
    off: int
    why: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """Coupons as the sheet shows them: those that can be used, the best first, and the `others`."""

    choices: list[Choice]
    others: list[Choice]
    error: str = ""

    @property
    def chosen(self) -> Choice | None:
        """Return the one that is used; None while there is none."""
        return next((one for one in self.choices if one.chosen), None)


def read(request: HttpRequest, *, quote: Quote, now: datetime) -> Entry | None:
    """Return what a customer can choose from for a quote, and what was chosen so far.

    None for a guest, and in a shop that has no coupons.
    """
    owner = session.customer_id(request)
    if owner is None or not selectors.known(customer_id=owner):
        return None
    try:
        wanted = field().clean(request.POST.get("coupon", ""))
    except forms.ValidationError as wrong:
        wanted, error = None, str(wrong.messages[0])
    else:
        error = ""
    rows = [_choice(one, quote, wanted) for one in selectors.current(customer_id=owner, now=now)]
    choices = sorted(
        (one for one in rows if one.off), key=lambda one: -one.off
    )  # stable: the first to end first
    others = [one for one in rows if not one.off]
    if wanted and not any(one.chosen for one in choices):
        gone = words.refusal(reason=Reason.GONE)
        error = next((one.why for one in others if one.holding.ticket_id == wanted), gone)
    return Entry(choices, others, error)


def priced(request: HttpRequest, *, quote: Quote, now: datetime) -> Quote:
    """Return the quote with what the coupon takes off that was chosen so far, when it can be used."""
    entry = read(request, quote=quote, now=now) if request.POST.get("coupon") and quote.lines else None
    return replace(quote, coupon=entry.chosen.off) if entry and entry.chosen else quote


def register(request: HttpRequest, *, customer_id: int, now: datetime) -> str:
    """Register the code that was typed, and let the request be as if its coupon had been chosen; return what is wrong.

    A code that gives nothing stays where it was typed.
    """
    done = entering.enter(customer_id=customer_id, typed=request.POST.get("coupon_code", ""), now=now)
    if done.ticket:
        retyping.instead(request, coupon=str(done.ticket.pk), coupon_code="")
    return done.error


def waiting(request: HttpRequest) -> str:
    """Return what to say of a code that was typed and not registered: nothing that is typed is passed over."""
    if session.customer_id(request) is None or not request.POST.get("coupon_code", "").strip():
        return ""
    return gettext("Please register this code first, or empty the field.")


def news(entry: Entry | None, *, quote: Quote) -> str:
    """Return in words what coupons do to the sum."""
    language = get_language() or "ko"
    names = {
        "coupon": amounts.show(quote.coupon, language=language),
        "total": amounts.show(quote.total, language=language),
    }
    if entry and entry.error:
        return entry.error
    if quote.coupon:
        return gettext("The coupon takes %(coupon)s off. The total is %(total)s.") % names
    return gettext("No coupon is used. The total is %(total)s.") % names


def _choice(one: Holding, quote: Quote, wanted: int | None) -> Choice:
    room = spending.room(quote=quote)
    off = Off(reason=one.reason) if one.reason else rules.off(coupon=one.coupon, goods=quote.goods, room=room)
    if off.reason:
        return Choice(one, 0, words.refusal(reason=off.reason, coupon=one.coupon, missing=off.missing))
    return Choice(one, off.amount, "", chosen=one.ticket_id == wanted)
