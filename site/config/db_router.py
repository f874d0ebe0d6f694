"""Which database is asked: the primary, unless a page may as well be read from the replica.

The rule is narrow on purpose: splitting reads and writes everywhere is how shops oversell. Only a request that
`config.replica.ReplicaMiddleware` marked asks the replica, only for what the shop window shows, and only until the
request writes anything. Workers, commands, the cart, the order sheet, accounts, orders and the admin never do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

REPLICA = "read_replica"
# Models that the shop window is made of. A new noun is read from the primary until somebody adds it here.
WINDOW = ("commerce.catalog.", "commerce.shipping.", "cms.models.", "wagtail.", "taggit.")


@dataclass(slots=True)
class Reading:
    """A request that may ask the replica: whether it did, and whether it wrote meanwhile."""

    used: bool = False
    written: bool = False


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading() -> Iterator[Reading]:
    """Let what happens in the block ask the replica."""
    marked = Reading()
    token = _reading.set(marked)
    try:
        yield marked
    finally:
        _reading.reset(token)


@contextmanager
def primary_only() -> Iterator[None]:
    """Let what happens in the block ask the primary alone."""
    token = _reading.set(None)
    try:
        yield
    finally:
        _reading.reset(token)


class ReadWriteRouter:
    """Writes go to the primary; reads too, but for the shop window of a request that is marked."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        """Choose for one read. Hints are not followed: an object of the replica leads nobody back to it."""
        marked = _reading.get()
        if marked is None or marked.written or not model.__module__.startswith(WINDOW):
            return DEFAULT_DB_ALIAS
        if connections[DEFAULT_DB_ALIAS].in_atomic_block:
            return DEFAULT_DB_ALIAS  # what a transaction decides upon it reads where it writes
        marked.used = True
        return REPLICA

    def db_for_write(self, model: type[Model], **_hints: Any) -> str:
        """Choose the primary, and let the rest of the request read there too."""
        marked = _reading.get()
        if marked is not None:
            marked.written = True
        return DEFAULT_DB_ALIAS

    def allow_relation(self, _one: Model, _other: Model, **_hints: Any) -> bool:
        """Allow: both databases hold the same rows."""
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool | None:
        """Refuse to change the replica's schema: it follows by itself."""
        return False if db == REPLICA else None
