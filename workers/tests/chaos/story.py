"""The fact that fault tests record, and the handlers that react to it as its payload says."""

import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from django.db import connection

from commerce.events.base import Event
from workers.jobs import Context, Fact, Handler, Permanent
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


def outside(folder: Path) -> Path:
    """Return where calls to the outside world are written down."""
    return folder / "outside.jsonl"


def _trouble(fact: Fact, context: Context) -> None:
    match fact.payload["how"]:
        case "poison":
            raise RuntimeError("always")
        case "permanent":
            raise Permanent("never again")
        case "flaky" if context.attempt < 3:
            raise RuntimeError("not yet")
        case "spin":
            while True:
                time.sleep(0.01)
        case "slow":
            time.sleep(0.2)
        case "sleep":
            time.sleep(3600)
        case "sleep in SQL":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(3600)")
        case "die":
            os.killpg(0, signal.SIGKILL)


DB = Handler(name="chaos.db", function=leave_effect, queue="db", kind="db", max_attempts=5, timeout=2)
ORDERED = Handler(
    name="chaos.ordered", function=leave_effect, queue="db", kind="db", max_attempts=5, timeout=2, ordered=True
)
OUTSIDE = Handler(
    name="chaos.outside", function=call_outside, queue="io", kind="external", max_attempts=5, timeout=2
)
# What nobody may do: the effect commits by itself, the done mark after it.
SPLIT = Handler(
    name="chaos.split", function=leave_effect, queue="db", kind="external", max_attempts=5, timeout=2
)
CATALOGUE = {handler.name: handler for handler in (DB, ORDERED, OUTSIDE, SPLIT)}
