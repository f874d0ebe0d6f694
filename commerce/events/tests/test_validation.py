"""What `record` refuses, and that a refusal leaves nothing behind."""

import dataclasses
import re
import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from django.db import models, transaction

from commerce.events import outbox, types
from commerce.events.base import Event, Registry, registry
from commerce.events.models import OutboxEvent
from commerce.events.outbox import InvalidFact
from commerce.events.schema import MAX_BYTES, kinds

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PERSONAL = {
    "account", "address", "address1", "address2", "birth", "birthday", "card", "city", "customer", "email",
    "holder", "ip", "mail", "name", "note", "password", "person", "phone", "postcode", "recipient", "secret",
    "street", "token", "username",
}  # fmt: skip


def paid(**changes: Any) -> types.OrderPaid:
    values = {"order_id": 8, "number": "20261124-7F3K9QX", "total": 89_000, "currency": "KRW"}
    return types.OrderPaid(**values | {"occurred_at": NOW} | changes)


def test_a_fact_is_stored_as_it_was_declared():
    key = uuid.uuid4()
    fact = types.ProductListed(
        product_key=key, slug="cup", language="ko", source_version=3, skus=("A", "B"), occurred_at=NOW
    )

    event_id = outbox.record(fact)

    row = OutboxEvent.objects.get(event_id=event_id)
    assert (row.type, row.version, row.aggregate_type, row.aggregate_id) == (
        "product.listed",
        1,
        "product",
        str(key),
    )
    assert row.payload == {
        "product_key": str(key),
        "slug": "cup",
        "language": "ko",
        "source_version": 3,
        "skus": ["A", "B"],
    }
    assert types.ProductListed.from_payload(row.payload, occurred_at=NOW) == fact


class Currency(models.TextChoices):
    WON = "KRW", "₩"


def test_a_member_of_an_enumeration_is_stored_as_its_value():
    outbox.record(paid(currency=Currency.WON))

    assert OutboxEvent.objects.get().payload["currency"] == "KRW"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"total": None}, "order.paid: total must be int, not this None"),
        ({"total": "89000"}, "order.paid: total must be int, not this str"),
        ({"total": 89000.0}, "order.paid: total must be int, not this float"),
        ({"total": True}, "order.paid: total must be int, not this bool"),
        ({"total": 2**63}, "order.paid: total must be int, not this int (too large)"),
        ({"number": None}, "order.paid: number must be str, not this None"),
        ({"number": 8}, "order.paid: number must be str, not this int"),
        ({"number": b"8"}, "order.paid: number must be str, not this bytes"),
        ({"number": object()}, "order.paid: number must be str, not this object"),
        ({"number": "a\x00"}, "order.paid: number must be str, not this str (PostgreSQL stores no NUL)"),
        ({"number": "\ud800"}, "order.paid: number must be str, not this str"),
        (
            {"occurred_at": datetime(2026, 11, 24)},
            "order.paid: occurred_at must be datetime with a time zone",
        ),
        ({"occurred_at": None}, "order.paid: occurred_at must be datetime with a time zone, not this None"),
        ({"number": "가" * 7000}, f"bytes are more than {MAX_BYTES}"),
    ],
)
def test_what_is_not_as_declared_is_refused_before_it_is_inserted(changes, why):
    with pytest.raises(InvalidFact, match=re.escape(why)):
        outbox.record(paid(**changes))

    assert OutboxEvent.objects.count() == 0
    outbox.record(paid())  # the transaction goes on: PostgreSQL was not asked
    assert OutboxEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("skus", "key"), [(["A"], uuid.uuid4()), ("A", uuid.uuid4()), (("A", 1), uuid.uuid4()), (("A",), "A")]
)
def test_tuples_and_ids_are_exact_too(skus, key):
    fact = types.ProductListed(
        product_key=key, slug="cup", language="ko", source_version=3, skus=skus, occurred_at=NOW
    )

    with pytest.raises(InvalidFact):
        outbox.record(fact)

    assert OutboxEvent.objects.count() == 0


def test_only_the_listed_texts_pass_a_literal():
    with pytest.raises(InvalidFact, match="by must be one of shop, staff, shopper, provider"):
        outbox.record(types.OrderCancelled(order_id=1, number="1", reason="x", by="me", occurred_at=NOW))


def test_none_passes_where_it_is_declared():
    fact = types.ShippingChanged(
        method_id=1, code="parcel", changed=("fee",), fee=1, free_from=None, active=True, occurred_at=NOW
    )

    outbox.record(fact)

    assert OutboxEvent.objects.get().payload["free_from"] is None


def test_an_aggregate_id_that_the_outbox_cannot_hold_is_refused():
    with pytest.raises(InvalidFact, match="slot is longer than 64"):
        outbox.record(types.RetentionDue(slot="x" * 65, occurred_at=NOW))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class NobodyKnows(Event):
    name: ClassVar[str] = "nobody.knows"
    aggregate: ClassVar[tuple[str, str]] = ("nobody", "key")
    key: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Impostor(types.OrderPaid):
    pass


@pytest.mark.parametrize(
    "fact",
    [
        NobodyKnows(key=1, occurred_at=NOW),
        Impostor(order_id=8, number="1", total=1, currency="KRW", occurred_at=NOW),
    ],
)
def test_a_class_that_is_not_declared_is_refused(fact):
    with pytest.raises(InvalidFact, match="is no declared fact"):
        outbox.record(fact)

    assert OutboxEvent.objects.count() == 0


def test_of_several_facts_one_invalid_keeps_all_out():
    with pytest.raises(InvalidFact):
        outbox.record_all([paid(), paid(total=None)])

    assert OutboxEvent.objects.count() == 0


def test_several_facts_keep_their_order_in_one_statement(django_assert_num_queries):
    facts = [paid(order_id=number) for number in range(1, 6)]

    with django_assert_num_queries(1):
        outbox.record_all(facts)

    ids = OutboxEvent.objects.order_by("pk").values_list("aggregate_id", flat=True)
    assert list(ids) == ["1", "2", "3", "4", "5"]


def test_one_fact_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        outbox.record(paid())


def test_no_field_of_any_fact_could_hold_who_somebody_is():
    suspicious = {
        f"{name}.{field}"
        for name, kind in registry().items()
        for field in kinds(kind)
        if PERSONAL & set(field.split("_")) and not field.endswith("_id")
    }

    assert suspicious == set()


@pytest.mark.parametrize("field", ["customer_email", "recipient_name", "phone"])
def test_the_guard_above_sees_a_field_that_holds_a_person(field):
    assert PERSONAL & set(field.split("_"))


@pytest.mark.parametrize(
    ("attributes", "error"),
    [
        ({"name": "OrderPaid"}, ValueError),
        ({"name": "order.paid." + "x" * 80}, ValueError),
        ({"version": 0}, ValueError),
        ({"aggregate": ("order", "order_id")}, TypeError),
        ({"name": "taken.already"}, ValueError),
    ],
)
def test_a_class_that_cannot_be_a_fact_is_refused_when_it_is_declared(attributes, error):
    facts = Registry()
    facts.add(type("Known", (NobodyKnows,), {"name": "taken.already"}))

    with pytest.raises(error):
        facts.add(type("Odd", (NobodyKnows,), {"name": "nobody.knew"} | attributes))

    assert set(facts.all()) == {"taken.already"}


@pytest.mark.parametrize("hint", [float, dict, list[int], Any, tuple[int, str], int | str])
def test_a_field_that_json_would_bend_is_refused_when_it_is_declared(hint):
    odd = dataclasses.make_dataclass(
        "Odd",
        [("key", int), ("value", hint)],
        bases=(Event,),
        namespace={"name": "odd.declared", "aggregate": ("odd", "key")},
        frozen=True,
        kw_only=True,
    )

    with pytest.raises(TypeError, match="no field of a fact is a"):
        Registry().add(odd)


# --- one kick per commit ----------------------------------------------------------------------------------


def test_many_facts_of_one_commit_kick_once(monkeypatch, django_capture_on_commit_callbacks):
    kicks: list[int] = []
    monkeypatch.setattr(outbox, "_kick", [lambda: kicks.append(1)])

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        outbox.record(paid())
        outbox.record_all([paid(), paid()])

    assert kicks == [1]


def test_a_fact_that_was_rolled_back_takes_no_kick_away(monkeypatch, django_capture_on_commit_callbacks):
    kicks: list[int] = []
    monkeypatch.setattr(outbox, "_kick", [lambda: kicks.append(1)])

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            outbox.record(paid())
            raise RuntimeError
        outbox.record(paid())

    assert kicks == [1]
    assert OutboxEvent.objects.count() == 1
