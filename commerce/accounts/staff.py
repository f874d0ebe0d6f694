"""Whether somebody who works here has shown a second factor in this session."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

_PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def must_prove(user: Any) -> bool:
    """Return whether somebody may enter the back office at all: whoever may not is turned away there."""
    if not user.is_authenticated:
        return False
    return bool(user.is_staff or user.is_superuser or user.has_perm("wagtailadmin.access_admin"))


def has_proved(request: HttpRequest) -> bool:
    """Return whether this session was opened, or confirmed, with an app, a key or a recovery code."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def has_second_factor(user: Any) -> bool:
    """Return whether somebody has set up an app or a key."""
    return bool(Authenticator.objects.filter(user=user, type__in=_PROOFS).exists())
