"""What staff fill in to decide on a return or exchange and to settle it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.backoffice import claim_words, parcel_forms, words
from commerce.claims.models import Claim, ClaimLine
from commerce.claims.settling import Inspection
from commerce.claims.states import FeePaid, Kind, Outcome
from commerce.fulfilment import selectors, tracking
from commerce.fulfilment.models import Courier


class Plain(forms.Form):
    """An act that needs no words."""


class Approval(forms.Form):
    """A word for the shopper, if any."""

    reply = forms.CharField(
        label=_("Reply"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The shopper reads it on the order's page and in the mail."),
    )


class Rejection(Approval):
    """Why not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply"].required = True


class Parcel(forms.Form):
    """How refused goods go back to the shopper."""

    courier = forms.ModelChoiceField(
        label=_("Courier"), queryset=Courier.objects.none(), to_field_name="code", empty_label=None
    )
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["courier"].queryset = selectors.couriers()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Want a number of that courier."""
        typed: dict[str, Any] = super().clean() or {}
        _check_number(self, typed)
        return typed


class Settlement(forms.Form):
    """What lay in the parcel, line by line; for an exchange also how the replacement goes."""

    how = forms.ChoiceField(
        label=_("How it ends"),
        choices=[("replacement", _("Send a replacement")), ("refund", _("Give the money back instead"))],
        widget=forms.RadioSelect,
    )
    fee_paid = forms.ChoiceField(
        label=_("How were both ways paid?"),
        choices=FeePaid.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    prepaid = forms.BooleanField(
        label=_("The customer paid the carrier herself"),
        required=False,
        help_text=_("Then the way back is not deducted once more."),
    )
    courier = forms.ModelChoiceField(
        label=_("Courier"), queryset=Courier.objects.none(), to_field_name="code", required=False
    )
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=40, required=False)

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claim = claim
        self.lines: list[ClaimLine] = list(claim.lines.all())
        for line in self.lines:
            self.fields[f"outcome-{line.order_line_id}"] = forms.ChoiceField(
                label=f"{line.order_line.title} {line.order_line.option_text} × {line.quantity}",
                choices=Outcome.choices,
                initial=Outcome.OK,
                widget=forms.RadioSelect,
            )
            self.fields[f"restock-{line.order_line_id}"] = forms.BooleanField(
                label=_("Put the units back on the shelf"), required=False, initial=claim.shopper_pays
            )
            if line.wanted_id:
                self.fields[f"outcome-{line.order_line_id}"].label = claim_words.line_text(line=line)
        self.fields["courier"].queryset = selectors.couriers()  # type: ignore[attr-defined]
        if not claim.shopper_pays:
            del self.fields["prepaid"]
        if claim.fee:
            fee = words.won(claim.fee)
            self.fields["fee_paid"].help_text = _(
                "The customer owes %(fee)s for an exchange that is her wish. It is no part of the order's payment."
            ) % {"fee": fee}
        else:
            del self.fields["fee_paid"]
        if claim.kind == Kind.RETURN:
            for name in ("how", "courier", "tracking_number"):
                del self.fields[name]
        else:
            self.fields["how"].initial = "replacement"

    @property
    def refunds(self) -> bool:
        """Return whether it ends with money."""
        return bool(self.cleaned_data.get("how", "refund") == "refund")

    @property
    def was_prepaid(self) -> bool:
        """Return whether the customer paid the way back already."""
        return bool(self.cleaned_data.get("prepaid"))

    @property
    def paid_how(self) -> FeePaid | None:
        """Return how both ways were paid."""
        typed = self.cleaned_data.get("fee_paid")
        return FeePaid(typed) if typed else None

    def found(self) -> dict[int, Inspection]:
        """Return what was found, by order line id."""
        return {
            line.order_line_id: Inspection(
                Outcome(self.cleaned_data[f"outcome-{line.order_line_id}"]),
                self.cleaned_data[f"restock-{line.order_line_id}"],
            )
            for line in self.lines
        }

    def clean(self) -> dict[str, Any]:
        """Want courier and number for a replacement."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("how") != "replacement":
            return typed
        if "fee_paid" in self.fields and not typed.get("fee_paid"):
            self.add_error("fee_paid", _("Please say how the customer paid for both ways."))
        courier = typed.get("courier")
        if courier is None:
            self.add_error("courier", _("Please choose the courier."))
            return typed
        if "tracking_number" not in self.errors:
            _check_number(self, typed)
        return typed


def _check_number(form: forms.Form, typed: dict[str, Any]) -> None:
    courier = typed.get("courier")
    if courier is None:
        return
    text = typed.get("tracking_number") or ""
    try:
        tracking.digits(text=text, least=courier.digits_min, most=courier.digits_max)
    except tracking.BadNumber as bad:
        if "tracking_number" not in form.errors:
            form.add_error("tracking_number", parcel_forms.why(bad))
