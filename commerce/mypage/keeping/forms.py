"""A guest who has just bought chooses a password: the order's address and one field make an account."""

from typing import Any

from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from commerce.accounts.forms import SignUp
from commerce.orders.models import Order


class KeepOrder(SignUp):
    """A sign-up whose address is the order's, whatever is posted for it, and whose password is typed once."""

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].initial = order.email
        self.fields["email"].disabled = True  # what is posted for it is ignored
        del self.fields[
            "password2"
        ]  # a mistyped one is set anew with a code; the address is known to be right
        self.fields["password1"].label = _("Choose a password")
        self.fields["password1"].help_text = password_validation.password_validators_help_text_html()
