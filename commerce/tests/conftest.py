"""What every test of the shop starts from."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone

from commerce.payments import portone
from commerce.tests.factories import NOW
from commerce.tests.fakes import FakeGateway

# What a shopper's path writes; the first shipping method and people stay.
TABLES = (
    "commerce_cart",
    "commerce_order",
    "commerce_payment",
    "commerce_paymentnotice",
    "commerce_product",
    "commerce_variant",
    "commerce_stockitem",
    "commerce_outboxevent",
    "commerce_idempotencykey",
    "commerce_accountletter",
    "commerce_pointsaccount",
    "commerce_coupon",
)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Let no test see what another one cached."""
    cache.clear()


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    """A provider that the views speak to as well."""
    fake = FakeGateway()
    monkeypatch.setattr(portone, "gateway", lambda: fake)
    return fake


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be noon in Seoul for views as well."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture(scope="session")
def database(
    django_db_setup, django_db_blocker, django_db_keepdb: bool, django_db_createdb: bool
) -> Iterator[None]:
    """The test database. pytest-django makes it only for marked tests, and those that commit are not."""
    if str(connection.settings_dict["NAME"]).startswith("test_"):
        yield
        return
    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity=0,
            interactive=False,
            aliases={"default"},
            keepdb=django_db_keepdb and not django_db_createdb,
        )
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture
def committed(database, django_db_blocker) -> Iterator[None]:
    """Let the test commit, so that other connections see it, and remove what it left."""
    with django_db_blocker.unblock():
        _empty()
        yield
        connection.close()
        _empty()
        connection.close()


def _empty() -> None:
    assert str(connection.settings_dict["NAME"]).startswith("test_"), "only a test database is emptied"
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
