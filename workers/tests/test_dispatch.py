import pytest
import redis

from workers import actors, deliveries, dispatch
from workers.jobs import QUEUES
from workers.models import Delivery, RelayState
from workers.tests.factories import age, delivery, handler

pytestmark = pytest.mark.usefixtures("committed")


class Sent(list):
    """What would go to Dramatiq: (queue, ids)."""

    def __call__(self, queue, ids):
        self.append((queue, tuple(ids)))


def nothing(_fact, _context):
    return None


HANDLER = handler(nothing)


@pytest.fixture
def sent() -> Sent:
    return Sent()


def test_what_is_due_is_sent_once_until_its_visibility_timeout(valkey, sent):
    row = delivery(HANDLER)

    assert dispatch.dispatch(client=valkey, enqueue=sent) == 1
    assert dispatch.dispatch(client=valkey, enqueue=sent) == 0
    age(121)
    assert dispatch.dispatch(client=valkey, enqueue=sent) == 1
    age(121)  # the second wait is twice as long
    assert dispatch.dispatch(client=valkey, enqueue=sent) == 0

    assert sent == [("db", (row.pk,)), ("db", (row.pk,))]
    row.refresh_from_db()
    assert (row.state, row.dispatches, row.attempts) == (0, 2, 0)


def test_a_claim_ends_the_counting_of_sendings(valkey, sent):
    row = delivery(HANDLER)
    dispatch.dispatch(client=valkey, enqueue=sent)

    deliveries.claim(ids=[row.pk], lease=60)

    row.refresh_from_db()
    assert row.dispatches == 0


def test_redis_never_holds_more_than_the_window(valkey, sent, monkeypatch):
    monkeypatch.setattr(dispatch, "WINDOW", 3)
    valkey.hset("dramatiq:db.msgs", mapping={"a": "1", "b": "2"})
    rows = [delivery(HANDLER, order_id=n) for n in range(1, 4)]

    assert dispatch.dispatch(client=valkey, enqueue=sent) == 1

    assert sent == [("db", (rows[0].pk,))]
    valkey.delete("dramatiq:db.msgs")
    assert dispatch.dispatch(client=valkey, enqueue=sent) == 2


def test_under_backlog_one_message_of_db_carries_twenty(valkey, sent):
    rows = [delivery(HANDLER, order_id=n) for n in range(1, 26)]

    dispatch.dispatch(client=valkey, enqueue=sent)

    assert sent == [("db", tuple(r.pk for r in rows[:20])), ("db", tuple(r.pk for r in rows[20:]))]


def test_mails_always_go_one_by_one(valkey, sent):
    mail = handler(nothing, name="test.mail", queue="io")
    for n in range(1, 20):
        delivery(mail, order_id=n)

    dispatch.dispatch(client=valkey, enqueue=sent)

    assert [len(ids) for _queue, ids in sent] == [1] * 19


def test_the_more_urgent_goes_first(valkey, sent):
    first, second = delivery(HANDLER), delivery(HANDLER, order_id=2)
    Delivery.objects.filter(pk=second.pk).update(priority=-1)

    dispatch.dispatch(client=valkey, enqueue=sent)

    assert sent == [("db", (second.pk,)), ("db", (first.pk,))]


def test_an_ordered_successor_is_sent_the_moment_its_predecessor_is_done(valkey, sent):
    ordered = handler(nothing, ordered=True)
    first, second = delivery(ordered, order_id=7), delivery(ordered, order_id=7)

    dispatch.dispatch(client=valkey, enqueue=sent)
    assert sent == [("db", (first.pk,))]
    actors.run(ids=[first.pk], queue=QUEUES["db"], handlers={ordered.name: ordered})
    dispatch.dispatch(client=valkey, enqueue=sent)

    assert sent == [("db", (first.pk,)), ("db", (second.pk,))]


def test_a_redis_that_forgot_gets_everything_again_and_backoff_still_waits(valkey, sent):
    RelayState.objects.create(id=1)
    row, failed = delivery(HANDLER), delivery(HANDLER, order_id=2)
    claim = deliveries.claim(ids=[failed.pk], lease=60)[0]
    deliveries.fail(claim=claim, error="no", wait=3600, started_at=row.created_at, ms=1)
    dispatch.check_epoch(client=valkey, fresh="one")
    dispatch.dispatch(client=valkey, enqueue=sent)
    assert sent == [("db", (row.pk,))]

    assert dispatch.check_epoch(client=valkey, fresh="two") == (0, "one")
    assert dispatch.check_epoch(client=valkey, fresh="two", known="one") == (0, "one")
    valkey.flushall()
    assert dispatch.check_epoch(client=valkey, fresh="three", known="one") == (1, "three")
    assert dispatch.check_epoch(client=valkey, fresh="four", known="one") == (0, "three")
    dispatch.dispatch(client=valkey, enqueue=sent)

    assert sent == [("db", (row.pk,)), ("db", (row.pk,))]
    assert RelayState.objects.get().epoch == "three"


def test_a_dead_redis_takes_no_delivery(sent, settings):
    delivery(HANDLER)
    nobody = redis.Redis.from_url("redis://127.0.0.1:9/1")

    with pytest.raises(redis.ConnectionError):
        dispatch.dispatch(client=nobody, enqueue=sent)

    assert Delivery.objects.get().dispatches == 0


def test_what_redis_did_not_take_is_due_again_at_once(valkey, sent):
    first, second, third = (delivery(HANDLER, order_id=n) for n in range(3))

    def away_after_one(queue, ids):
        if sent:
            raise redis.ConnectionError("gone")
        sent(queue, ids)

    with pytest.raises(redis.ConnectionError):
        dispatch.dispatch(client=valkey, enqueue=away_after_one)

    assert sent == [("db", (first.pk,))]
    assert dispatch.dispatch(client=valkey, enqueue=sent) == 2
    assert sent[1:] == [("db", (second.pk,)), ("db", (third.pk,))]
    assert set(Delivery.objects.values_list("dispatches", flat=True)) == {1}
