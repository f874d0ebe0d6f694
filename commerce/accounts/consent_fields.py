"""The boxes of a sign-up. A module of its own: allauth's forms are made from it, so it may not import them."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commerce import widgets
from commerce.consents import kinds
from commerce.customers.models import User


class WithConsents(forms.Form):
    """A box for each kind of consent; none is ticked before, and marketing is apart (PIPA §22)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds.ALL:
            self.fields[kind.code] = forms.BooleanField(
                label=kind.label,
                required=kind.required,
                initial=False,
                error_messages={"required": _MISSING},
                widget=widgets.Box,
            )

    def wanted(self) -> dict[str, bool]:
        """Return yes or no to each kind, by code."""
        return {kind.code: bool(self.cleaned_data.get(kind.code)) for kind in kinds.ALL}

    def boxes(self, *, required: bool) -> list[forms.BoundField]:
        """Return the boxes that must, or may, be ticked."""
        return [self[kind.code] for kind in (kinds.REQUIRED if required else kinds.OPTIONAL)]

    @property
    def required_boxes(self) -> list[forms.BoundField]:
        """Return the boxes without which there is no account; for templates."""
        return self.boxes(required=True)

    @property
    def optional_boxes(self) -> list[forms.BoundField]:
        """Return the boxes that may stay empty; for templates."""
        return self.boxes(required=False)

    def signup(self, request: HttpRequest, user: User) -> None:
        """Do nothing: allauth wants this method, and the forms that inherit it record consents themselves."""


_MISSING = _("We cannot make an account without this.")
