"""Shops for proofs: nothing happens in them but what a test does."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from e2e.proofs.books import Books
from tools.local.stack import Stack

WSGI = "config.wsgi:application"


@contextmanager
def a_shop(*, wsgi: str = WSGI, **env: str) -> Iterator[Books]:
    """Run a shop under gunicorn without worker and relay; `env` is added to its environment."""
    quiet = {"DEBUG": "0", "RELAY_KICK": "0"}
    with Stack(name="proofs", seed=False, wsgi=wsgi, background=False, env=quiet | env) as stack:
        books = Books(stack)
        try:
            yield books
        finally:
            books.close()


@pytest.fixture(scope="package")
def plain_shop() -> Iterator[Books]:
    """The shop as it is."""
    with a_shop() as books:
        yield books
