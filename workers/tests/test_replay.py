from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from commerce.events import types
from commerce.events.models import OutboxEvent
from workers import fanout, replay
from workers.models import Delivery
from workers.routing import HANDLERS
from workers.tests.factories import NOW, delivery, handler, paid_fact

pytestmark = pytest.mark.usefixtures("committed")
PAID = types.OrderPaid.name
OLD = handler(lambda _fact, _context: None, name="test.old")
NEW = handler(lambda _fact, _context: None, name="test.new", queue="io")
ALWAYS = replay.Period(since=NOW - timedelta(days=1), until=NOW + timedelta(days=1))


def states() -> list:
    return list(Delivery.objects.order_by("pk").values_list("handler", "state", "attempts", "lost_leases"))


def test_dead_deliveries_begin_anew_and_the_others_stay():
    rows = [delivery(OLD, order_id=n) for n in range(3)]
    for row, state in zip(rows, (4, 3, 2), strict=True):
        Delivery.objects.filter(pk=row.pk).update(state=state, attempts=5, lost_leases=5)

    assert replay.revive_dead(handler=None, types=[], period=replay.Period(), dry_run=True) == 1
    assert Delivery.objects.filter(state=4).count() == 1
    assert replay.revive_dead(handler=NEW, types=[], period=replay.Period(), dry_run=False) == 0
    assert replay.revive_dead(handler=OLD, types=[PAID], period=ALWAYS, dry_run=False) == 1

    assert states() == [("test.old", 0, 0, 0), ("test.old", 3, 5, 5), ("test.old", 2, 5, 5)]


def test_a_revived_suspect_leaves_quarantine():
    row = delivery(OLD)
    Delivery.objects.update(state=4, queue="quarantine")

    replay.revive_dead(handler=OLD, types=[], period=replay.Period(), dry_run=False)

    row.refresh_from_db()
    assert row.queue == "db"


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
    with pytest.raises(CommandError, match="no moment"):
        call_command("replay_events", "--handler", "mail.order_paid", "--since", "yesterday")
