import re
from pathlib import Path

import pytest

from commerce.events.base import registry
from commerce.events.schema import kinds
from workers.jobs import QUEUES
from workers.routing import ALIASES, HANDLERS, ROUTES
from workers.schedule import JOBS

# Names are stored in deliveries: one that disappears from here needs an alias, never an edit of this set.
ROOT = Path(__file__).resolve().parents[2]
NAMES = {
    "coupons.give_back",
    "points.earn",
    "points.expire",
    "points.follow_refund",
    "points.give_back",
    "privacy.forget_mails",
    "privacy.make_copy",
    "catalog.follow_vocabulary",
    "feeds.make",
    "sales.pair",
    "catalog.import",
    "catalog.prepare_category",
    "catalog.prepare_page",
    "catalog.prepare_product",
    "catalog.publish_scheduled",
    "catalog.reconcile",
    "accounts.check_consents",
    "accounts.say_farewell",
    "mail.account_letter",
    "catalog.settle_prices",
    "mail.claim_approved",
    "mail.claim_received",
    "mail.claim_rejected",
    "mail.claim_settled",
    "mail.consents_due",
    "mail.copy_ready",
    "mail.deposit_awaited",
    "mail.deposit_due_soon",
    "mail.order_cancelled",
    "mail.order_paid",
    "mail.refund_account_needed",
    "mail.refund_completed",
    "mail.shipment_delivered",
    "mail.shipment_dispatched",
    "mail.webhook_disabled",
    "maintenance.check_stock",
    "maintenance.forget",
    "orders.check_balances",
    "orders.compare_payments",
    "orders.expire_unpaid",
    "orders.reconcile_payments",
    "pages.renew",
    "parcels.assume_delivered",
    "backups.check",
    "backups.drill",
    "backups.make",
    "parcels.confirm_purchases",
    "orders.remind_of_deposits",
    "payments.close_account",
    "payments.settle_receipt",
    "payments.refund",
    "payments.settle",
    "sales.count_order",
    "sales.follow_allocation",
    "sales.take_off_refund",
    "search.follow_category",
    "search.learn",
    "search.tidy",
    "mail.question_answered",
    "mail.restocked",
    "mail.review_invitation",
    "mail.review_rejected",
    "mail.newsletter_asked",
    "mail.newsletter_due",
    "mail.newsletter_joined",
    "mail.newsletter_left",
    "newsletter.check_consents",
    "newsletter.follow_consent",
    "restock.serve",
    "restock.tend",
    "reviews.invite",
}


def test_every_fact_is_routed_and_documented():
    headings = set(re.findall(r"^## (\S+\.\S+)$", (ROOT / "docs" / "events.md").read_text(), re.MULTILINE))

    assert set(ROUTES) == set(registry()) == headings


def test_the_documentation_says_what_all_facts_share():
    text = (ROOT / "docs" / "events.md").read_text()

    assert {name for name in ("Order", "Versions", "Ids of a chain") if f"\n## {name}\n" not in text} == set()


@pytest.mark.parametrize(("name", "kind"), sorted(registry().items()))
def test_the_documentation_of_a_fact_has_all_its_fields_and_its_newest_version(name, kind):
    section = (ROOT / "docs" / "events.md").read_text().split(f"\n## {name}\n")[1].split("\n## ")[0]
    payload = section.split("Payload", 1)[1].split("\nReacts:")[0]

    assert [field for field in kinds(kind) if f"`{field}`" not in payload] == []
    assert kind.version == 1 or f", version {kind.version}:" in payload


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_the_documentation_of_a_fact_names_who_reacts_and_nobody_else(name):
    section = (ROOT / "docs" / "events.md").read_text().split(f"\n## {name}\n")[1].split("\n## ")[0]
    reacts = section.split("\nReacts: ", 1)[1]

    assert all(f"`{handler.name}`" in reacts for handler in ROUTES[name])
    assert reacts.startswith("nobody") == (ROUTES[name] == ())


def test_every_aggregate_says_whether_its_facts_are_in_order():
    table = (ROOT / "docs" / "events.md").read_text().split("\n## Order\n")[1].split("\n## ")[0]
    documented = set(re.findall(r"^\| (\w+) \| `(\w+)` \|", table, re.MULTILINE))

    assert documented == {kind.aggregate for kind in registry().values()}


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
