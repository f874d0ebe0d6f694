"""What somebody tries who is not whom they say. Each test of a limit has a twin that shows what happens without."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from commerce.accounts.models import AccountLetter
from commerce.customers.models import User
from commerce.tests import signing

pytestmark = pytest.mark.django_db
WRONG = "not-the-password-1"


def shape(response: Any) -> tuple[int, str, str]:
    """Return what an answer shows, without what is random or what was typed."""
    page = response.content.decode()
    for typed in ("known@maru.example", "nobody@maru.example"):
        page = page.replace(typed, "…")
    if token := response.context and response.context.get("csrf_token"):
        page = page.replace(str(token), "")
    return response.status_code, response.get("Location", ""), page


# --- who has an account? -------------------------------------------------------------------------------------


def test_a_wrong_password_and_an_unknown_address_sound_alike(client: Client):
    signing.person("known@maru.example")

    known = shape(signing.sign_in(client, "known@maru.example", WRONG))
    unknown = shape(signing.sign_in(Client(), "nobody@maru.example", WRONG))

    assert known == unknown


def test_a_sign_up_with_a_known_address_looks_like_any_other_and_tells_the_owner(client: Client):
    signing.person("known@maru.example")
    other = Client()

    known = client.post("/accounts/signup/", signing.form(email="known@maru.example"))
    unknown = other.post("/accounts/signup/", signing.form(email="nobody@maru.example"))

    assert shape(known) == shape(unknown)
    assert shape(client.get("/accounts/confirm-email/")) == shape(other.get("/accounts/confirm-email/"))
    wrong = [c.post("/accounts/confirm-email/", {"code": "AAAAAAAA"}) for c in (client, other)]
    assert shape(wrong[0]) == shape(wrong[1])
    assert list(AccountLetter.objects.order_by("pk").values_list("kind", "to")) == [
        ("already_exists", "known@maru.example"),
        ("confirm_address", "nobody@maru.example"),
    ]
    assert User.objects.filter(email="known@maru.example").count() == 1


def test_asking_for_a_new_password_sounds_alike_too(client: Client):
    signing.person("known@maru.example")
    other = Client()

    known = client.post("/accounts/password/reset/", {"email": "known@maru.example"})
    unknown = other.post("/accounts/password/reset/", {"email": "nobody@maru.example"})

    assert shape(known) == shape(unknown)
    pages = [c.get("/accounts/password/reset/confirm/") for c in (client, other)]
    assert shape(pages[0]) == shape(pages[1])
    wrong = [c.post("/accounts/password/reset/confirm/", {"code": "AAAAAAAA"}) for c in (client, other)]
    assert shape(wrong[0]) == shape(wrong[1])


# --- guessing --------------------------------------------------------------------------------------------------


def tries_until_refused(*, most: int, **headers: str) -> int:
    """Return how many wrong passwords for one account are looked at, each from a browser of its own."""
    for number in range(most):
        if signing.was_refused_for_trying(signing.sign_in(Client(**headers), password=f"{WRONG}{number}")):
            return number
    return most


def test_an_account_lets_five_passwords_be_tried_then_not_even_the_right_one():
    signing.person()

    assert tries_until_refused(most=8) == 5
    assert signing.sign_in(Client()).status_code == 200
    assert "_auth_user_id" not in Client().session


def test_without_the_limit_all_are_looked_at(settings):
    settings.ACCOUNT_RATE_LIMITS = False
    signing.person()

    assert tries_until_refused(most=8) == 8


def test_many_accounts_from_one_address_are_stopped_too(client: Client):
    answers = [signing.sign_in(Client(), f"victim{number}@maru.example", WRONG) for number in range(12)]

    assert [signing.was_refused_for_trying(answer) for answer in answers] == [False] * 10 + [True] * 2


def test_behind_the_proxy_the_address_that_counts_is_the_one_it_wrote(settings):
    settings.CLIENT_ADDRESS_HEADER = "X-Real-IP"
    for number in range(12):
        signing.sign_in(Client(HTTP_X_REAL_IP="203.0.113.7"), f"victim{number}@maru.example", WRONG)

    same = signing.sign_in(Client(HTTP_X_REAL_IP="203.0.113.7"), "last@maru.example", WRONG)
    lied = signing.sign_in(
        Client(HTTP_X_REAL_IP="203.0.113.7", HTTP_X_FORWARDED_FOR="198.51.100.1"), "last@maru.example", WRONG
    )
    other = signing.sign_in(Client(HTTP_X_REAL_IP="203.0.113.8"), "last@maru.example", WRONG)

    assert [signing.was_refused_for_trying(answer) for answer in (same, lied, other)] == [True, True, False]


def test_without_a_proxy_nobody_chooses_their_own_address():
    for number in range(12):
        signing.sign_in(Client(HTTP_X_REAL_IP=f"203.0.113.{number}"), f"victim{number}@maru.example", WRONG)

    last = signing.sign_in(Client(HTTP_X_FORWARDED_FOR="198.51.100.1"), "last@maru.example", WRONG)

    assert signing.was_refused_for_trying(last)


def test_a_code_is_guessed_three_times_at_most(client: Client):
    client.post("/accounts/signup/", signing.form())
    code = signing.last_code()

    for _try in range(3):
        client.post("/accounts/confirm-email/", {"code": "AAAAAAAA"})
    client.post("/accounts/confirm-email/", {"code": code})

    assert not EmailAddress.objects.get().verified
    assert "_auth_user_id" not in client.session


def test_with_fewer_wrong_guesses_the_code_still_counts(client: Client):
    client.post("/accounts/signup/", signing.form())

    for _try in range(2):
        client.post("/accounts/confirm-email/", {"code": "AAAAAAAA"})
    client.post("/accounts/confirm-email/", {"code": signing.last_code()})

    assert EmailAddress.objects.get().verified


def test_the_code_of_a_new_password_is_guessed_three_times_at_most(client: Client):
    signing.person()
    client.post("/accounts/password/reset/", {"email": signing.EMAIL})
    code = signing.last_code("reset_password")

    for _try in range(3):
        client.post("/accounts/password/reset/confirm/", {"code": "AAAAAAAA"})
    client.post("/accounts/password/reset/confirm/", {"code": code})
    client.post(
        "/accounts/password/reset/complete/",
        {"password1": "새-비밀번호-77-달", "password2": "새-비밀번호-77-달"},
    )

    assert User.objects.get().check_password(signing.PASSWORD)


def test_while_tries_cannot_be_counted_nobody_signs_in_and_nothing_breaks(client: Client, monkeypatch):
    def away(*_args: Any, **_more: Any) -> None:
        raise ConnectionError("no cache")

    signing.person()
    for name in ("get", "set", "add"):
        monkeypatch.setattr(cache, name, away)

    response = signing.sign_in(client)

    assert response.status_code == 503
    assert "_auth_user_id" not in client.session


# --- sessions, addresses, fields -------------------------------------------------------------------------------


def test_the_key_of_a_session_changes_with_the_sign_in(client: Client):
    signing.person()
    session = client.session
    session["put there by"] = "somebody else"
    session.save()
    planted = session.session_key

    signing.sign_in(client)

    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/en/accounts/").status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "https://testserver.evil.example/",
    ],
)
@pytest.mark.parametrize("page", ["login", "signup"])
def test_next_never_leads_out_of_the_shop(client: Client, elsewhere: str, page: str):
    signing.person()
    response = signing.sign_in(client, next=elsewhere)
    shown = Client().get(f"/accounts/{page}/", {"next": elsewhere}).content.decode()

    assert (response.status_code, response["Location"]) == (302, "/en/accounts/")
    assert f'href="{elsewhere}' not in shown


def test_next_leads_on_within_the_shop(client: Client):
    signing.person()

    assert signing.sign_in(client, next="/cart/")["Location"] == "/cart/"


def test_a_shop_of_many_hosts_leads_to_none_but_its_own(client: Client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "partner.example"]
    signing.person()

    assert signing.sign_in(client, next="https://partner.example/")["Location"] == "/en/accounts/"


def test_more_fields_than_the_form_has_change_nothing(client: Client):
    client.post(
        "/accounts/signup/",
        signing.form(is_staff="on", is_superuser="1", groups="1", id="1", phone="010", is_active=""),
    )

    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.is_active, user.phone) == (False, False, True, "")
    assert not user.groups.exists()


def test_the_consent_page_takes_no_required_consent_and_no_other_person(client: Client):
    client.post("/accounts/signup/", signing.form())
    client.post("/accounts/confirm-email/", {"code": signing.last_code()})
    other = signing.person("other@maru.example")

    client.post("/accounts/consents/", {"marketing_sms": "on", "terms": "", "user": other.pk})

    assert list(other.consents.all()) == []
    mine = User.objects.get(email=signing.EMAIL).consents.order_by("id")
    assert list(mine.values_list("kind", "given"))[3:] == [("marketing_sms", True)]


def test_mails_know_no_host_of_a_request(client: Client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]
    signing.person("known@maru.example")

    client.post("/accounts/signup/", signing.form(email="known@maru.example"), HTTP_HOST="evil.example")
    client.post("/accounts/password/reset/", {"email": "nobody@maru.example"}, HTTP_HOST="evil.example")

    rows = list(AccountLetter.objects.all())
    assert len(rows) == 2
    assert [row.details for row in rows] == [{}, {}]


@pytest.mark.parametrize(
    "page", ["email", "password/set", "2fa/totp/activate", "2fa/webauthn/add", "2fa/recovery-codes/generate"]
)
def test_a_session_left_open_changes_nothing_without_the_password(client: Client, page: str):
    signing.person()
    signing.sign_in(client)
    if page == "password/set":
        page = "password/change"
        answer = client.post(
            f"/accounts/{page}/",
            {"oldpassword": WRONG, "password1": "새-비밀번호-77-달", "password2": "새-비밀번호-77-달"},
        )
        assert answer.status_code == 200
    else:
        answer = client.post(f"/accounts/{page}/", {"email": "thief@maru.example", "action_add": ""})
        assert answer["Location"].startswith("/accounts/reauthenticate/")

    assert list(EmailAddress.objects.values_list("email", flat=True)) == [signing.EMAIL]
    assert User.objects.get().check_password(signing.PASSWORD)
