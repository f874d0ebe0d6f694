"""Any order of the queue's steps, with messages lost and repeated and workers that vanish or return.

Hypothesis chooses the steps; after each of them the promises hold, and in the end everything is done or dead.
"""

from collections import deque

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from workers import deliveries, dispatch, fanout, healing, steering
from workers.deliveries import Claim, Fenced
from workers.jobs import Context
from workers.tests.chaos import controls, oracle
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.story import DB, ORDERED, Struck, leave_effect, record
from workers.tests.conftest import empty
from workers.tests.factories import age

HANDLERS = {handler.name: handler for handler in (DB, ORDERED)}
ROUTES = {Struck.name: (DB, ORDERED)}
TRIES = 3
pick = st.integers(min_value=0, max_value=9)


class Queue(RuleBasedStateMachine):
    """The engine in one process. `messages` is Redis, `claims` are workers, the dead among them included."""

    def __init__(self) -> None:
        super().__init__()
        empty()
        with connection.cursor() as cursor:
            cursor.execute(oracle.EFFECTS)
            cursor.execute("TRUNCATE chaos_effect")
        self.recorded = 0
        self.messages: deque[list[int]] = deque()
        self.claims: deque[Claim] = deque()

    @rule(key=st.sampled_from("abc"))
    def record(self, key: str) -> None:
        record(Struck(key=key, n=self.recorded, occurred_at=timezone.now()))
        self.recorded += 1

    @rule(batch=st.integers(min_value=1, max_value=3))
    def fan_out(self, batch: int) -> None:
        fanout.fan_out(routes=ROUTES, batch=batch)

    @rule(room=st.integers(min_value=1, max_value=4), together=st.booleans())
    def send(self, room: int, together: bool) -> None:
        for queue in ("db", "quarantine"):
            ids = dispatch.take_due(queue=queue, room=room)
            self.messages.extend([ids] if together and ids else [[pk] for pk in ids])

    @precondition(lambda self: self.messages)
    @rule()
    def lose_a_message(self) -> None:
        self.messages.popleft()

    @precondition(lambda self: self.messages)
    @rule()
    def repeat_a_message(self) -> None:
        self.messages.append(self.messages[0])

    @precondition(lambda self: self.messages)
    @rule(which=pick)
    def claim(self, which: int) -> None:
        self.messages.rotate(which)
        self.claims.extend(deliveries.claim(ids=self.messages.popleft(), lease=60))

    @precondition(lambda self: self.claims)
    @rule(which=pick)
    def finish(self, which: int) -> None:
        claim = self._one(which)
        context = Context(handler=claim.handler, attempt=1, idempotency_key=claim.token, now=timezone.now())
        try:
            with transaction.atomic():
                leave_effect(claim.fact, context)
                deliveries.done(claim=claim)
        except Fenced:
            pass

    @precondition(lambda self: self.claims)
    @rule(which=pick, wait=st.sampled_from([0.0, 5.0, 3600.0]))
    def fail(self, which: int, wait: float) -> None:
        claim = self._one(which)
        deliveries.fail(
            claim=claim,
            error="failed",
            wait=None if claim.attempts >= TRIES else wait,
            started_at=timezone.now(),
            ms=1,
        )

    @precondition(lambda self: self.claims)
    @rule(which=pick, seconds=st.sampled_from([0, 30]))
    def release(self, which: int, seconds: int) -> None:
        deliveries.release(claim=self._one(which), seconds=seconds)

    @precondition(lambda self: self.claims)
    @rule(which=pick)
    def renew(self, which: int) -> None:
        deliveries.renew(claims=[self.claims[which % len(self.claims)]], lease=60)

    @rule(seconds=st.sampled_from([10, 61, 4000]))
    def pass_time(self, seconds: int) -> None:
        age(seconds)
        deliveries.sweep()

    @rule()
    def revive(self) -> None:
        steering.retry_dead(handler=None, by="user:1", handlers=HANDLERS)

    @rule(handler=st.sampled_from(sorted(HANDLERS)))
    def give_up(self, handler: str) -> None:
        steering.cancel_dead(handler=handler, by="user:1")

    @invariant()
    def promises_hold(self) -> None:
        found = oracle.verdict(acknowledged=range(self.recorded), handlers=(), ordered=(ORDERED.name,))
        assert found == Verdict(open=found.open, dead=found.dead)

    @invariant()
    def only_who_runs_holds_a_lease(self) -> None:
        assert not _count(
            """(state = 1) <> (claim_token IS NOT NULL) OR (state = 1) <> (lease_until IS NOT NULL)
               OR attempts < 0 OR lost_leases NOT BETWEEN 0 AND 5 OR (state IN (3, 5)) <> (done_at IS NOT NULL)"""
        )

    @invariant()
    def nothing_needs_healing(self) -> None:
        assert healing.heal() == (0, 0)

    def teardown(self) -> None:
        """Let everything end: no further faults, and time passes."""
        self.messages.clear()
        self.claims.clear()
        for _turn in range(100):
            self.revive()
            while fanout.fan_out(routes=ROUTES):
                pass
            age(10 * 3600)
            deliveries.sweep()
            self.send(room=100, together=False)
            while self.messages:
                self.claim(0)
            while self.claims:
                self.finish(0)
            if not _count("state IN (0, 1, 2, 4)"):
                break
        acknowledged = range(self.recorded)
        assert (
            oracle.verdict(acknowledged=acknowledged, handlers=HANDLERS, ordered=(ORDERED.name,)) == Verdict()
        )

    def _one(self, which: int) -> Claim:
        self.claims.rotate(which)
        return self.claims.popleft()


def _count(condition: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM workers_delivery WHERE {condition}")
        return int(cursor.fetchone()[0])


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("look", [dispatch.LOOK, 0])
def test_whatever_happens_in_whatever_order_the_promises_hold(monkeypatch, look: int):
    """Also when a look sees next to nothing, so that whoever waits in a key stands aside all the time."""
    monkeypatch.setattr(dispatch, "LOOK", look)
    run_state_machine_as_test(
        Queue,
        settings=settings(
            max_examples=20,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("off", ["", "fence"])
def test_a_zombie_among_the_steps_is_found_when_the_fence_is_off(monkeypatch, off: str):
    """The machine can fail: these steps of its own break a promise once a protection is gone."""
    monkeypatch.setattr(deliveries, "done", deliveries.done)  # so that it is put back
    controls.switch_off(off)
    queue = Queue()
    queue.record("a")
    queue.fan_out(1)
    queue.send(4, together=False)
    queue.claim(0)
    queue.pass_time(61)
    queue.send(4, together=False)
    queue.claim(1)
    queue.finish(0)
    queue.finish(0)

    if off:
        with pytest.raises(AssertionError):
            queue.promises_hold()
    else:
        queue.promises_hold()
