"""Whoever leaves the shop is forgotten at Kakao, Naver and Google too: with the stand-in, over HTTP."""

from collections.abc import Iterator

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from commerce.accounts import farewell, providers, sealing, trust
from commerce.accounts.models import Farewell
from commerce.customers.models import User
from commerce.privacy import withdrawal
from commerce.tests import providers as ways
from commerce.tests import signing
from commerce.tests.factories import NOW
from commerce.tests.told import told
from tools.social_standin.people import Person
from tools.social_standin.server import Server

pytestmark = pytest.mark.django_db
PEOPLE = {
    "kakao": Person(uid="1001", name="지민", email="jimin@kakao.example"),
    "naver": Person(uid="nv-2001", name="서연", email="seoyeon@naver.example"),
    "google": Person(uid="300100", name="Mina Park", email="mina@google.example"),
}


@pytest.fixture
def standin(settings) -> Iterator[Server]:
    settings.KAKAO_ADMIN_KEY = "an admin key"
    with ways.listening() as server:
        yield server


def sign_up(client: Client, provider: str) -> User:
    """Sign up at a provider, and prove the address where the provider does not."""
    ways.sign_in(client, provider, PEOPLE[provider])
    page = {"email": PEOPLE[provider].email, **signing.BOXES}
    client.post("/accounts/3rdparty/signup/", page)
    if provider == "naver":
        client.post("/accounts/confirm-email/", {"code": signing.last_code()})
    return User.objects.get()


def leave(user: User) -> list[int]:
    """Leave the shop; return the rows of whom to tell."""
    withdrawal.withdraw(customer_id=user.pk, now=NOW)
    return [row["farewell_id"] for row in told("customer.farewell_due")]


@pytest.mark.parametrize("provider", PEOPLE)
def test_the_provider_is_told_once_and_then_nobody_knows_who_it_was(
    client: Client, standin: Server, provider: str
) -> None:
    user = sign_up(client, provider)

    (row,) = leave(user)

    assert not SocialAccount.objects.exists()
    assert standin.desk.left == []  # no request waits for a provider
    assert farewell.say(farewell_id=row) is True
    assert farewell.say(farewell_id=row) is False
    assert standin.desk.left == [(provider, PEOPLE[provider].uid)]
    assert not Farewell.objects.exists()
    assert told("customer.farewell_due") == [{"user_id": user.pk, "farewell_id": row, "provider": provider}]


@pytest.mark.parametrize("provider", PEOPLE)
def test_a_provider_that_is_busy_or_away_is_told_later(
    client: Client, standin: Server, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = leave(sign_up(client, provider))
    standin.desk.busy = True
    with pytest.raises(providers.StillLinked):
        farewell.say(farewell_id=row)
    assert Farewell.objects.count() == 1
    with monkeypatch.context() as away:
        away.setitem(providers.ADDRESSES, provider, "http://127.0.0.1:9/x")
        with pytest.raises(providers.StillLinked):
            farewell.say(farewell_id=row)
    standin.desk.busy = False

    assert farewell.say(farewell_id=row) is True
    assert standin.desk.left == [(provider, PEOPLE[provider].uid)]


@pytest.mark.parametrize("provider", PEOPLE)
def test_who_cut_the_shop_off_there_before_is_no_trouble(
    client: Client, standin: Server, provider: str
) -> None:
    (row,) = leave(sign_up(client, provider))
    stored = Farewell.objects.get()
    providers.cut(provider=provider, uid=stored.uid, token=sealing.unseal(stored.token))

    assert farewell.say(farewell_id=row) is True
    assert not Farewell.objects.exists()


def test_tokens_are_sealed_and_of_kakao_none_is_kept(client: Client, standin: Server) -> None:
    sign_up(client, "naver")

    kept = SocialAccount.objects.get().extra_data[trust.TOKEN]

    assert sealing.unseal(kept) in standin.desk._refreshing
    assert sealing.unseal(kept) not in kept
    other = Client()
    ways.sign_in(other, "kakao", PEOPLE["kakao"])
    other.post("/accounts/3rdparty/signup/", {"email": PEOPLE["kakao"].email, **signing.BOXES})
    assert trust.TOKEN not in SocialAccount.objects.get(provider="kakao").extra_data


def test_without_its_key_kakao_is_not_told(client: Client, standin: Server, settings) -> None:
    settings.KAKAO_ADMIN_KEY = ""

    assert leave(sign_up(client, "kakao")) == []
    assert not Farewell.objects.exists()


def test_a_token_whose_key_is_gone_opens_nothing(settings) -> None:
    sealed = sealing.seal("a token")
    assert sealing.unseal(sealed) == "a token"
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert sealing.unseal(sealed) == "a token"
    settings.SECRET_KEY_FALLBACKS = []

    assert sealing.unseal(sealed) == ""
