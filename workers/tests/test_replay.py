from datetime import timedelta
from io import StringIO

import pytest
import redis
from django.core.management import CommandError, call_command
from django.utils import timezone

from commerce.events import types
from commerce.events.models import OutboxEvent
from workers import deliveries, fanout, relay, replay, replayable
from workers.management.commands import replay_events as command
from workers.models import Delivery, ReplayRun, SteeringAct, WebhookEndpoint
from workers.routing import HANDLERS
from workers.tests.factories import NOW, delivery, handler, paid_fact
from workers.webhooks import endpoints

pytestmark = pytest.mark.usefixtures("committed")
PAID = types.OrderPaid.name
OLD = handler(lambda _fact, _context: None, name="test.old")
NEW = handler(lambda _fact, _context: None, name="test.new", queue="io")
ALWAYS = replay.Period(since=NOW - timedelta(days=1), until=NOW + timedelta(days=1))


def states() -> list:
    return list(Delivery.objects.order_by("pk").values_list("handler", "state", "attempts", "lost_leases"))


def test_a_new_handler_gets_what_happened_before_it_existed():
    paid_fact(1)
    paid_fact(2)
    fanout.fan_out(routes={PAID: (OLD,)})

    assert replay.replay(handler=NEW, types=[PAID], period=ALWAYS, now=NOW, dry_run=False) == (0, 2)
    assert replay.replay(handler=NEW, types=[PAID], period=ALWAYS, now=NOW, dry_run=False) == (0, 0)

    assert Delivery.objects.filter(handler="test.new", queue="io", state=0).count() == 2


def test_a_finished_delivery_runs_again_only_within_the_period():
    row, outside = delivery(OLD), delivery(OLD, order_id=2)
    Delivery.objects.update(state=3, done_at=NOW)
    OutboxEvent.objects.filter(pk=outside.event_id).update(occurred_at=NOW + timedelta(days=2))

    assert replay.replay(handler=OLD, types=[PAID], period=ALWAYS, now=NOW, dry_run=False) == (1, 0)

    row.refresh_from_db()
    outside.refresh_from_db()
    assert (row.state, row.done_at, outside.state) == (0, None, 3)


def test_beyond_the_memory_of_deliveries_it_refuses():
    delivery(OLD)
    Delivery.objects.update(state=3)
    long_ago = replay.Period(since=NOW - timedelta(days=31))

    for period in (long_ago, replay.Period()):
        with pytest.raises(replay.TooLongAgo):
            replay.replay(handler=OLD, types=[PAID], period=period, now=NOW, dry_run=False)

    assert states() == [("test.old", 3, 0, 0)]


def finished(number: int, handler_=OLD) -> list[Delivery]:
    """That many deliveries that are done."""
    rows = [delivery(handler_, order_id=n) for n in range(1, number + 1)]
    Delivery.objects.update(state=3, done_at=NOW, attempts=1)
    return rows


def ask(handler_=OLD, **options):
    return replay.ask(
        **{"handler": handler_, "types": [PAID], "period": ALWAYS, "by": "user:7", "now": NOW} | options
    )


def forward(run: ReplayRun, size: int, known=(OLD, NEW)) -> int:
    handlers = {handler_.name: handler_ for handler_ in known}
    passed = replay.advance(run_id=run.pk, handlers=handlers, now=NOW, size=size)
    run.refresh_from_db()
    return passed


def told(run: ReplayRun) -> tuple:
    return run.state, run.again, run.fresh


def test_a_run_counts_first_and_is_on_record():
    finished(3)
    before = states()

    extent = replay.measure(handler=OLD, types=[PAID], period=ALWAYS, now=NOW)
    run = ask()

    assert (extent.again, extent.fresh) == (3, 0)
    assert states() == before
    assert (run.expected_again, run.expected_fresh, run.asked_by, run.state) == (3, 0, "user:7", "running")
    assert list(SteeringAct.objects.values_list("actor", "act", "handler", "run", "count")) == [
        ("user:7", "replay", "test.old", run.pk, 3)
    ]


def test_a_run_goes_on_in_slices_and_ends():
    finished(5)
    run = ask()

    assert [forward(run, 2), told(run)] == [2, ("running", 2, 0)]
    assert [state for _, state, _, _ in states()] == [0, 0, 3, 3, 3]
    assert [forward(run, 2), told(run)] == [2, ("running", 4, 0)]
    assert [forward(run, 2), told(run)] == [1, ("done", 5, 0)]
    assert [forward(run, 2), told(run)] == [0, ("done", 5, 0)]
    assert set(Delivery.objects.values_list("state", "priority")) == {(0, replay.BEHIND)}


def test_a_crash_in_a_slice_repeats_nothing(monkeypatch):
    rows = finished(4)
    run = ask()
    forward(run, 2)
    [claim] = deliveries.claim(ids=[rows[0].pk], lease=60)  # runs again and is done before the crash
    deliveries.done(claim=claim)

    monkeypatch.setattr(ReplayRun, "save", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        forward(run, 2)
    monkeypatch.undo()
    assert [state for _, state, _, _ in states()] == [3, 0, 3, 3]

    while forward(run, 2):
        pass

    assert told(run) == ("done", 4, 0)
    assert [state for _, state, _, _ in states()] == [3, 0, 0, 0]


def test_twin_a_run_that_forgets_its_place_resets_a_delivery_twice():
    rows = finished(4)
    run = ask()
    begun = run.position
    forward(run, 2)
    [claim] = deliveries.claim(ids=[rows[0].pk], lease=60)
    deliveries.done(claim=claim)

    ReplayRun.objects.update(position=begun)
    while forward(run, 2):
        pass

    assert run.again == 5  # of four deliveries
    assert [state for _, state, _, _ in states()] == [0, 0, 0, 0]


def test_what_is_recorded_after_the_request_is_not_the_run_s_business():
    finished(2)
    run = ask()
    late = delivery(OLD, order_id=9)
    Delivery.objects.filter(pk=late.pk).update(state=3)

    while forward(run, 2):
        pass

    late.refresh_from_db()
    assert (late.state, run.again) == (3, 2)


def test_a_cancelled_run_stops_where_it_is():
    finished(4)
    run = ask()
    forward(run, 2)

    assert replay.cancel(run_id=run.pk, by="user:8", now=NOW)
    assert not replay.cancel(run_id=run.pk, by="user:9", now=NOW)

    assert forward(run, 2) == 0
    assert (told(run), run.cancelled_by) == (("cancelled", 2, 0), "user:8")
    assert [state for _, state, _, _ in states()] == [0, 0, 3, 3]


def test_too_much_is_refused_with_its_count():
    finished(3)
    before = states()

    with pytest.raises(replay.TooMany, match="3 deliveries, at most 2 in one run: choose a shorter period"):
        ask(limit=2)

    assert (states(), ReplayRun.objects.count(), SteeringAct.objects.count()) == (before, 0, 0)


def test_two_runs_of_one_handler_exclude_each_other():
    finished(3)
    ask()

    with pytest.raises(replay.AlreadyRunning):
        ask()

    assert (ReplayRun.objects.count(), SteeringAct.objects.count()) == (1, 1)
    with pytest.raises(replay.NothingToDo):
        ask(NEW, types=["order.cancelled"])


def test_what_is_forgotten_while_a_run_waits_is_not_made_anew():
    delivery(OLD)
    run = ask(NEW)

    passed = replay.advance(run_id=run.pk, handlers={NEW.name: NEW}, now=NOW + timedelta(days=31))

    assert (passed, Delivery.objects.filter(handler=NEW.name).count()) == (1, 0)


def test_the_relay_moves_runs_on_unless_the_queue_is_crowded(monkeypatch):
    finished(2)
    run = ask()
    waiting = delivery(OLD, order_id=9)
    monkeypatch.setattr(replay, "CROWDED", 1)
    known = {OLD.name: OLD}

    assert replay.advance_waiting(handlers=known, now=NOW) == 0
    assert replay.advance_waiting(handlers={}, now=NOW) == 0  # a handler that only a newer relay knows
    Delivery.objects.filter(pk=waiting.pk).update(state=3)
    monkeypatch.setattr(relay, "HANDLERS", known)
    relay.Relay(client=_NoRedis(), enqueue=lambda _queue, _ids: None, routes={}).turn()

    run.refresh_from_db()
    assert told(run) == ("done", 2, 0)


class _NoRedis:
    def __getattr__(self, name):
        raise redis.ConnectionError("away")


def test_the_command_speaks_of_routed_handlers():
    delivery(HANDLERS["mail.order_paid"])
    Delivery.objects.update(state=4)
    OutboxEvent.objects.update(occurred_at=timezone.now())
    said = StringIO()

    call_command("replay_events", "--dead", "--dry-run", stdout=said)
    call_command(
        "replay_events",
        "--handler",
        "mail.order_paid",
        "--since",
        f"{timezone.now() - timedelta(days=1):%Y-%m-%d}",
        stdout=said,
    )

    assert said.getvalue().splitlines() == [
        "1 dead deliveries would be tried again",
        "1 deliveries run again, 0 for the first time",
    ]
    with pytest.raises(CommandError, match="--handler, or --dead"):
        call_command("replay_events")
    with pytest.raises(CommandError, match="no handler is called mail.order_payd; perhaps mail.order_paid"):
        call_command("replay_events", "--handler", "mail.order_payd", "--since", "2026-11-24")
    with pytest.raises(CommandError, match="no moment"):
        call_command("replay_events", "--handler", "mail.order_paid", "--since", "yesterday")


def test_the_command_asks_above_a_number_refuses_above_its_limit_and_tells_how_far_it_is(monkeypatch):
    finished(5, HANDLERS["mail.order_paid"])
    OutboxEvent.objects.update(occurred_at=timezone.now())
    before = states()
    monkeypatch.setattr(command, "ASK_ABOVE", 4)
    monkeypatch.setattr(replay, "SLICE", 2)
    since = f"{timezone.now() - timedelta(days=1):%Y-%m-%d}"
    words = ["replay_events", "--handler", "mail.order_paid", "--since", since]
    said = StringIO()

    with pytest.raises(CommandError, match="5 deliveries: look at --dry-run, then say --yes"):
        call_command(*words)
    with pytest.raises(CommandError, match="5 deliveries, at most 3 in one run"):
        call_command(*words, "--limit", "3", "--yes")
    assert (states(), ReplayRun.objects.count()) == (before, 0)
    call_command(*words, "--yes", stdout=said)

    assert said.getvalue().splitlines() == [
        "2 of 5",
        "4 of 5",
        "5 of 5",
        "5 deliveries run again, 0 for the first time",
    ]


# --- to one webhook ----------------------------------------------------------------------------------------


def an_endpoint(**fields) -> WebhookEndpoint:
    chosen = {"name": "ERP", "url": "https://erp.example/", "types": (PAID,), **fields}
    return endpoints.create(chosen=endpoints.Settings(**chosen), by=None, now=timezone.now())


def by_command(*words: str) -> str:
    said = StringIO()
    since = f"{timezone.now() - timedelta(days=1):%Y-%m-%d}"
    call_command("replay_events", "--since", since, *words, stdout=said)
    return said.getvalue().strip()


def test_a_period_is_sent_again_to_one_webhook_and_to_no_other():
    sent, other = an_endpoint(ordered=True), an_endpoint()
    for order_id in (1, 2):
        paid_fact(order_id)
    fanout.fan_out(routes={PAID: ()})
    Delivery.objects.update(state=3, done_at=timezone.now())
    paid_fact(3)
    OutboxEvent.objects.update(occurred_at=timezone.now())
    Delivery.objects.filter(handler=sent.handler, event__aggregate_id="2").delete()
    before = list(Delivery.objects.filter(handler=other.handler).values())

    assert by_command("--handler", sent.handler, "--dry-run") == (
        "1 deliveries would run again, 1 for the first time"
    )
    assert by_command("--handler", sent.handler) == "1 deliveries run again, 1 for the first time"

    rows = Delivery.objects.filter(handler=sent.handler).order_by("event")
    assert list(rows.values_list("queue", "state", "priority", "partition_key")) == [
        ("webhooks", 0, replay.BEHIND, "1"),
        ("webhooks", 0, replay.BEHIND, "2"),
    ]
    assert list(Delivery.objects.filter(handler=other.handler).values()) == before


def test_a_wrong_webhook_is_refused_with_the_reason():
    off = an_endpoint()
    endpoints.disable(endpoint_id=off.pk, reason="staff", now=NOW)
    on = an_endpoint()

    for words, reason in (
        (["webhook:999999"], "there is no webhook 999999: it is called webhook:<its number>"),
        (["webhook:ERP"], "there is no webhook ERP: it is called webhook:<its number>"),
        ([off.handler], f"{off.handler} is switched off: switch it on first"),
        ([on.handler, "--type", "order.placed"], f"{on.handler} does not react to order.placed"),
        (["mail.order_paid", "--type", "order.placed"], "mail.order_paid does not react to order.placed"),
    ):
        with pytest.raises(CommandError) as refusal:
            by_command("--handler", *words)
        assert str(refusal.value) == reason
    assert ReplayRun.objects.count() == 0


def test_a_run_for_a_webhook_that_is_switched_off_meanwhile_ends_where_it_is():
    endpoint = an_endpoint()
    for order_id in (1, 2):
        paid_fact(order_id)
    fanout.fan_out(routes={PAID: ()})
    Delivery.objects.update(state=3, done_at=NOW)
    run = ask(replayable.target(name=endpoint.handler).handler)
    assert forward(run, 1) == 1
    endpoints.disable(endpoint_id=endpoint.pk, reason="staff", now=NOW)

    assert forward(run, 1) == 0

    assert (run.state, run.again, run.cancelled_by) == ("cancelled", 1, replay.NOBODY)


def test_nobody_s_replay_waits_for_another_s_receiver(monkeypatch):
    slow, quick = an_endpoint(), an_endpoint()
    paid_fact()
    fanout.fan_out(routes={PAID: ()})
    Delivery.objects.filter(handler=quick.handler).update(state=3, done_at=NOW)
    monkeypatch.setattr(replay, "CROWDED", 1)

    crowded = [replay.crowded(handler=replayable.find(name=row.handler)) for row in (slow, quick)]

    assert crowded == [True, False]
