"""The workers' real servers: what is measured commits, too."""

import pytest

from tools.bench import goods
from workers.tests.conftest import committed, database, valkey, valkey_server

__all__ = ["committed", "database", "valkey", "valkey_server"]


@pytest.fixture
def emptied(committed):
    """Leave no goods behind."""
    yield
    goods.forget()
