import re
from pathlib import Path

from commerce.events.base import registry
from workers.jobs import QUEUES
from workers.routing import ALIASES, HANDLERS, ROUTES
from workers.schedule import JOBS

# Names are stored in deliveries: one that disappears from here needs an alias, never an edit of this set.
ROOT = Path(__file__).resolve().parents[2]
NAMES = {
    "catalog.prepare_category",
    "catalog.prepare_page",
    "catalog.prepare_product",
    "catalog.publish_scheduled",
    "catalog.reconcile",
    "mail.deposit_awaited",
    "mail.order_cancelled",
    "mail.order_paid",
    "mail.refund_account_needed",
    "mail.refund_completed",
    "maintenance.forget",
    "orders.check_balances",
    "orders.expire_unpaid",
    "orders.reconcile_payments",
    "payments.refund",
    "payments.settle",
}


def test_every_fact_is_routed_and_documented():
    headings = set(re.findall(r"^## (\S+)$", (ROOT / "docs" / "events.md").read_text(), re.MULTILINE))

    assert set(ROUTES) == set(registry()) == headings


def test_every_handler_is_named_in_the_documentation():
    text = (ROOT / "docs" / "events.md").read_text()

    assert {name for name in HANDLERS if f"`{name}`" not in text} == set()


def test_handler_names_are_stable_and_mean_one_thing():
    routed = [handler for handlers in ROUTES.values() for handler in handlers]

    assert set(HANDLERS) == NAMES
    assert all(HANDLERS[handler.name] == handler for handler in routed)
    assert set(ALIASES).isdisjoint(handler.name for handler in routed)


def test_no_handler_may_outlive_what_its_queue_allows():
    assert {h.name: h.timeout for h in HANDLERS.values() if h.timeout >= QUEUES[h.queue].limit} == {}
    assert {h.name for h in HANDLERS.values() if h.timeout >= QUEUES["quarantine"].limit} == set()


def test_every_tick_of_the_clock_has_a_job_and_the_reverse():
    assert set(JOBS) == {name for name in registry() if name.startswith("schedule.")}
