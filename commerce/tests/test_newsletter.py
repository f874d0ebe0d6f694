"""Subscribing to the news: nobody learns who is known, only the mailbox confirms, and each consent leaves evidence."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.utils import Error, IntegrityError
from django.test import Client
from django.utils import timezone

from commerce.consents import services as consents
from commerce.consents.models import Consent
from commerce.newsletter import services
from commerce.newsletter.models import Subscription, SubscriptionConsent
from commerce.tests.factories import NOW
from commerce.tests.people import customer
from commerce.tests.told import names, told

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
AGREED = {"news-email": "hana@example.com", "news-agree": "on"}


@pytest.fixture(autouse=True)
def _no_tries() -> None:
    cache.clear()


def ask(email: str = "hana@example.com", *, at: Any = NOW) -> Subscription:
    services.ask(email=email, language="ko", now=at)
    return Subscription.objects.get(email__iexact=email)


def join(email: str = "hana@example.com", *, at: Any = NOW) -> Subscription:
    return services.confirm(token=ask(email, at=at).token, address="203.0.113.7", now=at + MINUTE)


def evidence() -> list[tuple[Any, ...]]:
    return list(SubscriptionConsent.objects.values_list("given", "channel", "address", "at"))


def test_an_address_gets_nothing_but_the_question_until_it_confirms(client: Client) -> None:
    response = client.post("/newsletter/", AGREED)

    assert response.headers["Location"] == "/newsletter/asked/"
    row = Subscription.objects.get()
    assert (row.email, row.state, row.language) == ("hana@example.com", "waiting", "ko")
    assert told("newsletter.asked") == [{"subscription_id": row.pk}]
    assert evidence() == []


def test_opening_the_link_changes_nothing_and_its_button_subscribes(client: Client) -> None:
    row = ask(at=timezone.now())
    page = f"/newsletter/{row.token}/"
    assert client.get(page).status_code == 200
    assert Subscription.objects.get().state == "waiting"

    client.post(f"{page}confirm/")

    assert Subscription.objects.get().state == "active"
    ((given, channel, address, _at),) = evidence()
    assert (given, channel, address) == (True, "mail", "127.0.0.1")
    assert "action" in client.get(page).content.decode()
    assert f"{page}end/" in client.get(page).content.decode()


def test_confirmed_twice_is_one_subscription_with_one_evidence() -> None:
    row = join()

    services.confirm(token=row.token, address=None, now=NOW + DAY)

    assert evidence() == [(True, "mail", "203.0.113.7", NOW + MINUTE)]
    assert names() == ["newsletter.asked", "newsletter.joined"]


def test_ending_leaves_evidence_once(client: Client) -> None:
    row = join()

    for _again in range(2):
        assert client.post(f"/newsletter/{row.token}/end/").status_code == 302

    assert Subscription.objects.get().state == "ended"
    assert [given for given, *_rest in evidence()] == [True, False]
    assert names()[-1:] == ["newsletter.left"]
    assert names().count("newsletter.left") == 1


def test_an_old_question_subscribes_nobody(client: Client) -> None:
    row = ask(at=timezone.now() - services.VALID - MINUTE)

    response = client.post(f"/newsletter/{row.token}/confirm/")

    assert response.status_code == 409
    assert Subscription.objects.get().state == "waiting"
    assert evidence() == []


def test_the_link_of_an_ended_subscription_does_not_bring_it_back() -> None:
    row = join()
    services.end(token=row.token, address=None, now=NOW + DAY)

    with pytest.raises(services.TooLate):
        services.confirm(token=row.token, address=None, now=NOW + DAY)

    assert Subscription.objects.get().state == "ended"
    assert ask(at=NOW + 2 * DAY).state == "waiting"


@pytest.mark.parametrize("prepare", [lambda: None, ask, join], ids=["unknown", "asked", "subscribed"])
def test_the_answer_is_the_same_whether_an_address_is_known_or_not(client: Client, prepare: Any) -> None:
    prepare()

    response = client.post("/newsletter/", AGREED)

    assert (response.status_code, response.headers["Location"]) == (302, "/newsletter/asked/")


def test_asked_again_within_ten_minutes_nothing_is_written() -> None:
    ask()
    ask("HANA@example.com", at=NOW + 9 * MINUTE)
    assert len(told("newsletter.asked")) == 1

    ask(at=NOW + 11 * MINUTE)

    assert len(told("newsletter.asked")) == 2
    assert Subscription.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"news-email": "hana@", "news-agree": "on"}, "id_news-email"),
        ({"news-email": "hana@", "news-agree": ""}, "id_news-agree"),
        ({"news-email": "hana@example.com"}, "id_news-agree"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, form: dict[str, str], field: str
) -> None:
    response = client.post("/newsletter/", form)

    html = response.content.decode()
    assert response.status_code == 422
    assert f'href="#{field}"' in html
    assert f'value="{form["news-email"]}"' in html
    assert not Subscription.objects.exists()


def test_who_tries_too_often_waits_and_nothing_is_written(client: Client) -> None:
    for number in range(10):
        client.post("/newsletter/", {**AGREED, "news-email": f"a{number}@example.com"})

    response = client.post("/newsletter/", AGREED)

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert 'value="hana@example.com"' in response.content.decode()
    assert Subscription.objects.count() == 10


def test_an_unknown_link_is_no_page(client: Client) -> None:
    assert client.get("/newsletter/nobody/").status_code == 404
    assert client.post("/newsletter/nobody/confirm/").status_code == 404
    assert client.post("/newsletter/nobody/end/").status_code == 404


def test_the_account_with_this_address_has_the_same_will() -> None:
    user = customer()
    wanted = {"age_14": True, "terms": True, "privacy": True}
    consents.choose(user_id=user.pk, wanted=wanted, channel="sign_up", address=None, now=NOW)

    row = join()
    services.end(token=row.token, address=None, now=NOW + DAY)

    rows = Consent.objects.filter(user=user, kind="marketing_email").order_by("pk")
    assert list(rows.values_list("given", "channel")) == [(True, "newsletter"), (False, "newsletter")]
    assert Subscription.objects.get().customer == user


def test_who_takes_the_consent_back_in_the_account_gets_no_news() -> None:
    user = customer()
    join()

    assert services.follow_account(user_id=user.pk, now=NOW + DAY) is True
    assert services.follow_account(user_id=user.pk, now=NOW + DAY) is False

    assert Subscription.objects.get().state == "ended"
    assert [(given, channel) for given, channel, *_rest in evidence()] == [(True, "mail"), (False, "account")]


def test_evidence_is_never_changed() -> None:
    join()

    with pytest.raises(Error, match="never changed"), transaction.atomic():
        SubscriptionConsent.objects.update(given=False)

    assert evidence()[0][0] is True


def test_an_address_has_one_subscription_however_it_is_written() -> None:
    ask()

    with pytest.raises(IntegrityError, match="newsletter_address_once"), transaction.atomic():
        Subscription.objects.create(email="Hana@Example.com", language="ko", asked_at=NOW)


def test_without_its_constraint_an_address_would_have_two() -> None:
    ask()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX newsletter_address_once")

    Subscription.objects.create(email="Hana@Example.com", language="ko", asked_at=NOW)

    assert Subscription.objects.count() == 2


def test_unanswered_questions_go_after_a_week_and_evidence_a_year_after_the_end() -> None:
    ask("a@example.com")
    gone = join("b@example.com")
    join("c@example.com")
    services.end(token=gone.token, address=None, now=NOW)

    assert services.forget(now=NOW + timedelta(days=8)) == 1
    assert services.forget(now=NOW + timedelta(days=366)) == 1

    assert list(Subscription.objects.values_list("email", flat=True)) == ["c@example.com"]
    assert SubscriptionConsent.objects.count() == 1


def test_every_two_years_subscribers_are_told_once_and_silence_is_written_down() -> None:
    years, row = timedelta(days=730), join()
    customer("with@example.com")
    join("with@example.com")

    assert services.ask_for_reconfirmation(now=NOW + years, after=years, limit=9) == 0
    later = NOW + years + 2 * MINUTE
    assert services.ask_for_reconfirmation(now=later, after=years, limit=9) == 1
    assert services.ask_for_reconfirmation(now=later, after=years, limit=9) == 0

    assert told("newsletter.due_again") == [{"subscription_id": row.pk}]
    rows = row.consents.values_list("given", "channel", "at")
    assert list(rows) == [(True, "mail", NOW + MINUTE), (True, "reconfirmed", later)]


def test_who_left_is_told_nothing_after_two_years() -> None:
    row = join()
    services.end(token=row.token, address=None, now=NOW + DAY)

    assert services.ask_for_reconfirmation(now=NOW + 900 * DAY, after=timedelta(days=730), limit=9) == 0
