"""The form of a coupon: its terms in plain words, every refusal at its field, times in Seoul whoever types them."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.backoffice.coupon_history import LABELS
from cms.backoffice.words import SEOUL
from commerce.coupons import changing
from commerce.coupons.models import LONGEST_CODE, Coupon
from commerce.coupons.terms import MOST_WON, Terms, problems

_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that is read as something else
_SUGGESTED = 8
_TYPED = "%Y-%m-%dT%H:%M"


class SeoulMoment(forms.DateTimeField):
    """A minute in Seoul, whatever the reader's own clock says."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_TYPED)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[_TYPED, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show it in Seoul."""
        with timezone.override(SEOUL):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        """Read it in Seoul."""
        with timezone.override(SEOUL):
            return super().to_python(value)


def _number(name: str, *, least: int = 1, most: int = MOST_WON, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=LABELS[name],
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **kwargs,
    )


def _title(name: str, **kwargs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=LABELS[name], max_length=60, widget=widget, **kwargs)


class CouponForm(forms.Form):
    """What the shop promises. `coupon`: the one that is changed; once somebody holds it, most fields are locked."""

    title_ko = _title("title_ko", help_text=_("Shoppers read it."))
    title_en = _title("title_en", help_text=_("Shoppers read it who use the shop in English."))
    kind = forms.ChoiceField(
        label=LABELS["kind"], choices=Coupon.Kind.choices, widget=forms.RadioSelect, initial="fixed"
    )
    value = _number("value", help_text=_("5000: 5,000 won off. In per cent 1 to 100: 10 is a tenth off."))
    most = _number("most", required=False, help_text=_("In per cent only. Empty: no highest sum."))
    least = _number(
        "least", least=0, required=False, help_text=_("Of goods, without delivery. Empty: any order.")
    )
    starts_at = SeoulMoment(
        label=LABELS["starts_at"], help_text=_("Seoul time. Codes are taken from then on, too.")
    )
    ends_at = SeoulMoment(label=LABELS["ends_at"], help_text=_("Seoul time. Nobody can use it from then on."))
    lives_days = _number(
        "lives_days",
        most=3_650,
        required=False,
        help_text=_("Counted from when somebody gets it, never beyond the end. Empty: until the end."),
    )
    code = forms.CharField(
        label=LABELS["code"],
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "bo-code"}),
        help_text=_("4 to 20 letters A–Z and digits; who enters it gets the coupon. Empty: it has no code."),
    )
    issue_limit = _number(
        "issue_limit",
        most=10_000_000,
        required=False,
        help_text=_("In all, whoever gets it. Empty: no limit."),
    )
    on_joining = forms.BooleanField(
        label=LABELS["on_joining"],
        required=False,
        help_text=_(
            "Each new member gets one when the e-mail address is confirmed; who joined before does not."
        ),
    )
    held = forms.BooleanField(
        required=False, widget=forms.HiddenInput
    )  # the form was shown with locked fields

    def __init__(self, *args: Any, coupon: Coupon | None = None, now: datetime, **kwargs: Any) -> None:
        self.coupon, self.now = coupon, now
        super().__init__(*args, **kwargs | {"initial": _terms_of(coupon) if coupon else _first(now)})
        shown = self["held"].value() if self.is_bound else bool(coupon and coupon.issued)
        self.locked = bool(coupon and coupon.issued and shown and shown != "False")
        for name, field in self.fields.items():
            field.disabled = self.locked and name not in {*changing.FREE, "held"}

    def clean(self) -> dict[str, Any]:
        """Say everything that is wrong with the terms at once."""
        answers = self.cleaned_data
        self._keep_seconds(answers)
        for field, text in problems(terms=self._terms(complete=False)):
            if field not in self.errors:
                self.add_error(field, str(text))
        end = answers.get("ends_at")
        known = self.coupon.ends_at if self.coupon else None
        if end and end <= self.now and end != known and "ends_at" not in self.errors:
            self.add_error("ends_at", _("Please choose a time in the future."))
        return answers

    def terms(self) -> Terms:
        """Return what was asked for; the form is valid."""
        return self._terms(complete=True)

    def draft(self) -> Coupon | None:
        """Return a coupon that is not stored, to show what it would say; None while the form does not say enough."""
        self.is_valid()
        if {"kind", "value", "most", "least"} & set(self.errors):
            return None
        terms = self._terms(complete=False)
        given = {
            name: getattr(terms, name) for name in ("title_ko", "title_en", "kind", "value", "most", "least")
        }
        days = None if "lives_days" in self.errors else terms.lives_days
        end: Any = self.cleaned_data.get("ends_at")
        return Coupon(**given, lives_days=days, ends_at=end)

    def _terms(self, *, complete: bool) -> Terms:
        """Return the terms; what is not there or wrong already counts as harmless unless they are complete."""
        known: dict[str, Any] = {name: self.cleaned_data.get(name) for name in Terms.__dataclass_fields__}
        known |= {
            "least": known["least"] or 0,
            "code": known["code"] or "",
            "on_joining": bool(known["on_joining"]),
        }
        if complete:
            return Terms(**known)
        harmless: dict[str, Any] = {"title_ko": "–", "title_en": "–", "kind": Coupon.Kind.FIXED, "value": 1}
        if not (known["starts_at"] and known["ends_at"]):
            harmless |= {"starts_at": self.now, "ends_at": self.now + timedelta(days=1)}
            known |= {"starts_at": None, "ends_at": None}
        return Terms(**known | {name: value for name, value in harmless.items() if not known[name]})

    def _keep_seconds(self, answers: dict[str, Any]) -> None:
        """Take a minute that was shown and left alone as the moment that it came from."""
        for name in ("starts_at", "ends_at"):
            known = getattr(self.coupon, name, None)
            typed = answers.get(name)
            if (
                known
                and typed
                and known.replace(second=0, microsecond=0) == typed.replace(second=0, microsecond=0)
            ):
                answers[name] = known


def suggestion() -> str:
    """Return a code that nobody guesses and everybody can read aloud; it is not reserved."""
    length = min(_SUGGESTED, LONGEST_CODE)
    return "".join(secrets.choice(_SIGNS) for _each in range(length))


def _terms_of(coupon: Coupon) -> dict[str, Any]:
    return {name: getattr(coupon, name) for name in Terms.__dataclass_fields__} | {
        "held": bool(coupon.issued),
        "code": coupon.code or "",
    }


def _first(now: datetime) -> dict[str, Any]:
    """Return what a new coupon begins with: from now on for a month, to the last minute of a day."""
    start = timezone.localtime(now, SEOUL).replace(second=0, microsecond=0)
    return {"starts_at": start, "ends_at": (start + timedelta(days=30)).replace(hour=23, minute=59)}
