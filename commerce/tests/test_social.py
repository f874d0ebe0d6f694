"""Signing in at Kakao, Naver and Google: what is believed, what is not, and how it ends."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.test import Client

from commerce.accounts import standin
from commerce.accounts.models import AccountLetter
from commerce.customers.models import User
from commerce.tests import providers, signing
from commerce.tests.told import told
from tools.social_standin.people import Person

pytestmark = pytest.mark.django_db
JIMIN = Person(uid="1001", name="지민", email="jimin@kakao.example")
SEOYEON = Person(uid="nv-2001", name="서연", email="seoyeon@naver.example")
MINA = Person(uid="300100", name="Mina Park", email="mina@google.example")
VICTIM = "victim@maru.example"
ROOMS = {"kakao": JIMIN, "naver": SEOYEON, "google": MINA}


@pytest.fixture(autouse=True)
def _providers() -> Iterator[None]:
    with providers.listening():
        yield


def agree(client: Client, **more: str):
    return client.post("/accounts/3rdparty/signup/", {**signing.BOXES, **more})


def verified() -> dict[str, bool]:
    return dict(EmailAddress.objects.order_by("email").values_list("email", "verified"))


# --- the first time --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("provider", "proved"), [("kakao", True), ("naver", False), ("google", True)])
def test_a_first_sign_in_asks_for_consents_and_makes_the_account_only_then(
    client: Client, provider: str, proved: bool
):
    person = ROOMS[provider]

    response = providers.sign_in(client, provider, person)

    assert (response.status_code, response["Location"]) == (302, "/accounts/3rdparty/signup/")
    assert User.objects.count() == 0
    assert client.get(response["Location"]).status_code == 200

    response = agree(client, email=person.email)
    user = User.objects.get()
    assert (user.email, user.first_name, user.has_usable_password()) == (person.email, person.name, False)
    assert [row.kind for row in user.consents.order_by("id")] == ["age_14", "terms", "privacy"]
    assert verified() == {person.email: proved}
    assert response["Location"] == ("/accounts/" if proved else "/accounts/confirm-email/")
    assert ("_auth_user_id" in client.session) is proved
    assert told("customer.signed_up") == [{"user_id": user.pk, "by": provider}]


def test_without_the_consents_there_is_no_account(client: Client):
    providers.sign_in(client, "kakao", JIMIN)

    response = client.post("/accounts/3rdparty/signup/", {"age_14": "on", "terms": "on"})

    assert response.status_code == 200
    assert 'id="id_privacy_error"' in response.content.decode()
    assert (User.objects.count(), SocialAccount.objects.count()) == (0, 0)


def test_the_second_time_the_door_is_open(client: Client):
    providers.sign_in(client, "kakao", JIMIN)
    agree(client, email=JIMIN.email)
    client.post("/accounts/logout/")

    response = providers.sign_in(client, "kakao", JIMIN, next="/cart/")

    assert (response.status_code, response["Location"]) == (302, "/cart/")
    assert [row["by"] for row in told("customer.signed_in")] == ["kakao", "kakao"]


def test_who_keeps_the_address_to_themselves_is_asked_for_one_and_proves_it_with_a_code(client: Client):
    providers.sign_in(client, "kakao", Person(uid="1002", name="하늘"))

    agree(client, email="haneul@maru.example")
    assert "_auth_user_id" not in client.session
    client.post("/accounts/confirm-email/", {"code": signing.last_code()})

    assert verified() == {"haneul@maru.example": True}
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_an_address_that_the_provider_proved_cannot_be_swapped_in_the_form(client: Client):
    providers.sign_in(client, "kakao", JIMIN)

    agree(client, email=VICTIM)

    assert User.objects.get().email == JIMIN.email
    assert verified() == {JIMIN.email: True}


def test_little_of_a_profile_is_kept(client: Client):
    providers.sign_in(client, "kakao", JIMIN)
    agree(client, email=JIMIN.email)

    assert SocialAccount.objects.get().extra_data == {
        "kakao_account": {"email": JIMIN.email, "profile": {"nickname": "지민"}},
        "proven": True,
    }


# --- whose address is it? --------------------------------------------------------------------------------------

IMPOSTORS = {
    "naver, where anybody types any address": ("naver", Person(uid="nv-6", name="아무나", email=VICTIM)),
    "kakao, whose owner lost the address": (
        "kakao",
        Person(uid="6", name="옛 주인", email=VICTIM, valid=False),
    ),
    "kakao, where it was never proved": ("kakao", Person(uid="6", name="아무나", email=VICTIM, proved=False)),
    "google, where it was not proved": (
        "google",
        Person(uid="6", name="Anybody", email=VICTIM, proved=False),
    ),
    "kakao, proved": ("kakao", Person(uid="6", name="주인", email=VICTIM)),
    "google, proved": ("google", Person(uid="6", name="Owner", email=VICTIM)),
}


@pytest.mark.parametrize("who", IMPOSTORS)
def test_nobody_gets_into_an_existing_account_by_its_address(client: Client, who: str):
    victim = signing.person(VICTIM)
    provider, person = IMPOSTORS[who]

    providers.sign_in(client, provider, person)
    response = agree(client, email=VICTIM)

    assert (response.status_code, response["Location"]) == (302, "/accounts/confirm-email/")
    assert "_auth_user_id" not in client.session
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)
    assert User.objects.get().check_password(signing.PASSWORD)
    assert list(AccountLetter.objects.values_list("kind", "to")) == [("already_exists", victim.email)]


@pytest.mark.parametrize("who", list(IMPOSTORS)[:4])
def test_with_addresses_believed_as_allauth_does_some_would_get_in(
    client: Client, who: str, settings, monkeypatch
):
    """The twin: without our adapter, and with addresses opening accounts, who gets in?"""
    settings.SOCIALACCOUNT_ADAPTER = "allauth.socialaccount.adapter.DefaultSocialAccountAdapter"
    settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    victim = signing.person(VICTIM)
    provider, person = IMPOSTORS[who]

    providers.sign_in(client, provider, person)

    got_in = client.session.get("_auth_user_id") == str(victim.pk)
    assert got_in is (who.startswith("naver") or "lost" in who)


@pytest.mark.parametrize("who", list(IMPOSTORS)[:4])
def test_even_if_addresses_opened_accounts_ours_would_not_believe_these(client: Client, who: str, settings):
    settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    signing.person(VICTIM)
    provider, person = IMPOSTORS[who]

    providers.sign_in(client, provider, person)

    assert "_auth_user_id" not in client.session


def test_a_link_made_before_its_address_was_proved_opens_nothing_once_the_owner_came(client: Client):
    """A stranger signs up at Naver with the owner's address; the owner takes the account over by resetting the password."""
    stranger, owner = client, Client()
    impostor = Person(uid="nv-6", name="아무나", email=VICTIM)
    providers.sign_in(stranger, "naver", impostor)
    agree(stranger, email=VICTIM)
    owner.post("/accounts/password/reset/", {"email": VICTIM})
    owner.post("/accounts/password/reset/confirm/", {"code": signing.last_code("reset_password")})
    fresh = {"password1": "주인의-새-비밀번호-1", "password2": "주인의-새-비밀번호-1"}
    owner.post("/accounts/password/reset/complete/", fresh)

    response = providers.sign_in(Client(), "naver", impostor)

    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert SocialAccount.objects.count() == 0
    user = User.objects.get()
    assert told("customer.unlinked") == [{"user_id": user.pk, "provider": "naver", "why": "unproven"}]
    assert signing.sign_in(owner, VICTIM, "주인의-새-비밀번호-1")["Location"] == "/en/accounts/"


def test_without_that_rule_the_stranger_would_be_in(client: Client, monkeypatch):
    monkeypatch.setattr(
        "commerce.accounts.adapters.SocialAccounts.pre_social_login", lambda *_args, **_more: None
    )
    impostor = Person(uid="nv-6", name="아무나", email=VICTIM)
    providers.sign_in(client, "naver", impostor)
    agree(client, email=VICTIM)
    EmailAddress.objects.update(verified=True)  # as the owner does by resetting the password
    stranger = Client()

    providers.sign_in(stranger, "naver", impostor)

    assert stranger.session["_auth_user_id"] == str(User.objects.get().pk)


# --- connecting and cutting off ---------------------------------------------------------------------------------


def connect(client: Client, provider: str, person: Person):
    asked = providers.begin(client, provider, process="connect")
    return client.get(providers.decide(provider, asked, person))


def reauthenticate(client: Client, password: str = signing.PASSWORD):
    return client.post("/accounts/reauthenticate/", {"password": password, "next": "/accounts/3rdparty/"})


def test_connecting_asks_for_the_password_first(client: Client):
    user = signing.person()
    signing.sign_in(client)

    response = connect(client, "naver", SEOYEON)
    assert response["Location"] == "/accounts/reauthenticate/"
    assert SocialAccount.objects.count() == 0
    reauthenticate(client)

    assert list(SocialAccount.objects.values_list("user", "provider")) == [(user.pk, "naver")]
    assert told("customer.linked") == [{"user_id": user.pk, "provider": "naver"}]
    assert list(AccountLetter.objects.values_list("kind", "details")) == [("linked", {"provider": "Naver"})]
    other = Client()
    assert providers.sign_in(other, "naver", SEOYEON)["Location"] == "/accounts/"
    assert other.session["_auth_user_id"] == str(user.pk)
    assert verified() == {signing.EMAIL: True}  # the provider's address is not taken over


def test_a_wrong_password_connects_nothing(client: Client):
    signing.person()
    signing.sign_in(client)
    connect(client, "naver", SEOYEON)

    reauthenticate(client, "wrong-password-1")

    assert SocialAccount.objects.count() == 0


def test_an_account_at_a_provider_belongs_to_one_person(client: Client):
    first = signing.person("first@maru.example")
    SocialAccount.objects.create(user=first, provider="naver", uid=SEOYEON.uid, extra_data={"proven": True})
    signing.person()
    signing.sign_in(client)
    reauthenticate(client)

    connect(client, "naver", SEOYEON)

    assert list(SocialAccount.objects.values_list("user", flat=True)) == [first.pk]


def test_cutting_off_with_a_password_left(client: Client):
    user = signing.person()
    link = SocialAccount.objects.create(user=user, provider="naver", uid="nv-1", extra_data={"proven": True})
    signing.sign_in(client)
    reauthenticate(client)

    client.post("/accounts/3rdparty/", {"account": link.pk})

    assert SocialAccount.objects.count() == 0
    assert told("customer.unlinked") == [{"user_id": user.pk, "provider": "naver", "why": "wanted"}]


def test_the_last_way_in_is_not_cut_off(client: Client):
    providers.sign_in(client, "kakao", JIMIN)
    agree(client, email=JIMIN.email)

    response = client.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})

    assert response.status_code == 200
    assert (
        "This is your last way to sign in." in response.content.decode()
        or "마지막" in response.content.decode()
    )
    assert SocialAccount.objects.count() == 1
    assert told("customer.unlinked") == []


def test_nobody_cuts_off_what_is_another_persons(client: Client):
    other = signing.person("other@maru.example")
    link = SocialAccount.objects.create(user=other, provider="naver", uid="nv-1")
    signing.person()
    signing.sign_in(client)
    reauthenticate(client)

    client.post("/accounts/3rdparty/", {"account": link.pk})

    assert SocialAccount.objects.count() == 1


# --- what goes wrong on the way ----------------------------------------------------------------------------------


def test_who_says_no_comes_back_to_words(client: Client):
    response = providers.sign_in(client, "kakao", JIMIN, act="deny")

    assert (response.status_code, response["Location"]) == (302, "/accounts/3rdparty/login/cancelled/")
    assert client.get(response["Location"]).status_code == 200


def test_another_state_is_refused(client: Client):
    response = providers.sign_in(client, "kakao", JIMIN, act="bad_state")

    assert response.status_code == 401
    assert "_auth_user_id" not in client.session


def test_a_way_back_that_another_browser_began_is_refused(client: Client):
    """Login CSRF: somebody sends their own way back to a victim, who would shop in their account."""
    way_back = providers.decide("kakao", providers.begin(Client(), "kakao", process="login"), JIMIN)

    response = client.get(way_back)

    assert response.status_code == 401
    assert "socialaccount_sociallogin" not in client.session


def test_a_way_back_counts_once(client: Client):
    way_back = providers.decide("kakao", providers.begin(client, "kakao", process="login"), JIMIN)
    client.get(way_back)

    assert client.get(way_back).status_code == 401


def test_the_state_of_one_provider_does_not_count_at_another(client: Client):
    """Mix-up: the answer of a provider under attack is handed to another one's address."""
    way_back = providers.decide("naver", providers.begin(client, "naver", process="login"), SEOYEON)

    response = client.get(way_back.replace("/accounts/naver/", "/accounts/kakao/"))

    assert response.status_code == 401
    assert "socialaccount_sociallogin" not in client.session


@pytest.mark.parametrize("provider", ["kakao", "naver", "google"])
def test_a_profile_that_nobody_understands_is_no_fault_of_ours(client: Client, provider: str):
    response = providers.sign_in(client, provider, ROOMS[provider], act="garbage")

    assert response.status_code in (401, 502)
    assert "_auth_user_id" not in client.session


def test_a_provider_that_is_away_is_no_fault_of_ours(client: Client):
    asked = providers.begin(client, "kakao", process="login")
    way_back = providers.decide("kakao", asked, JIMIN)
    standin.use(address="http://127.0.0.1:9", providers=("kakao",))

    assert client.get(way_back).status_code == 401


def test_next_does_not_lead_out_of_the_shop_by_way_of_a_provider(client: Client):
    providers.sign_in(client, "kakao", JIMIN, next="https://evil.example/")

    assert agree(client, email=JIMIN.email)["Location"] == "/accounts/"


def test_google_is_asked_with_a_challenge(client: Client):
    asked = providers.begin(client, "google", process="login")

    assert (asked["code_challenge_method"], len(asked["code_challenge"])) == ("S256", 43)


def test_looking_at_the_address_of_a_button_signs_nobody_in(client: Client):
    response = client.get("/accounts/kakao/login/?process=login")

    assert response.status_code == 200
    assert "socialaccount_states" not in client.session


def test_the_way_back_that_providers_are_told_is_below_accounts(client: Client):
    response = client.post("/accounts/kakao/login/?process=login")

    asked = parse_qs(urlsplit(response["Location"]).query)
    assert asked["redirect_uri"] == ["http://testserver/accounts/kakao/login/callback/"]


def test_a_row_in_the_table_of_providers_changes_nothing(client: Client):
    SocialApp.objects.create(provider="kakao", name="another", client_id="foreign", secret="s")

    assert providers.begin(client, "kakao", process="login")["client_id"] == "test-kakao"
