"""What people type to sign up and in."""

from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

from commerce.accounts.models import AccountLetter
from commerce.customers.models import User

EMAIL, PASSWORD = "new@maru.example", "달항아리-42-청자"
BOXES = {"age_14": "on", "terms": "on", "privacy": "on"}


def form(**changes: Any) -> dict[str, Any]:
    """Return a complete sign-up; None takes a field out."""
    whole = {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD, **BOXES, **changes}
    return {name: value for name, value in whole.items() if value is not None}


def person(
    email: str = EMAIL, *, password: str | None = PASSWORD, verified: bool = True, **fields: Any
) -> User:
    """Return somebody who has an account."""
    user = User.objects.create_user(email, password, **fields)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    return user


def sign_in(client: Client, email: str = EMAIL, password: str = PASSWORD, **more: Any) -> Any:
    """Send the form of sign-in."""
    return client.post("/en/accounts/login/", {"login": email, "password": password, **more})


def was_refused_for_trying(response: Any) -> bool:
    """Return whether an answer says that somebody tried too often."""
    return response.status_code == 429 or "Too many tries" in response.content.decode()


def last_code(kind: str = "confirm_address") -> str:
    """Return the code of the newest letter."""
    return AccountLetter.objects.filter(kind=kind).latest("pk").details["code"]
