"""The fake provider and the real client before a local PortOne V2, paid at in the same way."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from portone_server_sdk import PaymentClient

from commerce.payments.gateway import (
    BankAccount,
    Gateway,
)
from commerce.payments.portone import PortOne
from commerce.payments.states import PaymentState
from commerce.tests.fakes import FakeGateway
from tools.portone_sandbox.config import Config
from tools.portone_sandbox.server import Server

ID, AMOUNT = "CONTRACT0001", 51_000
HANA = BankAccount(bank="KAKAO", number="3333012345678", holder="김하나")


class Provider:
    """A gateway, and a shopper who pays at its provider."""

    def __init__(self, gateway: Gateway, pay: Any, url: str = "") -> None:
        self.gateway = gateway
        self.pay = pay
        self.url = url

    def pull(self, lever: str, **how: Any) -> None:
        """Let something happen at the local PortOne."""
        answer = httpx.post(f"{self.url}/_sandbox/{lever}", json=how, trust_env=False)
        assert answer.status_code == 200, answer.text


@pytest.fixture(params=["fake", "portone"])
def provider(request: pytest.FixtureRequest, settings: Any) -> Iterator[Provider]:
    """Each promise is tried on both."""
    if request.param == "fake":
        fake = FakeGateway()
        yield Provider(fake, lambda **how: _pay_in_memory(fake, **how))
        return
    server = Server(
        Config(
            api_secret=settings.PORTONE_API_SECRET,
            store_id=settings.PORTONE_STORE_ID,
            channel_key=settings.PORTONE_CHANNEL_KEY,
            webhook_secret=settings.PORTONE_WEBHOOK_SECRET,
            webhook_url="http://127.0.0.1:9/",
            port=0,
            time_scale=0.001,
        )
    )
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = server.sandbox.config.base_url
    client = PaymentClient(
        secret=settings.PORTONE_API_SECRET, base_url=url, store_id=settings.PORTONE_STORE_ID
    )
    yield Provider(PortOne(client), lambda **changes: _pay(url, settings, **changes), url)
    server.shutdown()
    server.stop()


def _pay_in_memory(
    fake: FakeGateway,
    *,
    payment_id: str = ID,
    action: str = "approve",
    method: str = "CARD",
    manual: bool = False,
) -> str:
    order: Any = SimpleNamespace(payment=SimpleNamespace(payment_id=payment_id), total=AMOUNT)
    if manual:
        return fake.authenticate(order)
    account = {"bank": "SHINHAN", "number": "56211905874893"} if method == "VIRTUAL_ACCOUNT" else {}
    state = PaymentState.AWAITING_DEPOSIT if action == "issue" else PaymentState.PAID
    fake.says(order, state, account=account)
    return ""


def _pay(
    url: str,
    settings: Any,
    *,
    payment_id: str = ID,
    action: str = "approve",
    method: str = "CARD",
    manual: bool = False,
) -> str:
    """Press a button of the window; return the token to confirm with, of a channel with manual approval."""
    httpx.post(f"{url}/_sandbox/faults", json={"manualApproval": manual}, trust_env=False)
    wanted = {
        "storeId": settings.PORTONE_STORE_ID,
        "channelKey": settings.PORTONE_CHANNEL_KEY,
        "paymentId": payment_id,
        "orderName": "찻잔",
        "totalAmount": AMOUNT,
        "currency": "KRW",
        "payMethod": method,
        "redirectUrl": "http://127.0.0.1:9/",
    }
    answer = httpx.post(f"{url}/_sandbox/pay", json={"request": wanted, "action": action}, trust_env=False)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["result"].get("paymentToken", ""))


portone_only = pytest.mark.parametrize("provider", ["portone"], indirect=True)
