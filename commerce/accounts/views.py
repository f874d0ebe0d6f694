"""The page of one's own access, consents, and enrolment of second factors."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from commerce.accounts import clients, forms
from commerce.consents import kinds, selectors
from commerce.consents import services as consents
from commerce.consents.models import Consent


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show everything about signing in: address, password, providers, second factors, devices, consents."""
    assert request.user.is_authenticated
    user = request.user
    return render(
        request,
        "accounts/home.html",
        {
            "providers": SocialAccount.objects.filter(user=user).count(),
            "factors": Authenticator.objects.filter(user=user)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
            .count(),
            "marketing": [entry for entry in selectors.standing(user_id=user.pk) if not entry.kind.required],
        },
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent_page(request: HttpRequest) -> HttpResponse:
    """Show what somebody agreed to and let them change what may be changed, with one button either way."""
    assert request.user.is_authenticated
    user = request.user
    standing = selectors.standing(user_id=user.pk)
    given = {entry.kind.code: entry.given for entry in standing if not entry.kind.required}
    form = forms.Choices(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        changed = consents.choose(
            user_id=user.pk,
            wanted={kind.code: form.cleaned_data[kind.code] for kind in kinds.OPTIONAL},
            channel=Consent.Channel.SETTINGS,
            address=clients.address(request),
            now=timezone.now(),
        )
        messages.success(request, _("Your choice was saved.") if changed else _("Nothing was changed."))
        return redirect("account-consents")
    return render(
        request,
        "accounts/consents.html",
        {
            "form": form,
            "standing": standing,
            "boxes": [(form[e.kind.code], e) for e in standing if not e.kind.required],
        },
    )


class EnrolApp(ActivateTOTPView):  # type: ignore[misc]  # allauth ships no types
    """Whoever has just typed the app's code has shown the second factor: this session need not ask again."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remember it beside the password."""
        response: HttpResponse = super().form_valid(form)
        _remember(self.request, "totp")
        return response


class EnrolKey(AddWebAuthnView):  # type: ignore[misc]
    """The same for a security key or passkey."""

    def get_form(self, form_class: Any = None) -> Any:
        """Return the form in plain words."""
        form = super().get_form(form_class)
        form.fields["name"].label = _("What do you want to call it?")
        if "passwordless" in form.fields:
            form.fields["passwordless"].label = _("Sign in with it alone, without a password (passkey)")
            form.fields["passwordless"].help_text = _("It then asks for a fingerprint, a face or a PIN.")
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        """Remember it beside the password."""
        response: HttpResponse = super().form_valid(form)
        _remember(self.request, "webauthn")
        return response


def _remember(request: HttpRequest, kind: str) -> None:
    record_authentication(request, request.user, "mfa", type=kind, reauthenticated=True)


enrol_app, enrol_key = EnrolApp.as_view(), EnrolKey.as_view()
