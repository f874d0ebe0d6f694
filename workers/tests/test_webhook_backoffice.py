"""The staff screens of webhooks: who may enter, what is typed, shown once, logged; and the log of deliveries."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from cms.tests import desk
from commerce.customers.models import User
from commerce.events import outbox, types
from workers import fanout
from workers.models import Delivery, State, WebhookEndpoint, WebhookTry
from workers.tests.receiver import Receiver, verified
from workers.webhooks import endpoints, targets
from workers.webhooks.endpoints import Settings

LIST = "/admin/webhooks/"
PUBLIC = "93.184.215.14"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch, settings) -> "dict[str, str]":
    """A resolver of the test's own; the policy is production's."""
    settings.WEBHOOK_PRIVATE_ADDRESSES = settings.WEBHOOK_PLAIN_HTTP = False
    cache.clear()
    known = {"erp.example.com": PUBLIC, "inside.example.com": "10.0.0.5"}

    def lookup(host: str, _port: int) -> list[str]:
        if host not in known:
            raise OSError("no such name")
        return [known[host]]

    monkeypatch.setattr(targets.resolve, "__kwdefaults__", {"lookup": lookup})
    return known


@pytest.fixture
def boss(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("boss@maru.example", "correct horse", first_name="대표"))
    return client


@pytest.fixture
def endpoint() -> WebhookEndpoint:
    return an_endpoint()


def an_endpoint(url: str = "https://erp.example.com/hooks", **fields) -> WebhookEndpoint:
    chosen = {"name": "ERP", "url": url, "types": ("order.paid", "order.cancelled"), **fields}
    return endpoints.create(chosen=Settings(**chosen), by=None, now=timezone.now())


def typed(**fields) -> dict[str, object]:
    return {"name": "창고", "url": "https://erp.example.com/hooks", "types": ["order.paid"], **fields}


def page(endpoint: WebhookEndpoint, name: str = "inspect", *more: object) -> str:
    return reverse(f"webhooks:{name}", args=[endpoint.pk, *more])


def delivered_facts(count: int = 1, *, order_id: int = 7) -> list[Delivery]:
    for number in range(count):
        with transaction.atomic():
            outbox.record(
                types.OrderPaid(
                    order_id=order_id,
                    number=f"N-{number}",
                    total=1000,
                    currency="KRW",
                    occurred_at=timezone.now(),
                )
            )
    fanout.fan_out()
    return list(webhooks())


def webhooks():
    return Delivery.objects.filter(handler__startswith="webhook:").order_by("pk")


def everything() -> tuple[object, ...]:
    return (
        list(WebhookEndpoint.objects.order_by("pk").values()),
        list(Delivery.objects.order_by("pk").values()),
        ModelLogEntry.objects.count(),
    )


# --- who may enter ------------------------------------------------------------------------------------------


def addresses(endpoint: WebhookEndpoint, delivery: Delivery) -> list[str]:
    return [
        LIST,
        reverse("webhooks:add"),
        page(endpoint),
        page(endpoint, "edit"),
        page(endpoint, "history"),
        page(endpoint, "delivery", delivery.pk),
        *(page(endpoint, "act", slug) for slug in ("rotate", "disable", "enable", "resend", "delete")),
    ]


@pytest.mark.parametrize("who", [{"group": "Staff"}, {"group": "Editors"}, {"group": "Moderators"}])
def test_nobody_enters_without_the_permission(client, endpoint, who):
    (delivery,) = delivered_facts()
    client.force_login(desk.person("staff@maru.example", **who))
    before = everything()

    for address in addresses(endpoint, delivery):
        answer = client.get(address)
        assert (answer.status_code, answer["location"]) == (302, "/admin/"), (
            address
        )  # as everywhere in Wagtail
        assert client.get(address, headers={"x-requested-with": "XMLHttpRequest"}).status_code == 403, address
        assert client.post(address, typed() | {"overlap": 24, "act": "resend"}).status_code in (302, 405), (
            address
        )

    assert everything() == before
    assert 'href="/admin/webhooks/"' not in client.get("/admin/").content.decode()


def test_the_permission_opens_everything_and_shows_the_menu(client, endpoint):
    (delivery,) = delivered_facts()
    person = desk.person("it@maru.example", permissions=("access_admin", "manage_webhookendpoint"))
    client.force_login(person)

    assert {client.get(address).status_code for address in addresses(endpoint, delivery)} == {200}
    assert "/admin/webhooks/" in client.get("/admin/").content.decode()


def test_the_permission_can_be_given_to_a_group(boss):
    html = boss.get("/admin/groups/new/").content.decode()

    assert str(Permission.objects.get(codename="manage_webhookendpoint").pk) in re.findall(
        r'value="(\d+)"', html
    )


def test_anonymous_people_are_asked_to_sign_in(client, endpoint):
    assert client.get(page(endpoint))["location"].startswith("/admin/login/")


# --- making and changing ------------------------------------------------------------------------------------


def test_a_new_webhook_shows_its_secret_once(boss):
    answer = boss.post(reverse("webhooks:add"), typed(ordered="on"))

    made = WebhookEndpoint.objects.get()
    assert answer["location"] == page(made)
    assert (made.name, made.url, made.types, made.ordered, made.enabled) == (
        "창고", "https://erp.example.com/hooks", ["order.paid"], True, True,
    )  # fmt: skip
    assert made.created_by.email == "boss@maru.example"
    first = boss.get(page(made))
    assert made.secret in first.content.decode()
    assert "no-store" in first["cache-control"]
    for address in (page(made), LIST, page(made, "edit"), page(made, "history")):
        assert made.secret.removeprefix("whsec_") not in boss.get(address).content.decode(), address
    entry = ModelLogEntry.objects.get(action="wagtail.create")
    assert made.secret not in str(entry.data)
    assert made.secret not in str(dict(boss.session))


def test_another_session_is_not_shown_the_secret(boss, client):
    boss.post(reverse("webhooks:add"), typed())
    made = WebhookEndpoint.objects.get()
    other = Client()
    other.force_login(User.objects.create_superuser("other@maru.example", "correct horse"))

    assert made.secret not in other.get(page(made)).content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"types": []}, "types"),
        ({"types": ["payment.noticed"]}, "types"),
        ({"url": ""}, "url"),
        ({"url": "erp"}, "url"),
        ({"url": "http://erp.example.com/"}, "url"),
        ({"url": "https://user:word@erp.example.com/"}, "url"),
        ({"url": "https://erp.example.com:22/"}, "url"),
        ({"url": "https://localhost/"}, "url"),
        ({"url": "https://2130706433/"}, "url"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://[::1]/"}, "url"),
        ({"url": "https://inside.example.com/"}, "url"),
        ({"url": "https://nowhere.example.com/"}, "url"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(boss, wrong, field):
    sent = typed(name="창고", ordered="on") | wrong

    answer = boss.post(reverse("webhooks:add"), sent)

    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert form["url"].value() == sent["url"]
    assert form["ordered"].value() is True
    assert WebhookEndpoint.objects.count() == 0
    assert escape(form.errors[field][0]) in answer.content.decode()


def test_refusals_speak_both_languages(boss):
    for language, words in (("en", "private network"), ("ko", "내부 네트워크")):
        UserProfile.objects.update_or_create(
            user_id=boss.session["_auth_user_id"], defaults={"preferred_language": language}
        )
        answer = boss.post(reverse("webhooks:add"), typed(url="https://inside.example.com/"))
        assert words in answer.content.decode()


def test_a_change_is_saved_and_written_down(boss, endpoint):
    answer = boss.post(page(endpoint, "edit"), typed(types=["order.paid", "stock.changed"]))

    assert answer["location"] == page(endpoint)
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.types) == ("창고", ["order.paid", "stock.changed"])
    entry = ModelLogEntry.objects.get(action="wagtail.edit")
    assert entry.user.email == "boss@maru.example"
    assert entry.data == {
        "name": ["ERP", "창고"],
        "types": [["order.paid", "order.cancelled"], ["order.paid", "stock.changed"]],
    }
    assert "창고" in boss.get(page(endpoint, "history")).content.decode()


def test_a_form_that_changes_nothing_writes_nothing_down(boss, endpoint):
    boss.post(page(endpoint, "edit"), typed(name="ERP", types=endpoint.types))

    assert ModelLogEntry.objects.count() == 0


def test_a_receiver_that_is_away_does_not_keep_staff_from_changing_the_rest(boss, endpoint, names):
    del names["erp.example.com"]

    boss.post(page(endpoint, "edit"), typed(types=["order.placed"]))

    endpoint.refresh_from_db()
    assert endpoint.types == ["order.placed"]


# --- acts ---------------------------------------------------------------------------------------------------


def test_a_new_secret_is_shown_once_with_the_end_of_the_old_one(boss, endpoint):
    old = endpoint.secret

    answer = boss.post(page(endpoint, "act", "rotate"), {"overlap": "24"})

    assert answer["location"] == page(endpoint)
    endpoint.refresh_from_db()
    assert endpoint.secret != old == endpoint.previous_secret
    assert timedelta(hours=23) < endpoint.previous_until - timezone.now() <= timedelta(hours=24)
    html = boss.get(page(endpoint)).content.decode()
    assert endpoint.secret in html
    assert old not in html
    assert f"{timezone.localtime(endpoint.previous_until):%Y-%m-%d %H:%M}" in html
    assert endpoint.secret not in boss.get(page(endpoint)).content.decode()
    assert ModelLogEntry.objects.get(action="webhooks.rotate").data == {"overlap": 24}


def test_asking_changes_nothing(boss, endpoint):
    before = everything()

    for slug in ("rotate", "disable", "resend", "delete"):
        assert boss.get(page(endpoint, "act", slug)).status_code == 200
    assert boss.post(page(endpoint, "act", "rotate"), {"overlap": "999"}).status_code == 422
    assert boss.get(page(endpoint, "act", "nonsense")).status_code == 404

    assert everything() == before


def test_off_and_on_again(boss, endpoint):
    (delivery,) = delivered_facts()

    boss.post(page(endpoint, "act", "disable"))

    endpoint.refresh_from_db()
    delivery.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason, delivery.state) == (False, "staff", State.CANCELLED)
    boss.post(
        page(endpoint, "act", "disable")
    )  # somebody else was faster: nothing happens, nothing is logged
    boss.post(page(endpoint, "act", "enable"))
    endpoint.refresh_from_db()
    assert endpoint.enabled
    assert list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "webhooks.disable", "webhooks.enable",
    ]  # fmt: skip


def test_everything_unsent_is_sent_again(boss, endpoint):
    first, _second, done = delivered_facts(3)
    Delivery.objects.filter(pk=first.pk).update(state=State.DEAD, attempts=10)
    Delivery.objects.filter(pk=done.pk).update(state=State.DONE)
    since = timezone.localtime(timezone.now() - timedelta(days=1))

    answer = boss.post(page(endpoint, "act", "resend"), {"since": f"{since:%Y-%m-%dT%H:%M}"})

    assert answer["location"] == page(endpoint)
    assert list(webhooks().values_list("state", "attempts")) == [(0, 0), (0, 0), (3, 0)]
    assert ModelLogEntry.objects.get(action="webhooks.resend").data["missed"] is False
    far = boss.post(page(endpoint, "act", "resend"), {"since": "2020-01-01T00:00"})
    assert (far.status_code, list(far.context["form"].errors)) == (422, ["since"])


def test_deleting_cancels_what_waits(boss, endpoint):
    (delivery,) = delivered_facts()

    answer = boss.post(page(endpoint, "act", "delete"))

    assert answer["location"] == LIST
    delivery.refresh_from_db()
    assert (WebhookEndpoint.objects.count(), delivery.state) == (0, State.CANCELLED)
    assert ModelLogEntry.objects.get().action == "wagtail.delete"
    assert boss.get(page(endpoint)).status_code == 404


def test_the_test_event_is_a_real_request_and_its_answer_is_shown_once(boss, settings, monkeypatch):
    settings.WEBHOOK_PRIVATE_ADDRESSES = settings.WEBHOOK_PLAIN_HTTP = True
    monkeypatch.setattr(targets.resolve, "__kwdefaults__", {"lookup": targets.system_lookup})
    with Receiver(then=(418, {}, b"<b>short and stout</b>")) as receiver:
        endpoint = an_endpoint(receiver.url)

        answer = boss.post(page(endpoint))
        html = boss.get(answer["location"]).content.decode()

    (got,) = receiver.got
    assert verified(got, endpoint.secret)
    assert b'"type":"webhook.test"' in got.body
    assert got.headers["webhook-id"].startswith("test_")
    assert "HTTP 418" in html
    assert "&lt;b&gt;short and stout" in html
    assert "HTTP 418" not in boss.get(page(endpoint)).content.decode()
    endpoint.refresh_from_db()
    assert (endpoint.failing_since, WebhookTry.objects.count()) == (None, 0)
    assert ModelLogEntry.objects.get(action="webhooks.test").data == {"status": 418, "error": ""}


def test_a_test_event_to_where_no_webhook_may_go_says_why(boss, endpoint, names):
    names["erp.example.com"] = "169.254.169.254"

    html = boss.get(boss.post(page(endpoint))["location"]).content.decode()

    assert "169.254.169.254" in html
    assert ModelLogEntry.objects.get(action="webhooks.test").data["status"] is None


# --- the log ------------------------------------------------------------------------------------------------


def test_the_log_shows_filters_and_turns_pages(boss, endpoint):
    rows = delivered_facts(35)
    Delivery.objects.filter(pk=rows[0].pk).update(state=State.DEAD, attempts=10)
    WebhookTry.objects.create(
        delivery=rows[0], endpoint=endpoint, sent_at=timezone.now(), ms=1530, url=endpoint.url,
        headers={"webhook-id": "m-1"}, body="{}", status=503, response="busy",
    )  # fmt: skip

    assert [row["tries"] for row in boss.get(page(endpoint)).context["rows"]] == [0] * 30
    second = boss.get(page(endpoint), {"p": 2}).context["rows"]
    assert [(row["tries"], row["answer"], row["time"]) for row in second[-1:]] == [(10, "HTTP 503", "1.5 s")]
    dead = boss.get(page(endpoint), {"state": int(State.DEAD)}).context["rows"]
    assert [row["tries"] for row in dead] == [10]
    assert boss.get(page(endpoint), {"type": "order.cancelled"}).context["rows"] == []
    assert len(boss.get(page(endpoint), {"type": "nonsense", "state": "x", "p": "y"}).context["rows"]) == 30


def test_a_full_page_of_the_log_asks_the_database_a_bounded_number_of_times(
    boss, endpoint, django_assert_max_num_queries
):
    delivered_facts(30)
    boss.get(page(endpoint))  # content types and the like are known from now on

    with django_assert_max_num_queries(20):
        assert len(boss.get(page(endpoint)).context["rows"]) == 30


def test_a_delivery_shows_what_went_out_and_what_came_back(boss, endpoint):
    (row,) = delivered_facts()
    before = boss.get(page(endpoint, "delivery", row.pk)).content.decode()
    assert "N-0" in before
    Delivery.objects.filter(pk=row.pk).update(state=State.RETRY, attempts=1)
    WebhookTry.objects.create(
        delivery=row, endpoint=endpoint, sent_at=timezone.now(), ms=80, url=endpoint.url,
        headers={"webhook-id": "m-1"}, body='{"type":"order.paid"}', status=500, response="<i>no</i>",
    )  # fmt: skip
    row.failures.create(
        n=1, started_at=timezone.now(), ms=80, http_status=500,
        error="Traceback\nworkers.webhooks.delivering.NotAccepted: the receiver answered 500",
    )  # fmt: skip

    html = boss.get(page(endpoint, "delivery", row.pk)).content.decode()

    for expected in ("webhook-id", "HTTP 500", "&lt;i&gt;no&lt;/i&gt;", "the receiver answered 500", "80 ms"):
        assert expected in html, expected
    assert "Traceback" not in html


def test_one_delivery_is_sent_again_or_skipped(boss, endpoint):
    dead, waiting = delivered_facts(2)
    Delivery.objects.filter(pk=dead.pk).update(state=State.DEAD, attempts=10)

    boss.post(page(endpoint, "delivery", dead.pk), {"act": "resend"})
    boss.post(page(endpoint, "delivery", waiting.pk), {"act": "skip"})

    assert list(webhooks().values_list("state", "attempts")) == [(0, 0), (5, 0)]
    assert [entry.data for entry in ModelLogEntry.objects.order_by("pk")] == [
        {"delivery": dead.pk}, {"delivery": waiting.pk},
    ]  # fmt: skip


def test_what_has_moved_on_or_belongs_elsewhere_stays_as_it_is(boss, endpoint):
    (row,) = delivered_facts()
    other = an_endpoint(types=("order.placed",))
    Delivery.objects.filter(pk=row.pk).update(state=State.RUNNING)
    before = everything()

    for act in ("resend", "skip", "nonsense", ""):
        assert boss.post(page(endpoint, "delivery", row.pk), {"act": act}).status_code == 302
    assert boss.get(page(other, "delivery", row.pk)).status_code == 404
    assert boss.post(page(other, "delivery", row.pk), {"act": "resend"}).status_code == 404

    assert everything() == before


def test_nothing_is_sent_again_while_it_is_off(boss, endpoint):
    (row,) = delivered_facts()
    boss.post(page(endpoint, "act", "disable"))
    before = everything()

    boss.post(page(endpoint, "delivery", row.pk), {"act": "resend"})
    boss.post(page(endpoint, "act", "resend"), {"since": f"{timezone.localtime():%Y-%m-%dT%H:%M}"})

    assert everything() == before


def test_the_first_page_tells_managers_and_nobody_else(boss, endpoint, client):
    assert "bo-webhook-trouble" not in boss.get("/admin/").content.decode()
    endpoints.disable(endpoint_id=endpoint.pk, reason="gone", now=timezone.now())

    assert "bo-webhook-trouble" in boss.get("/admin/").content.decode()
    client.force_login(desk.person("staff@maru.example", group="Staff"))
    assert "bo-webhook-trouble" not in client.get("/admin/").content.decode()


def test_the_list_of_webhooks(boss, endpoint):
    html = boss.get(LIST).content.decode()

    assert "ERP" in html
    assert page(endpoint) in html
    assert endpoint.secret not in html
