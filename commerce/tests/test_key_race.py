"""Eight equal requests at the same moment, on real connections. The twin has no claim, and orders more than once."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from commerce.checkout import idempotency
from commerce.checkout.idempotency import Claim
from commerce.checkout.models import IdempotencyKey
from commerce.orders.models import Order
from commerce.payments import portone
from commerce.tests.factories import NOW, product, shelf
from commerce.tests.fakes import FakeGateway
from commerce.tests.test_api import BODY
from commerce.tests.test_stock_race import BUYERS, at_once

pytestmark = pytest.mark.usefixtures("committed", "provider")


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every request find a provider."""
    fake = FakeGateway()
    monkeypatch.setattr(portone, "gateway", lambda: fake)
    return fake


def send() -> Any:
    """Send the same request as everybody."""
    return Client().post(
        "/api/v1/orders/",
        json.dumps(BODY),
        content_type="application/json",
        headers={"Idempotency-Key": "everybody"},
    )


def test_equal_requests_at_once_are_one_order() -> None:
    product(units=50)

    answers = at_once([send] * BUYERS)

    first = [one for one in answers if one.status_code == 201 and "Idempotent-Replayed" not in one]
    replayed = [one for one in answers if one.status_code == 201 and "Idempotent-Replayed" in one]
    waiting = [one for one in answers if one.status_code == 409]
    assert len(first) == 1
    assert len(first) + len(replayed) + len(waiting) == BUYERS
    assert {one.json()["number"] for one in first + replayed} == {Order.objects.get().number}
    assert {one.json()["code"] for one in waiting} <= {"idempotency_in_flight"}
    assert all(one["Retry-After"] == "1" for one in waiting)
    assert shelf() == (50, 2)

    after = send()
    assert (after.status_code, after["Idempotent-Replayed"]) == (201, "true")
    assert after.json() == first[0].json()


def test_twin_without_the_claim_orders_more_than_once(monkeypatch: pytest.MonkeyPatch) -> None:
    product(units=50)

    def everybody_may(**_: Any) -> Claim:
        return Claim(0, uuid.uuid4(), NOW)

    monkeypatch.setattr(idempotency, "claim", everybody_may)

    answers = at_once([send] * BUYERS)

    assert {one.status_code for one in answers} == {201}
    assert Order.objects.count() == BUYERS
    assert shelf() == (50, 2 * BUYERS)


def test_refusals_at_once_order_nothing_and_give_the_key_back() -> None:
    product(units=1)

    answers = at_once([send] * BUYERS)

    assert {one.status_code for one in answers} == {409}
    assert {one.json()["code"] for one in answers} <= {"out_of_stock", "idempotency_in_flight"}
    assert not Order.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert shelf() == (1, 0)
