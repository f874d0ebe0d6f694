"""The fact that fault tests record, and the handlers that react to it as its payload says."""

import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

from django.db import connection, transaction

from commerce.events import outbox
from commerce.events.base import FACTS, Event
from workers import mail
from workers.jobs import Context, Fact, Handler, Permanent
from workers.letters import Letter
from workers.tests.chaos import points


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck(Event):
    """Something happened to `key`. `how` is the trouble that its handlers make; `n` names it in the test."""

    name: ClassVar[str] = "chaos.struck"
    aggregate: ClassVar[tuple[str, str]] = ("chaos", "key")
    key: str
    n: int
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StruckAgain(Struck):
    """The same fact in its next version."""

    version: ClassVar[int] = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard(Struck):
    """A fact that only newer code knows."""

    name: ClassVar[str] = "chaos.unheard"
    version: ClassVar[int] = 1


def record(fact: Struck) -> None:
    """Record one of these facts and commit. They are declared only meanwhile: the shop has no such facts."""
    with patch.dict(FACTS._known, {fact.name: type(fact)}), transaction.atomic():
        outbox.record(fact)


def leave_effect(fact: Fact, context: Context) -> None:
    """Write one row per run. The table takes duplicates: a unique one would hide them as retries."""
    points.reach("begin")
    _trouble(fact, context)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO chaos_effect (handler, n, key) VALUES (%s, %s, %s)",
            [context.handler, fact.payload["n"], fact.payload["key"]],
        )
    points.reach("effect")


def call_outside(fact: Fact, context: Context) -> None:
    """Tell the outside world, which no transaction takes back: a file."""
    points.reach("begin")
    _trouble(fact, context)
    line = json.dumps({"n": fact.payload["n"], "key": str(context.idempotency_key)})
    with outside(Path(os.environ[points.FOLDER])).open("a") as world:
        world.write(line + "\n")
    points.reach("effect")


def write_mail(fact: Fact, context: Context) -> None:
    """Write a mail, as the shop's own handlers do."""
    points.reach("begin")
    letter = Letter(
        kind="webhook_disabled",  # any that needs no order
        order_id=None,
        to="desk@maru.example",
        language="en",
        subject=f"struck {fact.payload['n']}",
        context={"headline": "Struck", "shop": {"brand": "Maru"}, "endpoint": {"name": fact.payload["key"]}},
    )
    mail.send_once(letter=letter, key=context.idempotency_key, now=context.now)
    points.reach("effect")


def outside(folder: Path) -> Path:
    """Return where calls to the outside world are written down."""
    return folder / "outside.jsonl"


def _trouble(fact: Fact, context: Context) -> None:
    """Make the trouble that the fact asks for, if any."""
    if trouble := _TROUBLES.get(fact.payload["how"]):
        trouble(context)


def _fail(_context: Context) -> None:
    raise RuntimeError("always")


def _fail_for_good(_context: Context) -> None:
    raise Permanent("never again")


def _fail_twice(context: Context) -> None:
    if context.attempt < 3:
        raise RuntimeError("not yet")


def _spin(_context: Context) -> None:
    while True:
        time.sleep(0.01)


def _sleep_in_sql(_context: Context) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(3600)")


def _die(_context: Context) -> None:
    os.killpg(0, signal.SIGKILL)


_TROUBLES: dict[str, Callable[[Context], None]] = {
    "poison": _fail,
    "permanent": _fail_for_good,
    "flaky": _fail_twice,
    "slow": lambda _context: time.sleep(0.2),
    "spin": _spin,
    "sleep": lambda _context: time.sleep(3600),
    "sleep in SQL": _sleep_in_sql,
    "die": _die,
}


DB = Handler(name="chaos.db", function=leave_effect, queue="db", kind="db", max_attempts=5, timeout=2)
ORDERED = Handler(
    name="chaos.ordered",
    function=leave_effect,
    queue="db",
    kind="db",
    max_attempts=5,
    timeout=2,
    ordered=True,
)
OUTSIDE = Handler(
    name="chaos.outside", function=call_outside, queue="io", kind="external", max_attempts=5, timeout=2
)
MAIL = Handler(name="chaos.mail", function=write_mail, queue="io", kind="external", max_attempts=5, timeout=8)
HASTY = Handler(name="chaos.hasty", function=leave_effect, queue="db", kind="db", max_attempts=2, timeout=1)
# What nobody may do: the effect commits by itself, the done mark after it.
SPLIT = Handler(
    name="chaos.split", function=leave_effect, queue="db", kind="external", max_attempts=5, timeout=2
)
CATALOGUE = {handler.name: handler for handler in (DB, ORDERED, OUTSIDE, MAIL, HASTY, SPLIT)}
