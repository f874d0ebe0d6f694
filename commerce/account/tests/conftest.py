"""What the tests of the shop start from holds here as well."""

from commerce.tests.conftest import _nothing_remembered, committed, database, gateway, noon

__all__ = ["_nothing_remembered", "committed", "database", "gateway", "noon"]
