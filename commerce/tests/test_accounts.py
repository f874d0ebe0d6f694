"""Signing up, in and out: what a person sees, what is stored, what leaves."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
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


def test_the_code_of_the_mail_signs_in(client: Client):
    client.post("/accounts/signup/", signing.form())

    response = client.post("/accounts/confirm-email/", {"code": signing.last_code()})

    assert (response.status_code, response["Location"]) == (302, "/accounts/")
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)
    assert EmailAddress.objects.get().verified
    assert [(row["by"], row["second_factor"]) for row in told("customer.signed_in")] == [("code", False)]


@pytest.mark.parametrize("box", ["age_14", "terms", "privacy"])
def test_without_a_required_consent_there_is_no_account_and_what_was_typed_stays(client: Client, box: str):
    response = client.post("/accounts/signup/", signing.form(**{box: None}))

    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="new@maru.example"' in page
    assert f'id="id_{box}_error"' in page
    assert (User.objects.count(), Consent.objects.count(), AccountLetter.objects.count()) == (0, 0, 0)


def test_no_box_is_ticked_before(client: Client):
    page = client.get("/accounts/signup/").content.decode()

    boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", page)
    assert len(boxes) == 5
    assert not [box for box in boxes if "checked" in box]


def test_an_english_shopper_signs_up_in_english_and_gets_an_english_mail(client: Client):
    page = client.get("/en/accounts/signup/").content.decode()
    client.post("/en/accounts/signup/", signing.form())

    assert '<html lang="en">' in page
    assert AccountLetter.objects.get().language == "en"


@pytest.mark.parametrize("page", ["login", "signup", "password/reset"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_pages_before_signing_in_answer_without_inline_scripts_and_styles(
    client: Client, page: str, language: str
):
    response = client.get(f"{language}/accounts/{page}/")

    assert response.status_code == 200
    text = response.content.decode()
    scripts = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", text)
    assert [kind for kind in scripts if 'type="application/json"' not in kind] == []
    assert "style=" not in text


PAGES = [
    "",
    "email/",
    "password/change/",
    "3rdparty/",
    "2fa/",
    "sessions/",
    "consents/",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_pages_of_an_account_answer_whoever_is_signed_in_and_nobody_else(
    client: Client, page: str, language: str
):
    signing.person()
    outside = client.get(f"{language}/accounts/{page}")
    signing.sign_in(client)

    inside = client.get(f"{language}/accounts/{page}")

    assert (outside.status_code, inside.status_code) == (302, 200)
    assert outside["Location"].startswith(f"{language}/accounts/login/?next=")
    assert (outside["Cache-Control"], inside["Cache-Control"]) == ("private, no-store", "private, no-store")


def test_a_new_password_by_code(client: Client):
    signing.person()
    client.post("/accounts/password/reset/", {"email": signing.EMAIL})
    client.post("/accounts/password/reset/confirm/", {"code": signing.last_code("reset_password")})

    client.post(
        "/accounts/password/reset/complete/",
        {"password1": "새-비밀번호-77-달", "password2": "새-비밀번호-77-달"},
    )

    assert User.objects.get().check_password("새-비밀번호-77-달")
    assert list(AccountLetter.objects.order_by("pk").values_list("kind", flat=True)) == [
        "reset_password",
        "password_changed",
    ]


def test_devices_are_listed_and_signed_out_from_afar(client: Client):
    signing.person()
    elsewhere = Client(HTTP_USER_AGENT="Firefox on a tablet")
    signing.sign_in(elsewhere)
    signing.sign_in(client)
    assert "Firefox on a tablet" in client.get("/accounts/sessions/").content.decode()

    client.post("/accounts/sessions/")

    assert elsewhere.get("/accounts/").status_code == 302
    assert client.get("/accounts/").status_code == 200
    assert UserSession.objects.count() == 1


def test_signing_out_ends_the_session(client: Client):
    signing.person()
    signing.sign_in(client)

    response = client.post("/accounts/logout/")

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/accounts/").status_code == 302


def test_the_header_leads_to_the_sign_in_or_to_my_page(client: Client):
    signing.person()
    before = client.get("/cart/").content.decode()
    signing.sign_in(client)
    after = client.get("/cart/").content.decode()

    assert 'href="/accounts/login/"' in before
    assert 'href="/accounts/login/"' not in after
    assert re.search(r'class="tool header__me" href="/account', after)


def test_whoever_only_looks_gets_no_session(client: Client):
    client.get("/accounts/login/")

    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_sign_in_buttons_may_lead_to_the_providers_and_no_other_page_may(client: Client):
    def targets(path: str) -> str:
        policy = client.get(path)["Content-Security-Policy"]
        return next(part.strip() for part in policy.split(";") if part.strip().startswith("form-action"))

    assert targets("/accounts/login/") == "form-action 'self' http://127.0.0.1:9"
    assert targets("/en/accounts/login/") == "form-action 'self' http://127.0.0.1:9"
    assert targets("/cart/") == "form-action 'self'"


def test_operators_look_at_consents_and_find_no_keys_and_no_second_factors(client: Client):
    client.force_login(signing.person("boss@maru.example", is_staff=True, is_superuser=True))
    desk = client.get("/django-admin/").content.decode()

    assert "/django-admin/commerce/consent/" in desk
    for gone in ("mfa/authenticator", "socialaccount/socialapp", "socialaccount/socialtoken", "usersessions"):
        assert gone not in desk
    for list_ in ("commerce/consent", "account/emailaddress", "socialaccount/socialaccount"):
        assert client.get(f"/django-admin/{list_}/", {"q": "boss"}).status_code == 200, list_
    assert client.get("/django-admin/commerce/consent/add/").status_code == 403
