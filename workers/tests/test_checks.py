"""A routing table that could never work is refused before anything is delivered."""

from dataclasses import replace

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from commerce.events.base import registry
from workers import checks, routing
from workers.tests.factories import handler

GOOD = handler(lambda _fact, _context: None)


def told(*row, aliases=None, facts=("order.paid",), name="order.paid"):
    found = checks.problems(routes={name: row}, aliases=aliases or {}, facts=facts)
    return [(message.id, message.msg) for message in found]


def test_the_shops_own_table_is_right():
    assert run_checks(tags=["workers"]) == []
    assert checks.problems(routes=routing.ROUTES, aliases=routing.ALIASES, facts=registry()) == []
    checks.refuse_nonsense()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"function": "confirm"}, ("workers.E004", "The function of test.handler cannot be called.")),
        ({"kind": "maybe"}, ("workers.E005", "test.handler is of the unknown kind maybe.")),
        (
            {"kind": "external", "once": True},
            ("workers.E005", "test.handler is done once, which only the kind db can promise."),
        ),
        ({"max_attempts": 0}, ("workers.E006", "test.handler would never be tried.")),
        ({"delays": (5, -1)}, ("workers.E006", "test.handler would never be tried.")),
        ({"queue": "fast"}, ("workers.E007", "test.handler waits in the unknown queue fast.")),
        (
            {"timeout": 50},
            ("workers.E008", "test.handler may run 50 s, but its queue db stops it after 50 s."),
        ),
        ({"timeout": 0}, ("workers.E008", "test.handler may run 0 s, but its queue db stops it after 50 s.")),
        (
            {"queue": "bulk", "timeout": 10_800},
            ("workers.E008", "test.handler may run 10800 s, but its queue bulk stops it after 10800 s."),
        ),
    ],
)
def test_a_handler_that_could_not_work_is_named(changes, expected):
    assert told(replace(GOOD, **changes)) == [expected]


def test_a_handler_one_second_below_its_limit_is_right():
    assert told(replace(GOOD, timeout=49)) == []


def test_a_row_without_a_fact_and_a_fact_without_a_row():
    assert told(GOOD, facts=("order.placed",)) == [
        ("workers.E001", "ROUTES has a row for order.paid, which is no declared fact."),
        ("workers.E002", "ROUTES has no row for order.placed."),
    ]


def test_a_name_means_one_handler():
    other = replace(GOOD, timeout=9)

    assert told(GOOD, other) == [
        ("workers.E003", "Two different handlers are called test.handler."),
        ("workers.E003", "order.paid names a handler twice."),
    ]
    assert told(GOOD, GOOD) == [("workers.E003", "order.paid names a handler twice.")]
    assert told(GOOD, aliases={"test.handler": GOOD}) == [
        ("workers.E003", "The alias test.handler is the name of a handler.")
    ]
    assert told(GOOD, aliases={"test.former": GOOD}) == []


def test_a_handler_may_react_to_several_facts():
    both = {"order.paid": (GOOD,), "order.placed": (GOOD,)}

    assert checks.problems(routes=both, aliases={}, facts=set(both)) == []


def test_a_worker_does_not_start_with_such_a_table(monkeypatch):
    broken = dict(routing.ROUTES) | {"order.paid": (replace(GOOD, queue="fast"),)}
    monkeypatch.setattr(routing, "ROUTES", broken)

    with pytest.raises(ImproperlyConfigured, match="test.handler waits in the unknown queue fast"):
        checks.refuse_nonsense()
