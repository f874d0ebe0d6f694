"""Stored facts stay readable: one golden file for each type and version, and a way from each to the newest."""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest

from commerce.events import types
from commerce.events.base import Event, Registry, registry
from commerce.events.schema import InvalidFact, kinds
from commerce.events.upcasting import STEPS, BrokenChain, Upcasters

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
FACTS = sorted(registry().items())


def golden(name: str, version: int):
    return json.loads((GOLDEN / f"{name}.v{version}.json").read_text())


def test_every_version_of_every_fact_has_one_golden_file_and_there_is_no_other():
    expected = {f"{name}.v{version}.json" for name, kind in FACTS for version in range(1, kind.version + 1)}

    assert {path.name for path in GOLDEN.iterdir()} == expected


@pytest.mark.parametrize(("name", "kind"), FACTS, ids=[name for name, _kind in FACTS])
def test_a_fact_still_has_exactly_the_fields_and_types_of_its_golden_file(name, kind):
    stored = golden(name, kind.version)

    assert list(stored) == list(kinds(kind))
    assert kind.from_payload(stored, occurred_at=NOW).payload() == stored


@pytest.mark.parametrize(
    ("name", "version"),
    [(name, version) for name, kind in FACTS for version in range(1, kind.version + 1)],
)
def test_every_stored_version_is_read_as_the_newest(name, version):
    kind = registry()[name]

    newest = STEPS.newest(kind=kind, version=version, payload=golden(name, version))

    assert kind.from_payload(newest, occurred_at=NOW).payload() == newest


@pytest.mark.parametrize(
    ("reason", "by"),
    [
        ("not paid in time", "shop"),
        ("sold out", "shop"),
        ("payment mismatch", "shop"),
        ("refunded", "provider"),
        ("cancelled by the shop", "staff"),
    ],
)
def test_who_cancelled_is_read_from_the_reason_of_version_1(reason, by):
    stored = golden("order.cancelled", 1) | {"reason": reason}

    newest = STEPS.newest(kind=types.OrderCancelled, version=1, payload=stored)

    assert newest == golden("order.cancelled", 2) | {"reason": reason, "by": by}
    assert "by" not in stored


# --- a registry of its own: three versions, as no fact of the shop has yet --------------------------------


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LampLit(Event):
    name: ClassVar[str] = "lamp.lit"
    version: ClassVar[int] = 3
    aggregate: ClassVar[tuple[str, str]] = ("lamp", "lamp_id")
    lamp_id: int
    watts: int
    by: str = "hand"


def lamps() -> tuple[Upcasters, dict[str, type[Event]]]:
    facts = Registry()
    facts.add(LampLit)
    return Upcasters(), facts.all()


def test_steps_follow_one_another():
    steps, facts = lamps()
    steps.step("lamp.lit", 1)(lambda old: {"lamp_id": old["lamp"], "kilowatts": old["kilowatts"]})
    steps.step("lamp.lit", 2)(lambda old: {"lamp_id": old["lamp_id"], "watts": old["kilowatts"] * 1000})
    steps.check(facts)

    assert steps.newest(kind=LampLit, version=1, payload={"lamp": 5, "kilowatts": 2}) == {
        "lamp_id": 5,
        "watts": 2000,
    }
    assert steps.newest(kind=LampLit, version=2, payload={"lamp_id": 5, "kilowatts": 1})["watts"] == 1000
    assert steps.newest(kind=LampLit, version=3, payload={"lamp_id": 5, "watts": 9})["watts"] == 9


def test_a_gap_is_found_before_anything_is_read():
    steps, facts = lamps()
    steps.step("lamp.lit", 2)(lambda old: old)

    with pytest.raises(BrokenChain, match="no step from version 1 of lamp.lit"):
        steps.check(facts)


def test_a_step_that_leads_nowhere_is_found():
    steps, facts = lamps()
    for version in (1, 2, 3):
        steps.step("lamp.lit", version)(lambda old: old)

    with pytest.raises(BrokenChain, match="a step from version 3 of lamp.lit leads nowhere"):
        steps.check(facts)


def test_two_steps_from_one_version_are_refused():
    steps, _facts = lamps()
    steps.step("lamp.lit", 1)(lambda old: old)

    with pytest.raises(BrokenChain, match="two steps lead from version 1 of lamp.lit"):
        steps.step("lamp.lit", 1)(lambda old: old)


def test_the_facts_of_the_shop_have_no_gap():
    STEPS.check(registry())


@pytest.mark.parametrize("version", [0, 4])
def test_a_version_that_never_was_is_not_read(version):
    steps, _facts = lamps()

    with pytest.raises(InvalidFact, match=f"no version {version}"):
        steps.newest(kind=LampLit, version=version, payload={})


@pytest.mark.parametrize("payload", [{}, {"lamp_id": 5}, [], None, "x"])
def test_an_old_payload_that_misses_what_it_had_is_invalid(payload):
    steps, _facts = lamps()
    steps.step("lamp.lit", 1)(lambda old: old)
    steps.step("lamp.lit", 2)(lambda old: {"lamp_id": old["lamp_id"], "watts": old["kilowatts"] * 1000})

    with pytest.raises(InvalidFact):
        steps.newest(kind=LampLit, version=1, payload=payload)


def test_a_younger_field_may_be_missing_and_an_unknown_one_is_passed_over():
    read = LampLit.from_payload({"lamp_id": 5, "watts": 9, "colour": "warm"}, occurred_at=NOW)

    assert read == LampLit(lamp_id=5, watts=9, by="hand", occurred_at=NOW)
