from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from cms.tests import desk
from cms.tests.factories import Shop
from commerce.catalog.models import Variant
from commerce.payments import portone


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Let no test see what another one cached."""
    cache.clear()


@pytest.fixture
def shop(db: None) -> Shop:
    return Shop()


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> desk.Provider:
    """The payment provider that the back office asks."""
    provider = desk.Provider()
    monkeypatch.setattr(portone, "gateway", lambda: provider)
    return provider


@pytest.fixture
def cups(db: None) -> Variant:
    """Ten cups on the shelf."""
    return desk.variant()


@pytest.fixture
def sign_in(client: Client) -> Callable[..., Client]:
    """Sign somebody in and return their browser, in Korean."""

    def as_(email: str = "staff@maru.example", **who: object) -> Client:
        client.force_login(desk.person(email, **who))
        return client

    return as_


@pytest.fixture
def staff(sign_in: Callable[..., Client], cups: Variant) -> Client:
    """A member of the group Staff."""
    return sign_in(group="Staff", first_name="박하나")
