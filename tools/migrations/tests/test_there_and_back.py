"""Every migration of ours leads back and forward again, on empty tables; `make migrations` does it with a shop in them."""

import pytest
from django.core.management import call_command
from django.db import connection

from commerce.tests.conftest import committed, database  # noqa: F401 - fixtures
from tools.migrations import there_and_back
from tools.migrations.there_and_back import differences


def test_a_difference_is_told() -> None:
    assert differences({"indexes": {"a", "b"}}, {"indexes": {"b", "c"}}) == ["lost: a", "new: c"]


def test_the_newest_migration_of_each_app_leads_back(committed: None) -> None:  # noqa: F811
    before = there_and_back.schema()
    newest = {app: name for app, name in reversed(there_and_back._newest_first())}
    try:
        for app, name in newest.items():
            call_command("migrate", app, there_and_back._before(app, name), verbosity=0)
            assert (app, name) not in there_and_back._newest_first()
    finally:
        call_command("migrate", verbosity=0)
    assert differences(before, there_and_back.schema()) == []
