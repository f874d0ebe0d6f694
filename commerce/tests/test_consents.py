"""What people agreed to: rows that stay, a page that changes it, and when advertisements may be sent."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from django.test import Client

from commerce.consents import hours, kinds, selectors, services
from commerce.consents.models import Consent
from commerce.tests import signing
from commerce.tests.factories import NOW
from commerce.tests.told import told

pytestmark = pytest.mark.django_db
ALL = {"age_14": True, "terms": True, "privacy": True}
YEARS = timedelta(days=730)


def agree(user, *, now=NOW, **wanted: bool):
    return services.choose(
        user_id=user.pk, wanted=ALL | wanted, channel="sign_up", address="203.0.113.7", now=now
    )


def rows(user) -> list[tuple[str, bool]]:
    return list(Consent.objects.filter(user=user).order_by("id").values_list("kind", "given"))


def test_each_consent_is_a_row_with_version_time_channel_and_address():
    user = signing.person()

    changed = agree(user, marketing_email=True)

    assert changed == ("age_14", "terms", "privacy", "marketing_email")
    row = Consent.objects.get(kind="marketing_email")
    assert (row.given, row.text_version, row.channel, row.address, row.at) == (
        True,
        kinds.EMAIL.version,
        "sign_up",
        "203.0.113.7",
        NOW,
    )
    assert told("consent.given")[-1] == {
        "user_id": user.pk,
        "kind": "marketing_email",
        "text_version": kinds.EMAIL.version,
        "channel": "sign_up",
    }


def test_taking_it_back_is_another_row_and_the_first_stays():
    user = signing.person()
    agree(user, marketing_email=True)

    services.choose(
        user_id=user.pk, wanted={"marketing_email": False}, channel="settings", address=None, now=NOW
    )

    assert rows(user)[3:] == [("marketing_email", True), ("marketing_email", False)]
    assert not selectors.holds(user_id=user.pk, kind="marketing_email")
    assert [row["kind"] for row in told("consent.withdrawn")] == ["marketing_email"]


def test_saying_the_same_again_adds_nothing():
    user = signing.person()
    agree(user, marketing_sms=True)

    assert agree(user, marketing_sms=True) == ()
    assert len(rows(user)) == 4
    assert len(told("consent.given")) == 4


@pytest.mark.parametrize("kind", ["age_14", "terms", "privacy"])
def test_what_an_account_rests_on_is_not_taken_back(kind: str):
    user = signing.person()
    agree(user)

    with pytest.raises(services.RequiredConsent):
        services.choose(user_id=user.pk, wanted={kind: False}, channel="settings", address=None, now=NOW)

    assert len(rows(user)) == 3
    assert told("consent.withdrawn") == []


def test_the_database_refuses_to_change_a_row():
    user = signing.person()
    agree(user)

    with pytest.raises(Error, match="never changed"), transaction.atomic():
        Consent.objects.update(given=False)

    assert all(row.given for row in Consent.objects.all())


def test_without_its_trigger_a_row_could_be_changed():
    user = signing.person()
    agree(user)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE commerce_consent DISABLE TRIGGER consent_is_for_ever")

    Consent.objects.update(given=False)

    assert not any(row.given for row in Consent.objects.all())


# --- the page ----------------------------------------------------------------------------------------------------


def test_the_page_gives_and_takes_back_with_the_same_button(client: Client):
    user = signing.person()
    agree(user, marketing_email=True)
    signing.sign_in(client)

    client.post("/accounts/consents/", {"marketing_sms": "on"})
    client.post("/accounts/consents/", {"marketing_sms": "on"})
    client.post("/accounts/consents/", {})

    assert rows(user)[3:] == [
        ("marketing_email", True),
        ("marketing_email", False),
        ("marketing_sms", True),
        ("marketing_sms", False),
    ]
    assert {row.channel for row in Consent.objects.filter(user=user)[4:]} == {"settings"}


def test_the_page_shows_what_holds(client: Client):
    user = signing.person()
    agree(user, marketing_sms=True)
    signing.sign_in(client)

    page = client.get("/accounts/consents/").content.decode()

    assert 'id="id_marketing_sms"' in page
    assert page.count("checked") == 1
    assert kinds.TERMS.version in page


# --- when ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "email", "sms"),
    [
        ("07:59", True, False),
        ("08:00", True, True),
        ("12:00", True, True),
        ("20:59", True, True),
        ("21:00", True, False),
        ("23:59", True, False),
        ("00:00", True, False),
    ],
)
def test_at_night_only_mails_may_advertise(clock: str, email: bool, sms: bool):
    hour, minute = map(int, clock.split(":"))
    now = datetime(2026, 12, 1, hour, minute, tzinfo=ZoneInfo("Asia/Seoul")).astimezone(ZoneInfo("UTC"))

    assert hours.may_send(kind="marketing_email", now=now) is email
    assert hours.may_send(kind="marketing_sms", now=now) is sms


@pytest.mark.parametrize("kind", ["terms", "age_14", "anything"])
def test_what_is_no_consent_to_advertisements_is_no_reason_to_send_one(kind: str):
    with pytest.raises(ValueError, match="no consent to advertisements"):
        hours.may_send(kind=kind, now=NOW)


def test_who_advertises_needs_the_consent_and_the_hour():
    user = signing.person()
    agree(user, marketing_sms=True)
    day, night = NOW.replace(hour=3), NOW.replace(hour=13)  # 12:00 and 22:00 in Seoul

    found = [
        selectors.may_advertise(user_id=user.pk, kind=kind, now=now)
        for kind in ("marketing_sms", "marketing_email")
        for now in (day, night)
    ]

    assert found == [True, False, False, False]


# --- every two years -------------------------------------------------------------------------------------------------


def ask(*, now, limit: int = 100) -> int:
    return services.ask_for_reconfirmation(now=now, after=YEARS, limit=limit)


def test_two_years_later_somebody_is_told_once_and_keeps_what_they_chose():
    user = signing.person()
    agree(user, marketing_email=True, marketing_sms=True)

    early = ask(now=NOW + YEARS)
    due = ask(now=NOW + YEARS + timedelta(seconds=1))
    again = ask(now=NOW + YEARS + timedelta(days=1))

    assert (early, due, again) == (0, 1, 0)
    assert told("consent.due_again") == [{"user_id": user.pk, "kinds": ["marketing_email", "marketing_sms"]}]
    assert selectors.holds(user_id=user.pk, kind="marketing_email")
    assert [row.channel for row in Consent.objects.filter(user=user).order_by("id")][5:] == [
        "reconfirmed"
    ] * 2
    assert len(told("consent.given")) == 5


def test_and_two_years_after_that_once_more():
    user = signing.person()
    agree(user, marketing_email=True)
    first = NOW + YEARS + timedelta(days=1)
    ask(now=first)

    assert ask(now=first + YEARS + timedelta(days=1)) == 1


def test_whoever_took_it_back_said_it_lately_or_is_gone_is_not_told():
    for number, change in enumerate(("withdrawn", "never", "lately", "inactive")):
        user = signing.person(f"{number}@maru.example", is_active=change != "inactive")
        lately = NOW + timedelta(days=400)
        agree(user, marketing_email=change != "never", now=lately if change == "lately" else NOW)
        if change == "withdrawn":
            agree(user, marketing_email=False)

    assert ask(now=NOW + YEARS + timedelta(days=1)) == 0
    assert told("consent.due_again") == []


def test_a_run_tells_so_many_and_the_next_one_the_others():
    for number in range(3):
        agree(signing.person(f"{number}@maru.example"), marketing_email=True)
    later = NOW + YEARS + timedelta(days=1)

    assert [ask(now=later, limit=2), ask(now=later, limit=2), ask(now=later, limit=2)] == [2, 1, 0]
