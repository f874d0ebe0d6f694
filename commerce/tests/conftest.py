"""What every test of the shop starts from."""

import pytest
from django.core.cache import cache

from commerce.payments import portone
from commerce.tests.fakes import FakeGateway


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
