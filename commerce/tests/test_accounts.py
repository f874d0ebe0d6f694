"""Signing up, in and out: what a person sees, what is stored, what leaves."""

import pytest
from django.test import Client

from commerce.accounts.models import AccountLetter
from commerce.consents.models import Consent
from commerce.customers.models import User
from commerce.tests import signing
from commerce.tests.told import told

pytestmark = pytest.mark.django_db


def test_a_sign_up_makes_an_account_with_its_consents_and_asks_for_the_code(client: Client):
    response = client.post("/accounts/signup/", signing.form(marketing_email="on"))

    assert (response.status_code, response["Location"]) == (302, "/accounts/confirm-email/")
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser) == ("new@maru.example", False, False)
    assert list(Consent.objects.order_by("id").values_list("kind", "given", "channel", "address")) == [
        ("age_14", True, "sign_up", "127.0.0.1"),
        ("terms", True, "sign_up", "127.0.0.1"),
        ("privacy", True, "sign_up", "127.0.0.1"),
        ("marketing_email", True, "sign_up", "127.0.0.1"),
    ]
    assert [row["kind"] for row in told("consent.given")] == ["age_14", "terms", "privacy", "marketing_email"]
    assert told("customer.signed_up") == [{"user_id": user.pk, "by": "password"}]
    letter = AccountLetter.objects.get()
    assert (letter.kind, letter.to, letter.language) == ("confirm_address", "new@maru.example", "ko")
    assert "_auth_user_id" not in client.session
