"""Where to send the news, and the consent to them."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NewsletterForm(forms.Form):
    """An address and a box of its own: the consent to advertisements is never hidden in another one (PIPA §22)."""

    prefix = "news"
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "email"}),
        error_messages={"required": _("Please enter your e-mail address.")},
    )
    agree = forms.BooleanField(
        label=_("I agree to receive advertisements by e-mail"),
        error_messages={
            "required": _("Please agree to receive advertisements; without it we may not write.")
        },
    )
