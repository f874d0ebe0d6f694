"""A real sandbox on a free port, the official SDK pointed at it, and a shop that hears its webhooks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from portone_server_sdk import PaymentClient

from tools.portone_sandbox.config import Config
from tools.portone_sandbox.server import Server
from tools.portone_sandbox.tests.receiver import Receiver

SECRET = "sandbox-api-secret"
STORE = "store-11111111-1111-4111-8111-111111111111"
CHANNEL = "channel-key-22222222-2222-4222-8222-222222222222"
WEBHOOK_SECRET = "whsec_cG9ydG9uZS1zYW5kYm94LXdlYmhvb2stc2VjcmV0ISE="
RETURN_URL = "http://127.0.0.1:8000/checkout/return/?order=7"


@contextmanager
def running(*, webhook_url: str, **changes: Any) -> Iterator[Server]:
    """Serve a sandbox for the length of the block."""
    settings: dict[str, Any] = {
        "api_secret": SECRET,
        "store_id": STORE,
        "channel_key": CHANNEL,
        "webhook_secret": WEBHOOK_SECRET,
        "webhook_url": webhook_url,
        "port": 0,
        "time_scale": 0.001,
    }
    server = Server(Config(**settings | changes))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.stop()


class Shop:
    """What tests do: open the window, press a button, ask the API, pull a lever."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.sandbox = server.sandbox
        self.url = server.sandbox.config.base_url
        self.http = httpx.Client(base_url=self.url, timeout=10, trust_env=False)

    def request(self, payment_id: str = "ORDER0001", **changes: Any) -> dict[str, Any]:
        return {
            "storeId": STORE,
            "channelKey": CHANNEL,
            "paymentId": payment_id,
            "orderName": "달항아리 외 1건",
            "totalAmount": 12000,
            "currency": "KRW",
            "payMethod": "CARD",
            "redirectUrl": RETURN_URL,
            "customer": {"fullName": "홍길동", "email": "hong@example.kr", "phoneNumber": "01012345678"},
        } | changes

    def pay(
        self, payment_id: str = "ORDER0001", action: str | None = "approve", **changes: Any
    ) -> dict[str, Any]:
        body = {"request": self.request(payment_id, **changes), **({"action": action} if action else {})}
        answer = self.http.post("/_sandbox/pay", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["result"])

    def lever(self, payment_id: str, verb: str, **body: Any) -> httpx.Response:
        return self.http.post(f"/_sandbox/payments/{payment_id}/{verb}", json=body)

    def faults(self, **wanted: Any) -> None:
        answer = self.http.post("/_sandbox/faults", json=wanted)
        assert answer.status_code == 200, answer.text

    def rest(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"PortOne {SECRET}"} | more.pop("headers", {})
        return self.http.request(method, path, headers=headers, **more)


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture(scope="session")
def _shop(receiver: Receiver) -> Iterator[Shop]:
    with running(webhook_url=receiver.url) as server:
        yield Shop(server)


@pytest.fixture(scope="session")
def client(_shop: Shop) -> PaymentClient:
    return PaymentClient(secret=SECRET, base_url=_shop.url, store_id=STORE)


@pytest.fixture
def shop(_shop: Shop, receiver: Receiver) -> Shop:
    _shop.sandbox.reset()
    receiver.clear()
    return _shop
