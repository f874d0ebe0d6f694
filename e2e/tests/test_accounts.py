"""Somebody becomes a customer: with a password and a code, or at a provider; with scripts and without."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from e2e.checks.axe import violations
from e2e.conftest import DESK, PHONE, Target
from e2e.mails import text_of, wait_for

PASSWORD = "청자-달항아리-42"
CODE = re.compile(r"^[A-Z0-9]{4}-?[A-Z0-9]{4}$|^[A-Z0-9]{6,9}$", re.MULTILINE)
WARM_UP = 400  # seconds at most: a shop that has just been seeded makes its pictures first
SUBMIT = "form.access__form button:not([type=button])"


def somebody() -> str:
    return f"{uuid.uuid4().hex[:10]}@maru.example"


def agree(page: Page) -> None:
    for box in ("age_14", "terms", "privacy"):
        page.locator(f"#id_{box}").check()


def sign_up(page: Page, email: str, prefix: str = "") -> None:
    page.goto(f"{prefix}/accounts/signup/")
    page.fill("#id_email", email)
    page.fill("#id_password1", PASSWORD)
    page.fill("#id_password2", PASSWORD)
    agree(page)
    page.locator(SUBMIT).first.click()
    page.wait_for_url("**/accounts/confirm-email/")


def code_for(target: Target, email: str) -> str:
    if target.mails is None:
        pytest.skip("nobody but the shopper can read the mails of this shop")
    text = text_of(wait_for(target.mails, to=email, containing="-", patience=WARM_UP))
    found = CODE.search(text)
    assert found, text
    return found.group()


@pytest.mark.writes
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_sign_up_with_the_code_of_the_mail(plain_page: Page, target: Target, prefix: str):
    page, email = plain_page, somebody()
    sign_up(page, email, prefix)

    page.fill("#id_code", code_for(target, email))
    page.locator(SUBMIT).first.click()

    page.wait_for_url(f"**{prefix}/accounts/")
    expect(page.locator("main")).to_contain_text(email)
    page.goto(f"{prefix}/cart/")
    expect(page.locator(".header__me")).to_have_attribute("href", re.compile(r"/account"))


@pytest.mark.writes
@pytest.mark.parametrize("provider", ["kakao", "google"])
def test_a_first_sign_in_at_a_provider_without_scripts(plain_page: Page, provider: str):
    page = plain_page
    page.goto("/accounts/login/?next=/cart/")
    page.locator(f"form[action*='/{provider}/login/'] button").click()
    uid = str(uuid.uuid4().int)[:12]
    page.fill("input[name=uid][type=text]", uid)
    page.fill("input[name=email][type=email]", f"{uid}@{provider}.example")
    page.locator("fieldset button").click()
    page.wait_for_url("**/accounts/3rdparty/signup/")
    agree(page)

    page.locator(SUBMIT).first.click()

    page.wait_for_url("**/cart/")


@pytest.mark.writes
def test_at_naver_the_address_is_proved_by_a_code(page: Page, target: Target):
    email = somebody()
    page.goto("/accounts/login/")
    page.locator("form[action*='/naver/login/'] button").click()
    page.fill("input[name=uid][type=text]", f"nv-{email[:8]}")
    page.fill("input[name=email][type=email]", email)
    page.locator("fieldset button").click()
    agree(page)
    page.locator(SUBMIT).first.click()
    page.wait_for_url("**/accounts/confirm-email/")

    page.fill("#id_code", code_for(target, email))
    page.locator(SUBMIT).first.click()

    page.wait_for_url("**/accounts/")


@pytest.mark.writes
@pytest.mark.parametrize(
    ("act", "status"), [("deny", "cancelled"), ("bad_state", "callback"), ("garbage", "callback")]
)
def test_what_goes_wrong_at_a_provider_ends_in_words(page: Page, guards, act: str, status: str):
    for allowed in ("401", "502"):
        guards.allow(allowed)
    page.goto("/accounts/login/")
    page.locator("form[action*='/kakao/login/'] button").click()

    page.locator(f"button[value={act}]").click()

    page.wait_for_url(f"**/accounts/**{status}**")
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.writes
def test_a_passkey_is_added_and_opens_the_door(page: Page, target: Target, guards):
    guards.allow("")  # the shop is asked by another of its names: keys belong to names, not to numbers
    home = target.url.replace("127.0.0.1", "localhost")
    email = somebody()
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_up(page, email, home)
    page.fill("#id_code", code_for(target, email))
    page.locator(SUBMIT).first.click()
    page.wait_for_url("**/accounts/")
    page.goto(f"{home}/accounts/2fa/webauthn/add/")
    page.fill("#id_password", PASSWORD)
    page.locator(SUBMIT).first.click()
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/")
    page.goto(f"{home}/accounts/")
    page.locator("form[action$='/accounts/logout/'] button").click()
    page.goto(f"{home}/accounts/login/")

    page.locator("#passkey_login").click()

    page.wait_for_url("**/accounts/")
    expect(page.locator("main")).to_contain_text(email)


@pytest.mark.smoke
@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_doors_are_open_to_everybody(page: Page, size: dict[str, int], path: str, prefix: str):
    page.set_viewport_size(size)
    page.goto(prefix + path)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.writes
def test_the_pages_of_an_account_are_open_to_everybody(page: Page, target: Target):
    email = somebody()
    sign_up(page, email)
    assert violations(page) == []
    page.fill("#id_code", code_for(target, email))
    page.locator(SUBMIT).first.click()
    page.wait_for_url("**/accounts/")
    page.set_viewport_size(PHONE)

    for path in (
        "",
        "email/",
        "password/change/",
        "3rdparty/",
        "2fa/",
        "sessions/",
        "consents/",
        "reauthenticate/",
    ):
        page.goto(f"/accounts/{path}")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
