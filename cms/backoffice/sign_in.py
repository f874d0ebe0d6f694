"""The admin's front doors count who tries: a password is guessed by trying often."""

import hashlib
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.forms.auth import LoginForm

from commerce import limits


class Counted(AuthenticationForm):
    """A form of sign-in that lets an address, and an account, try so often; the right password changes nothing.

    An account has more tries than an address, so that nobody locks a colleague out from one place.
    """

    def clean(self) -> Any:
        """Refuse before the password is looked at. Raises ValidationError."""
        name = str(self.cleaned_data.get("username", "")).strip().lower()
        account = hashlib.sha256(name.encode()).hexdigest()[:32]  # the cache need not know addresses
        wait = max(
            self._wait(name="sign-in", who=self._address(), tries=settings.SIGN_IN_TRIES),
            self._wait(name="sign-in-account", who=account, tries=3 * settings.SIGN_IN_TRIES),
        )
        if wait:
            minutes = -(-wait // 60)
            raise forms.ValidationError(
                ngettext(
                    "Too many tries to sign in. Please try again in %(count)d minute.",
                    "Too many tries to sign in. Please try again in %(count)d minutes.",
                    minutes,
                )
                % {"count": minutes},
                code="too_often",
            )
        return super().clean()

    def _address(self) -> str:
        return limits.client(self.request) if self.request else ""

    def _wait(self, *, name: str, who: str, tries: int) -> int:
        seconds = settings.SIGN_IN_SECONDS
        return limits.seconds_to_wait(name=name, who=who, tries=tries, seconds=seconds, now=timezone.now())


class SignIn(Counted, LoginForm):
    """The form of the back office; Wagtail leaves one of its labels untranslated."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")


class OperatorSignIn(Counted, AdminAuthenticationForm):
    """The form of Django's admin."""
