"""Sign-up, and cutting a provider off, as one transaction each."""

from typing import Any

from allauth.account.forms import SignupForm
from allauth.socialaccount.forms import DisconnectForm
from allauth.socialaccount.forms import SignupForm as SocialSignupForm
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from commerce.accounts import clients, services, trust
from commerce.consents import kinds
from commerce.customers.models import User

_BOXES = [kind.code for kind in kinds.ALL]


class SignUp(SignupForm):  # type: ignore[misc]  # allauth ships no types
    """Address, password and consents; nothing else of what is posted counts."""

    field_order = ["email", "password1", "password2", *_BOXES]

    def save(self, request: HttpRequest) -> User:
        """Make the account, its address and its consents in one transaction."""
        with transaction.atomic():
            user: User = super().save(request)
            _welcome(self, request, user, "password")
        return user


class SocialSignUp(SocialSignupForm):  # type: ignore[misc]
    """What is missing after a provider's page: consents always, the address if the provider has not proved one."""

    field_order = ["email", *_BOXES]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proved = trust.proved_address(self.sociallogin)
        if proved:
            self.initial["email"] = proved
            self.fields["email"].disabled = True  # what is posted for it is ignored

    def save(self, request: HttpRequest) -> User:
        """Make the account, its link and its consents in one transaction."""
        with transaction.atomic():
            user: User = super().save(request)
            _welcome(self, request, user, self.sociallogin.account.provider)
        return user


class Unlink(DisconnectForm):  # type: ignore[misc]
    """Which provider is cut off. `clean` refuses the last way in; `save` asks again, under the account's lock."""

    def save(self) -> None:
        """Cut the provider off, unless it has become the last way in meanwhile: then the page says so."""
        account = self.cleaned_data["account"]
        try:
            with transaction.atomic():
                User.objects.select_for_update().get(pk=account.user_id)
                if not self.accounts.filter(pk=account.pk).exists():
                    return  # another window was faster
                super().clean()
                services.tell_of_unlink(
                    user_id=account.user_id, provider=account.provider, now=timezone.now()
                )
                super().save()
        except forms.ValidationError as refusal:
            messages.error(self.request, refusal.messages[0])


class Choices(forms.Form):
    """The consents that may be given and taken back at any time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds.OPTIONAL:
            self.fields[kind.code] = forms.BooleanField(label=kind.label, required=False)


def _welcome(form: Any, request: HttpRequest, user: User, by: Any) -> None:
    services.welcome(
        user=user, by=by, wanted=form.wanted(), address=clients.address(request), now=timezone.now()
    )
