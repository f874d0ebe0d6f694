"""The back office opens with a second factor only, and how somebody gets one, or in without it."""

import io

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import CommandError, call_command
from django.test import Client

from commerce.accounts.second_factors import SecondFactors
from commerce.customers.models import User
from commerce.events.models import OutboxEvent
from commerce.tests import signing
from commerce.tests.told import told

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
DESKS = ["/admin/", "/admin/pages/", "/django-admin/", "/django-admin/commerce/"]


@pytest.fixture(autouse=True)
def _required(settings) -> None:
    settings.STAFF_MFA_REQUIRED = True


@pytest.fixture
def boss() -> User:
    return signing.person("boss@maru.example", is_staff=True, is_superuser=True)


def code(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def in_session(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("desk", DESKS)
def test_without_a_second_factor_the_desk_leads_to_setting_one_up(client: Client, boss: User, desk: str):
    signing.sign_in(client, boss.email)

    response = client.get(desk)

    assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/totp/activate/?next=/admin/")


@pytest.mark.parametrize("desk", DESKS)
def test_where_it_is_not_required_the_password_is_enough(client: Client, boss: User, desk: str, settings):
    settings.STAFF_MFA_REQUIRED = False
    signing.sign_in(client, boss.email)

    assert client.get(desk).status_code == 200


def test_posts_are_stopped_like_pages(client: Client, boss: User):
    signing.sign_in(client, boss.email)

    response = client.post("/admin/users/new/", {"email": "thief@maru.example"})

    assert response["Location"].startswith("/accounts/2fa/totp/activate/")
    assert User.objects.count() == 1


@pytest.mark.parametrize("door", ["/admin/login/", "/django-admin/login/"])
def test_the_admins_own_doors_lead_to_the_one_that_asks_for_it(client: Client, boss: User, door: str):
    shown = client.get(door)
    tried = client.post(door, {"username": boss.email, "password": signing.PASSWORD})

    for response in (shown, tried):
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert in_session(client) is None


def test_whoever_set_an_app_up_is_in_at_once_and_has_recovery_codes(client: Client, boss: User):
    signing.sign_in(client, boss.email)
    client.post("/accounts/reauthenticate/", {"password": signing.PASSWORD})
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]

    response = client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})

    assert response["Location"] == "/accounts/2fa/recovery-codes/"
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    page = client.get(response["Location"]).content.decode()
    assert [code for code in codes if f"<code>{code}</code>" not in page] == []
    assert len(codes) == 10
    assert client.get("/admin/").status_code == 200
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == ["recovery_codes", "totp"]


def test_signing_in_asks_for_the_code_and_the_desk_opens(client: Client, boss: User):
    TOTP.activate(boss, SECRET)

    halfway = signing.sign_in(client, boss.email, next="/admin/")
    assert (halfway["Location"], in_session(client)) == ("/en/accounts/2fa/authenticate/", None)
    wrong = client.post("/en/accounts/2fa/authenticate/", {"code": "000000"})
    assert (wrong.status_code, in_session(client)) == (200, None)
    right = client.post("/en/accounts/2fa/authenticate/", {"code": code()})

    assert (right["Location"], in_session(client)) == ("/admin/", str(boss.pk))
    assert client.get("/admin/").status_code == 200
    assert [(row["by"], row["second_factor"]) for row in told("customer.signed_in")] == [("password", True)]


def test_a_session_from_before_the_app_is_asked_for_its_code(client: Client, boss: User):
    signing.sign_in(client, boss.email)
    TOTP.activate(boss, SECRET)

    response = client.get("/admin/pages/")

    assert response["Location"] == "/accounts/2fa/reauthenticate/?next=/admin/pages/"
    client.post("/accounts/2fa/reauthenticate/", {"code": code()})
    assert client.get("/admin/pages/").status_code == 200


def test_the_second_factor_of_one_person_does_not_count_for_the_next_in_the_same_browser(
    client: Client, boss: User
):
    TOTP.activate(boss, SECRET)
    signing.sign_in(client, boss.email)
    client.post("/en/accounts/2fa/authenticate/", {"code": code()})
    other = signing.person("other@maru.example", is_staff=True, is_superuser=True)
    client.post("/accounts/logout/")
    signing.sign_in(client, other.email)

    assert client.get("/admin/")["Location"].startswith("/accounts/2fa/totp/activate/")


def test_a_code_counts_once(client: Client, boss: User):
    TOTP.activate(boss, SECRET)
    once = code()
    signing.sign_in(client, boss.email)
    client.post("/en/accounts/2fa/authenticate/", {"code": once})
    thief = Client()
    signing.sign_in(thief, boss.email)

    thief.post("/en/accounts/2fa/authenticate/", {"code": once})

    assert in_session(thief) is None


def test_codes_are_not_guessed_for_ever(client: Client, boss: User):
    TOTP.activate(boss, SECRET)
    signing.sign_in(client, boss.email)
    for number in range(5):
        client.post("/en/accounts/2fa/authenticate/", {"code": f"00000{number}"})

    client.post("/en/accounts/2fa/authenticate/", {"code": code()})

    assert in_session(client) is None


def test_a_new_password_does_not_open_what_the_app_closes(client: Client, boss: User):
    TOTP.activate(boss, SECRET)
    fresh = "새-비밀번호-77-달항아리"
    client.post("/accounts/password/reset/", {"email": boss.email})
    client.post("/accounts/password/reset/confirm/", {"code": signing.last_code("reset_password")})
    client.post("/accounts/password/reset/complete/", {"password1": fresh, "password2": fresh})

    response = signing.sign_in(client, boss.email, fresh)

    assert (response["Location"], in_session(client)) == ("/en/accounts/2fa/authenticate/", None)


def test_shoppers_need_no_second_factor_and_get_no_desk(client: Client):
    signing.person()
    signing.sign_in(client)

    assert client.get("/accounts/").status_code == 200
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_the_shop_is_open_to_staff_without_one(client: Client, boss: User):
    signing.sign_in(client, boss.email)

    assert client.get("/cart/").status_code == 200


# --- recovery ----------------------------------------------------------------------------------------------------


def test_an_operator_takes_lost_factors_away_and_it_is_written_down(boss: User):
    TOTP.activate(boss, SECRET)
    said = io.StringIO()

    call_command("reset_mfa", "Boss@maru.example", by="kim", stdout=said)

    assert Authenticator.objects.count() == 0
    assert told("staff.second_factor_reset") == [{"user_id": boss.pk, "removed": 1}]
    assert OutboxEvent.objects.get(type="staff.second_factor_reset").actor == "reset_mfa kim"
    assert said.getvalue() == "1 second factors removed; the next sign-in asks for new ones\n"


def test_for_nobody_it_says_so(boss: User):
    TOTP.activate(boss, SECRET)

    with pytest.raises(CommandError, match="nobody has an account"):
        call_command("reset_mfa", "nobody@maru.example")

    assert Authenticator.objects.count() == 1
    assert told("staff.second_factor_reset") == []


# --- what is stored ------------------------------------------------------------------------------------------------


def test_the_secret_of_an_app_is_not_stored_in_the_clear(boss: User):
    TOTP.activate(boss, SECRET)

    stored = Authenticator.objects.get().data["secret"]
    assert SECRET not in stored
    assert SecondFactors().decrypt(stored) == SECRET


def test_a_key_of_the_past_still_opens_it_and_a_foreign_one_lets_nobody_in(boss: User, settings):
    stored = SecondFactors().encrypt(SECRET)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", ["test-only"]
    assert SecondFactors().decrypt(stored) == SECRET

    settings.SECRET_KEY_FALLBACKS = []
    lost = {SecondFactors().decrypt(stored) for _try in range(3)}
    assert len(lost) == 3
    assert {len(secret) for secret in lost} == {32}
    assert SECRET not in lost
