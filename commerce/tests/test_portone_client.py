"""What only the real client does: how long it waits, what it builds, what it does not know."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from portone_server_sdk import PaymentClient

from commerce.payments import portone, portone_answers
from commerce.payments.gateway import GatewayUnreachable
from commerce.payments.portone import PortOne
from commerce.payments.states import RefundState
from commerce.tests.gateways import AMOUNT, ID


def test_whom_nobody_answers_was_not_asked(settings: Any) -> None:
    client = PaymentClient(secret="x", base_url="http://127.0.0.1:9", store_id=settings.PORTONE_STORE_ID)

    with pytest.raises(GatewayUnreachable):
        PortOne(client).refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test")


def test_money_is_waited_for_longer_than_an_answer_to_a_question() -> None:
    portone._gateway.cache_clear()
    gateway = portone.gateway()

    money, look = gateway._client._sync_client.timeout, gateway._quick._sync_client.timeout

    assert (money.connect, money.read, look.connect, look.read) == (5, 60, 5, 10)


@pytest.mark.parametrize("ask", [portone.gateway, portone._gateway], ids=["locked", "twin"])
def test_threads_that_come_at_once_build_one_pair_of_clients(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[], PortOne]
) -> None:
    """The twin goes without the lock: several build."""
    portone._gateway.cache_clear()
    together, made = threading.Barrier(8), []

    def slow(seconds: float) -> float:
        made.append(seconds)
        with suppress(threading.BrokenBarrierError):
            together.wait(timeout=0.4)  # who is alone waits in vain
        return seconds

    monkeypatch.setattr(portone, "_client", slow)
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda _number: ask(), range(8)))
    portone._gateway.cache_clear()

    assert (len(made) == 2) == (ask is portone.gateway)


def test_a_cancellation_in_a_state_that_nobody_knows_is_waited_for() -> None:
    unknown = portone_answers.refund(
        {"id": "c-1", "status": "UNHEARD_OF", "totalAmount": 1_000, "reason": "x"}
    )

    assert (unknown.state, unknown.cancellation_id, unknown.amount) == (RefundState.PENDING, "c-1", 1_000)
