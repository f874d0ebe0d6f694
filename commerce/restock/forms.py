"""Where to tell that something is back."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RestockForm(forms.Form):
    """An address."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "email"}),
        help_text=_("We use it for this one mail, and delete it 30 days after."),
        error_messages={"required": _("Please enter your e-mail address.")},
    )
