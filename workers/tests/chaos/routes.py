"""Which handlers of the story a process knows: `CHAOS_HANDLERS`, names with commas."""

import os

from commerce.events.base import fact, registry
from commerce.events.upcasting import upcast
from workers.jobs import Handler
from workers.tests.chaos.story import CATALOGUE, Struck, StruckAgain, Unheard


def handlers() -> dict[str, Handler]:
    """Return the handlers by name."""
    return {name: CATALOGUE[name] for name in os.environ["CHAOS_HANDLERS"].split(",")}


def routes() -> dict[str, tuple[Handler, ...]]:
    """Return the routes of the story."""
    known = {name: tuple(handlers().values()) for name in (Struck.name, Unheard.name) if name in registry()}
    return {Unheard.name: ()} | known if "known types" in os.environ.get("CHAOS_WITHOUT", "") else known


def learn() -> None:
    """Be a process of the next release, if we are one: it knows the next version and a further type."""
    if os.environ.get("CHAOS_RELEASE") == "next":
        Struck.version = StruckAgain.version
        upcast(Struck.name, 1)(lambda payload: payload)
        fact(Unheard)
