"""The page "Events": who may see it, what its filters find, and what its buttons do or refuse."""

import html
import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from cms.tests import desk
from commerce.events import outbox, types
from commerce.events.models import OutboxEvent
from workers import fanout, health, replay, steering
from workers.backoffice import event_list, panel
from workers.jobs import idempotency_key
from workers.models import Delivery, DeliveryAttempt, ReplayRun, State, SteeringAct
from workers.routing import HANDLERS, ROUTES
from workers.tests.factories import NOW
from workers.webhooks import endpoints

pytestmark = pytest.mark.django_db
MAIL = "mail.refund_completed"
LIST = "/admin/events/"


@pytest.fixture
def operator(client):
    """Somebody of the group Operators, in English."""
    user = desk.person("operator@maru.example", group="Operators", first_name="이하나")
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = "en"
    profile.save()
    client.force_login(user)
    client.me = user
    return client


def refunded(order_id: int = 1, *, at=None, actor: str = "shopper", correlation=None) -> OutboxEvent:
    """A fact with one delivery, to `mail.refund_completed`."""
    with outbox.chain(correlation_id=correlation or uuid.uuid4(), actor=actor), transaction.atomic():
        event_id = outbox.record(
            types.RefundCompleted(order_id=order_id, refund_id=7, amount=1000, occurred_at=at or NOW)
        )
    fanout.fan_out(routes={types.RefundCompleted.name: (HANDLERS[MAIL],)})
    return OutboxEvent.objects.get(event_id=event_id)


def in_state(state: State, order_id: int = 1, **fields) -> Delivery:
    row = Delivery.objects.get(event=refunded(order_id))
    Delivery.objects.filter(pk=row.pk).update(state=state, **fields)
    row.refresh_from_db()
    return row


def listed(client, query: str = "") -> list[int]:
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 200
    return [line["row"].pk for line in answer.context["rows"]]


def told(answer) -> list[str]:
    return [str(message).strip() for message in get_messages(answer.wsgi_request)]


def text(answer) -> str:
    return re.sub(r"\s+", " ", html.unescape(answer.content.decode()))


# --- who may ----------------------------------------------------------------------------------------------

PAGES = ["", "strip/", "dead/", "replays/"]


@pytest.mark.parametrize("page", PAGES)
def test_operators_and_administrators_see_it(operator, client, page):
    refunded()

    assert operator.get(LIST + page).status_code == 200
    client.force_login(desk.person("boss@maru.example", is_superuser=True))
    assert client.get(LIST + page).status_code == 200


def test_staff_and_editors_get_no_entry_no_page_and_no_act(client):
    row = in_state(State.DEAD)
    run = ReplayRun.objects.create(
        handler=MAIL,
        types=[],
        since=NOW,
        asked_by="command",
        asked_at=NOW,
        expected_again=1,
        expected_fresh=0,
        position=0,
        last=row.event_id,
    )
    for group in ("Staff", "Editors"):
        Group.objects.get_or_create(name=group)
        client.force_login(desk.person(f"{group}@maru.example", group=group, permissions=("access_admin",)))

        assert LIST not in client.get("/admin/").content.decode()
        for page in [*PAGES, f"{row.event_id}/", f"replays/{run.pk}/", f"replays/{run.pk}/progress/"]:
            assert client.get(LIST + page).status_code == 403
        for act in [
            f"deliveries/{row.pk}/retry/",
            f"dead/cancel/?handler={MAIL}",
            "replays/",
            f"replays/{run.pk}/cancel/",
        ]:
            assert client.post(LIST + act).status_code == 403

    row.refresh_from_db()
    run.refresh_from_db()
    assert (row.state, run.state, SteeringAct.objects.count()) == (State.DEAD, "running", 0)


def test_the_menu_of_an_operator_leads_to_it(operator):
    assert reverse("events:index") == LIST
    assert LIST in operator.get("/admin/").content.decode()


def test_strangers_sign_in_first(client):
    assert client.get(LIST)["Location"] == "/admin/login/?next=/admin/events/"


# --- the list ---------------------------------------------------------------------------------------------


def test_the_newest_fact_comes_first_with_the_state_of_each_delivery_in_words(operator):
    old, new = refunded(1), refunded(2)
    Delivery.objects.filter(event=new).update(state=State.DEAD)

    answer = operator.get(LIST)

    assert listed(operator) == [new.pk, old.pk]
    assert f"{MAIL}</span> given up" in text(answer)
    assert f"{MAIL}</span> waiting" in text(answer)
    assert "2 facts" in text(answer)


def test_filters_find_exactly_what_they_say(operator):
    person = operator.me
    chain = uuid.uuid4()
    first = refunded(1, at=NOW - timedelta(days=2))
    second = refunded(2, correlation=chain)
    third = refunded(3, actor=f"user:{person.pk}", at=NOW - timedelta(hours=1))
    Delivery.objects.filter(event=first).update(state=State.DEAD)
    Delivery.objects.filter(event=second).update(state=State.DONE)
    with transaction.atomic():
        outbox.record(types.OrderPaid(order_id=2, number="1", total=1, currency="KRW", occurred_at=NOW))
    paid = OutboxEvent.objects.latest("pk")

    for query, wanted in {
        "type=order.paid": [paid],
        "aggregate_type=order&aggregate_id=2": [paid, second],
        f"correlation={chain}": [second],
        f"handler={MAIL}": [third, second, first],
        "state=4": [first],
        "state=3": [second],
        f"state=0&handler={MAIL}": [third],
        "handler=webhook:17": [],
        f"actor=user:{person.pk}": [third],
        "actor=OPERATOR@maru.example": [third],
        "since=2026-11-24T18:00": [paid, second],
        "since=2026-11-24T17:00&until=2026-11-24T18:00": [third],
        "until=2026-11-23T00:00": [first],
    }.items():
        assert listed(operator, query) == [row.pk for row in wanted], query


def test_a_filter_that_nobody_understands_is_told(operator):
    for query, message in {
        "correlation=abc": "Enter a valid UUID.",
        "actor=nobody@maru.example": "Nobody has this e-mail address.",
        "since=yesterday": "Enter a valid date/time.",
    }.items():
        answer = operator.get(f"{LIST}?{query}")

        assert message in text(answer), query
        assert answer.status_code == 200


@pytest.mark.parametrize("query", ["type=refund.completed", "since=2026-11-20T00:00"])
def test_pages_follow_each_other_without_a_gap(operator, monkeypatch, query):
    monkeypatch.setattr(event_list, "PER_PAGE", 2)
    monkeypatch.setattr(event_list.read, "__kwdefaults__", {"size": 2})
    facts = [refunded(number).pk for number in range(1, 6)]  # all at one moment
    seen: list[int] = []
    address = f"{LIST}?{query}"

    for _page in range(3):
        answer = operator.get(address)
        seen += [line["row"].pk for line in answer.context["rows"]]
        address = answer.context["older"]

    assert seen == facts[::-1]
    assert address == ""


def test_a_count_stops_at_its_bound(operator, monkeypatch):
    monkeypatch.setattr(event_list, "COUNTED", 2)
    for number in range(4):
        refunded(number)

    assert "More than 2 facts" in text(operator.get(LIST))


def test_a_search_that_takes_too_long_says_so(operator, monkeypatch):
    refunded()
    sleepy = OutboxEvent.objects.extra(where=["pg_sleep(2) IS NOT NULL"])
    monkeypatch.setattr(event_list, "found", lambda _wanted: sleepy)
    monkeypatch.setattr(event_list, "PATIENCE", 1)

    answer = operator.get(LIST)

    assert "PostgreSQL needs too long for this." in text(answer)
    assert answer.context["shown"].slow


# --- the strip --------------------------------------------------------------------------------------------


def test_the_strip_shows_lag_rates_queues_and_jobs(operator, monkeypatch):
    monkeypatch.setattr(health, "windows", lambda: None)
    in_state(State.DEAD)
    in_state(State.DONE, done_at=timezone.now(), order_id=2)
    in_state(State.RUNNING, order_id=3)
    failing = in_state(State.RETRY, order_id=4, available_at=timezone.now() - timedelta(seconds=150))
    DeliveryAttempt.objects.create(delivery=failing, n=1, started_at=timezone.now(), ms=5, error="no")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO workers_schedule (name, spec, tz, next_at, enabled) VALUES
               ('schedule.publishing', 'every 60 s', 'Asia/Seoul', now() - interval '5 min', true),
               ('schedule.retention', 'daily 04:40', 'Asia/Seoul', now() + interval '5 min', true),
               ('schedule.gone', 'every 60 s', 'Asia/Seoul', now() - interval '5 d', true)"""
        )

    answer = operator.get(f"{LIST}strip/")

    tiles = {tile["label"]: (tile["value"], tile["tone"]) for tile in answer.context["tiles"]}
    assert tiles["Last sign of the relay"] == ("never", "bad")
    assert tiles["Given up"] == (1, "bad")
    assert tiles["Oldest due delivery"] == ("2 min", "bad")
    assert tiles["Done per minute"] == ("0.2", "mute")
    assert tiles["Failed tries, last hour"] == ("1", "wait")
    assert tiles["Redis"] == ("silent", "bad")
    lanes = {
        lane["queue"]: (lane["waiting"], lane["running"], lane["late"]) for lane in answer.context["lanes"]
    }
    assert lanes["io"] == ("1", "1", True)
    assert lanes["critical"] == ("0", "0", False)
    jobs = {job["name"]: (job["word"], job["tone"]) for job in answer.context["jobs"]}
    assert jobs == {
        "schedule.publishing": ("5 min late", "bad"),
        "schedule.retention": ("on time", "good"),
        "schedule.gone": ("no longer declared", "mute"),
    }


def test_the_page_asks_for_the_strip_with_a_module_and_no_inline_script(operator):
    body = operator.get(LIST).content.decode()

    assert f'data-live="{LIST}strip/"' in body
    assert 'type="module" src="/static/js/live-part.js"' in body


# --- a fact -----------------------------------------------------------------------------------------------


def test_a_fact_shows_payload_chain_and_history(operator):
    chain = uuid.uuid4()
    parent = refunded(8, correlation=chain)
    by = f"user:{operator.me.pk}"
    with (
        outbox.chain(correlation_id=chain, causation_id=parent.event_id, actor=by),
        transaction.atomic(),
    ):
        outbox.record(types.RefundCompleted(order_id=8, refund_id=9, amount=5, occurred_at=NOW))
    child = OutboxEvent.objects.latest("pk")
    refunded(9)

    answer = operator.get(f"{LIST}{parent.pk}/")
    below = operator.get(f"{LIST}{child.pk}/")

    steps = [(step["row"].pk, step["depth"], step["here"]) for step in answer.context["chain"]]
    assert steps == [(parent.pk, 0, True), (child.pk, 1, False)]
    assert answer.context["children"] == [child]
    assert [line["row"].pk for line in answer.context["history"]] == [child.pk, parent.pk]
    assert '"refund_id": 7' in text(answer)
    assert (below.context["parent"], below.context["actor"]["name"]) == (parent, "이하나")


def test_the_story_of_a_delivery_is_told_try_by_try(operator):
    row = in_state(State.DONE)
    start = timezone.now() - timedelta(minutes=5)
    for n, ms, error, status in (
        (1, 340, "Traceback\nValueError: <no>", 503),
        (2, 0, "lease expired: worker lost", None),
    ):
        DeliveryAttempt.objects.create(
            delivery=row, n=n, started_at=start, ms=ms, error=error, http_status=status
        )
    Delivery.objects.filter(pk=row.pk).update(
        claimed_at=start, done_at=start + timedelta(seconds=2), created_at=start - timedelta(minutes=1)
    )

    answer = operator.get(f"{LIST}{row.event_id}/")

    [story] = answer.context["deliveries"]
    with translation.override("en"):
        told = [(str(step["text"]), str(step.get("detail", ""))) for step in story["steps"]]
    assert told == [
        ("Handed to io", ""),
        ("Try 1 failed", "after 340 ms · HTTP 503"),
        ("Worker lost on try 2", ""),
        ("done", "took 2 s"),
    ]
    with translation.override("en"):
        assert [str(act["label"]) for act in story["acts"]] == ["Run again"]
    assert "ValueError: &lt;no&gt;" in answer.content.decode()
    assert str(idempotency_key(event_id=row.event.event_id, handler=MAIL)) in text(answer)


def test_an_administrator_is_led_to_the_person_and_the_order(client):
    boss = desk.person("boss@maru.example", is_superuser=True)
    client.force_login(boss)
    order = desk.order(item=desk.variant())
    with outbox.acting(f"user:{boss.pk}"), transaction.atomic():
        outbox.record(types.RefundCompleted(order_id=order.pk, refund_id=9, amount=5, occurred_at=NOW))

    body = client.get(f"{LIST}{OutboxEvent.objects.latest('pk').pk}/").content.decode()

    assert reverse("wagtailusers_users:edit", args=[boss.pk]) in body
    assert reverse("orders:inspect", args=[order.pk]) in body


def test_a_fact_that_does_not_exist_is_not_found(operator):
    assert operator.get(f"{LIST}1/").status_code == 404


# --- acts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "state", "after"),
    [
        ("retry", State.DEAD, 0),
        ("again", State.DONE, 0),
        ("cancel", State.DEAD, 5),
        ("cancel", State.RETRY, 5),
    ],
)
def test_a_button_asks_first_and_then_does_it_in_the_person_s_name(operator, act, state, after):
    row = in_state(state, attempts=3)
    address = f"{LIST}deliveries/{row.pk}/{act}/"

    assert operator.get(address).status_code == 200
    row.refresh_from_db()
    assert row.state == state
    answer = operator.post(address)

    row.refresh_from_db()
    assert (answer["Location"], row.state) == (f"{LIST}{row.event_id}/", after)
    [record] = SteeringAct.objects.all()
    assert (record.actor, record.act, record.delivery, record.old_state) == (
        f"user:{operator.me.pk}",
        act,
        row.pk,
        state,
    )
    assert "이하나" in text(operator.get(f"{LIST}{row.event_id}/"))


def test_running_again_warns_of_the_world_outside_with_the_key(operator):
    row = in_state(State.DONE)

    body = text(operator.get(f"{LIST}deliveries/{row.pk}/again/"))

    assert "It reaches the world outside" in body
    assert str(idempotency_key(event_id=row.event.event_id, handler=MAIL)) in body


@pytest.mark.parametrize(
    ("act", "state"), [("retry", State.DONE), ("again", State.RUNNING), ("cancel", State.DONE)]
)
def test_a_delivery_that_moved_on_is_left_alone_and_the_person_told(operator, act, state):
    row = in_state(state)
    address = f"{LIST}deliveries/{row.pk}/{act}/"
    before = Delivery.objects.values().get(pk=row.pk)

    asked = operator.get(address)
    answer = operator.post(address)

    assert "Nothing was changed: the delivery is" in text(asked)
    assert told(answer)[0].startswith("Nothing was changed: the delivery is")
    assert Delivery.objects.values().get(pk=row.pk) == before
    assert SteeringAct.objects.count() == 0


def test_an_act_that_nobody_knows_is_not_found(operator):
    row = in_state(State.DEAD)

    assert operator.get(f"{LIST}deliveries/{row.pk}/explode/").status_code == 404
    assert operator.get(f"{LIST}dead/explode/?handler={MAIL}").status_code == 404
    assert operator.get(f"{LIST}dead/retry/").status_code == 404


# --- dead -------------------------------------------------------------------------------------------------


def test_what_was_given_up_is_grouped_by_handler_and_error(operator):
    for number, error in enumerate(
        ["Traceback\nOSError: full\n", "Traceback\n  x\nOSError: full", "KeyError: 1"]
    ):
        in_state(State.DEAD, order_id=number, last_error=error)
    in_state(State.RETRY, order_id=9, last_error="OSError: full")

    [group] = operator.get(f"{LIST}dead/").context["groups"]

    assert (group["handler"], group["total"]) == (MAIL, "3")
    assert [(error["said"], error["count"]) for error in group["errors"]] == [
        ("OSError: full", "2"),
        ("KeyError: 1", "1"),
    ]


@pytest.mark.parametrize(("act", "after"), [("retry", 0), ("cancel", 5)])
def test_all_dead_of_a_handler_are_counted_and_then_steered(operator, act, after):
    rows = [in_state(State.DEAD, order_id=number) for number in range(3)]
    in_state(State.RETRY, order_id=9)
    address = f"{LIST}dead/{act}/?handler={MAIL}"

    asked = operator.get(address)
    assert "3 deliveries" in text(asked)
    assert Delivery.objects.filter(state=State.DEAD).count() == 3
    operator.post(address)

    assert set(Delivery.objects.filter(pk__in=[row.pk for row in rows]).values_list("state", flat=True)) == {
        after
    }
    assert Delivery.objects.filter(state=State.RETRY).count() == 1
    record = SteeringAct.objects.get()
    assert (record.actor, record.act, record.handler, record.count) == (
        f"user:{operator.me.pk}",
        f"{act}_dead",
        MAIL,
        3,
    )
    assert "This handler has given nothing up." in text(operator.get(address))


def test_more_than_one_click_may_touch_is_told(operator, monkeypatch):
    monkeypatch.setattr(steering, "AT_ONCE", 2)
    monkeypatch.setitem(steering.retry_dead.__kwdefaults__, "limit", 2)
    for number in range(3):
        in_state(State.DEAD, order_id=number)

    answer = operator.post(f"{LIST}dead/retry/?handler={MAIL}")

    assert Delivery.objects.filter(state=State.DEAD).count() == 1
    assert told(answer)[-1] == "1 are left."


# --- replay -----------------------------------------------------------------------------------------------


def asked(**fields) -> dict:
    since = timezone.localtime() - timedelta(days=1)
    return {"handler": MAIL, "since": f"{since:%Y-%m-%dT%H:%M}"} | fields


def done_today(number: int) -> None:
    for order_id in range(number):
        row = in_state(State.DONE, order_id=order_id, done_at=timezone.now())
        OutboxEvent.objects.filter(pk=row.event_id).update(occurred_at=timezone.now())


def test_a_replay_is_counted_first_then_begun_and_watched(operator):
    done_today(3)

    counted = operator.get(f"{LIST}replays/", asked())
    assert "<strong>3</strong> run again, <strong>0</strong> for the first time." in text(counted)
    assert (ReplayRun.objects.count(), Delivery.objects.filter(state=State.DONE).count()) == (0, 3)
    begun = operator.post(f"{LIST}replays/", asked())

    run = ReplayRun.objects.get()
    assert begun["Location"] == f"{LIST}replays/{run.pk}/"
    assert (run.asked_by, run.expected_again, run.state) == (f"user:{operator.me.pk}", 3, "running")
    replay.advance(run_id=run.pk, handlers=HANDLERS, now=timezone.now(), size=2)
    assert "2 of 3 deliveries" in text(operator.get(f"{LIST}replays/{run.pk}/progress/"))
    replay.advance(run_id=run.pk, handlers=HANDLERS, now=timezone.now(), size=2)
    page = text(operator.get(f"{LIST}replays/{run.pk}/"))
    assert "3 of 3 deliveries" in page
    assert "Cancel the rest" not in page


def test_a_replay_can_be_cancelled_once(operator):
    done_today(1)
    operator.post(f"{LIST}replays/", asked())
    run = ReplayRun.objects.get()

    assert operator.get(f"{LIST}replays/{run.pk}/cancel/").status_code == 405
    first, second = (operator.post(f"{LIST}replays/{run.pk}/cancel/") for _ in range(2))

    run.refresh_from_db()
    assert (run.state, run.cancelled_by) == ("cancelled", f"user:{operator.me.pk}")
    assert [told(first)[-1], told(second)[-1]] == [
        "The replay stops here. What it reset stays reset.",
        "The replay had ended already.",
    ]
    assert Delivery.objects.get().state == State.DONE


@pytest.mark.parametrize(
    ("fields", "limit", "message"),
    [
        ({}, 2, "3 deliveries; one run takes at most 2. Choose a shorter period"),
        ({"since": "2026-01-01T00:00"}, 100, "The period begins more than 30 days ago."),
        ({"until": "2026-01-01T00:00"}, 100, "The period ends before it begins."),
        ({"handler": "webhook:17"}, 100, "Nothing is called so that could run again: choose from the list."),
        ({"types": ["order.paid"]}, 100, "Select a valid choice."),
    ],
)
def test_a_replay_that_may_not_be_is_refused(operator, monkeypatch, fields, limit, message):
    done_today(3)
    monkeypatch.setattr(replay, "LIMIT", limit)
    monkeypatch.setitem(replay.ask.__kwdefaults__, "limit", limit)

    counted = operator.get(f"{LIST}replays/", asked(**fields))
    answer = operator.post(f"{LIST}replays/", asked(**fields))

    assert message in text(counted)
    assert message in text(answer)
    assert answer.status_code == 422
    assert ReplayRun.objects.count() == 0
    assert Delivery.objects.filter(state=State.DONE).count() == 3


def test_a_period_can_be_sent_again_to_one_webhook_unless_it_is_off(operator):
    done_today(2)
    endpoint = endpoints.create(
        chosen=endpoints.Settings(name="ERP", url="https://erp.example/", types=("refund.completed",)),
        by=None,
        now=timezone.now(),
    )
    fields = asked(handler=endpoint.handler)

    counted = operator.get(f"{LIST}replays/", fields)
    assert f"{endpoint.handler} · ERP" in text(counted)
    assert "<strong>0</strong> run again, <strong>2</strong> for the first time." in text(counted)
    endpoints.disable(endpoint_id=endpoint.pk, reason="staff", now=timezone.now())
    refused = operator.post(f"{LIST}replays/", fields)
    assert refused.status_code == 422
    assert "This webhook is switched off. Switch it on first." in text(refused)
    endpoints.enable(endpoint_id=endpoint.pk)
    operator.post(f"{LIST}replays/", fields)

    run = ReplayRun.objects.get()
    assert (run.handler, run.types, run.expected_fresh) == (endpoint.handler, ["refund.completed"], 2)
    assert "This version of the shop knows no such handler." not in text(
        operator.get(f"{LIST}replays/{run.pk}/")
    )


def test_a_second_replay_of_a_handler_waits_for_the_first(operator):
    done_today(1)
    operator.post(f"{LIST}replays/", asked())

    answer = operator.post(f"{LIST}replays/", asked())

    assert "A replay of this handler is under way." in text(answer)
    assert ReplayRun.objects.count() == 1


def test_a_handler_of_several_facts_can_be_asked_for_one(operator):
    several = [
        name
        for name, handler in HANDLERS.items()
        if sum(handler in handlers for handlers in ROUTES.values()) > 1
    ]
    for name in several:
        form = operator.get(f"{LIST}replays/", asked(handler=name)).context["form"]
        assert len(form.fields["types"].choices) > 1


# --- the first page ---------------------------------------------------------------------------------------


def test_the_first_page_tells_operators_what_was_given_up(operator, client):
    for number in range(3):
        in_state(State.DEAD, order_id=number)

    body = text(operator.get("/admin/"))
    assert "3 deliveries were given up" in body
    assert "No relay is running" in body

    client.force_login(desk.person("staff@maru.example", group="Staff"))
    assert "given up" not in text(client.get("/admin/"))


def test_nothing_is_said_while_all_is_well():
    well: health.Lag = {
        "relay": 1.0,
        "outbox": 0.0,
        "due": 0.0,
        "schedule": 0.0,
        "dead": 0,
        "dead_by_handler": {},
    }

    assert panel.troubles(well) == []
    [late] = panel.troubles(well | {"due": 200.0})
    assert late["address"] == LIST
