"""What the order sheet says of points: how many there are, what was typed, and what is wrong with it."""

import re
import unicodedata
from dataclasses import dataclass
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
from commerce.checkout.spending import Purse
from commerce.money import amounts

ALL = "all"
_WHOLE = re.compile(r"\d{1,12}", re.ASCII)


class PointsField(forms.CharField):
    """How many points to use; becomes a number of won, 0 when nothing is typed. `5,000`, `５０００` and `5000원` are understood."""

    default_error_messages = {"invalid": _("Please enter whole points, such as 1000.")}

    def clean(self, value: Any) -> int:
        """Return the number.

        Raises:
            ValidationError: it is none, or not a whole one.
        """
        typed = unicodedata.normalize("NFKC", super().clean(value))
        digits = re.sub(r"[\s,₩원P]", "", typed)
        if digits and not _WHOLE.fullmatch(digits):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(digits or 0)


def field() -> PointsField:
    """Return the field of the order sheet."""
    attrs = {"class": "input", "autocomplete": "off", "inputmode": "numeric", "enterkeyhint": "done"}
    return PointsField(
        label=_("Points to use"), max_length=20, required=False, widget=widgets.Text(attrs=attrs)
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """Points as the sheet shows them; `used` of them are taken off, 0 while there is an `error`."""

    purse: Purse
    used: int
    error: str = ""


def read(request: HttpRequest, *, quote: Quote, now: datetime) -> Entry | None:
    """Return what was typed so far for a quote; None for a guest and for who has no points."""
    purse = spending.purse(customer_id=session.customer_id(request), quote=quote, now=now)
    if purse is None:
        return None
    try:
        wanted = field().clean(request.POST.get("points", ""))
    except forms.ValidationError as wrong:
        return Entry(purse, 0, wrong.messages[0])
    if wanted > purse.most:
        return Entry(purse, 0, refusal(have=purse.have, most=purse.most, wanted=wanted))
    return Entry(purse, wanted)


def priced(request: HttpRequest, *, quote: Quote, now: datetime) -> Quote:
    """Return the quote with the points taken off that were typed so far, when they can be used."""
    entry = read(request, quote=quote, now=now) if request.POST.get("points") and quote.lines else None
    return spending.paid_with(quote=quote, points=entry.used) if entry else quote


def fill_all(request: HttpRequest, *, quote: Quote, now: datetime) -> None:
    """Let the request be as if all points had been typed that the order may take."""
    entry = read(request, quote=quote, now=now)
    retyping.instead(request, points=str(entry.purse.most) if entry else "")


def refusal(*, have: int, most: int, wanted: int = 0) -> str:
    """Return why so many points cannot be used."""
    language = get_language() or "ko"
    names = {"have": amounts.show(have, language=language), "most": amounts.show(most, language=language)}
    if wanted > have or most == have:
        return gettext("You have %(have)s in points.") % names
    return gettext("This order takes %(most)s in points at most.") % names


def news(entry: Entry | None, *, quote: Quote) -> str:
    """Return in words what points do to the sum."""
    language = get_language() or "ko"
    names = {
        "points": amounts.show(quote.points, language=language),
        "total": amounts.show(quote.total, language=language),
    }
    if entry and entry.error:
        return entry.error
    if quote.points:
        return gettext("%(points)s in points are taken off. The total is %(total)s.") % names
    return gettext("No points are used. The total is %(total)s.") % names
