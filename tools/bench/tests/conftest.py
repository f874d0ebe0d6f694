"""The workers' real servers: what is measured commits, too."""

from workers.tests.conftest import committed, database, valkey, valkey_server

__all__ = ["committed", "database", "valkey", "valkey_server"]
