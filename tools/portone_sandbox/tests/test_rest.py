"""The manners of the REST API: authentication, refusals, idempotency keys and ordered faults."""

import json
import socket
import threading
import time

import httpx
import pytest
from portone_server_sdk import PaymentClient, errors
from portone_server_sdk.payment import CancelledPayment, PaidPayment

from tools.portone_sandbox.tests.conftest import SECRET, STORE, Shop

KEY = '"0123456789abcdef"'


def test_a_wrong_secret_is_unauthorized(shop: Shop) -> None:
    shop.pay()
    stranger = PaymentClient(secret="wrong", base_url=shop.url, store_id=STORE)

    with pytest.raises(errors.UnauthorizedError):
        stranger.get_payment(payment_id="ORDER0001")
    with pytest.raises(errors.UnauthorizedError):
        stranger.cancel_payment(payment_id="ORDER0001", reason="변심")


def test_no_authorization_at_all_is_unauthorized(shop: Shop) -> None:
    answer = shop.http.get("/payments/ORDER0001")

    assert (answer.status_code, answer.json()["type"]) == (401, "UNAUTHORIZED")


def test_another_store_is_forbidden(shop: Shop) -> None:
    shop.pay()
    other = PaymentClient(secret=SECRET, base_url=shop.url, store_id="store-other")

    with pytest.raises(errors.ForbiddenError):
        other.get_payment(payment_id="ORDER0001")
    with pytest.raises(errors.ForbiddenError):
        other.cancel_payment(payment_id="ORDER0001", reason="변심")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"{", "JSON"),
        (b"[]", ""),
        (b"{}", "reason"),
        (b'{"reason": 1}', "reason"),
        (b'{"reason": "x", "amount": 10.0}', "amount"),
        (b'{"reason": "x", "amount": "10"}', "amount"),
        (b'{"reason": "x", "amount": null}', "amount"),
        (b'{"reason": "x", "skipWebhook": 1}', "skipWebhook"),
        (b'{"reason": "x", "refundAccount": {"bank": "SHINHAN"}}', "number"),
    ],
)
def test_a_malformed_body_is_an_invalid_request(shop: Shop, body: bytes, named: str) -> None:
    shop.pay()

    answer = shop.rest("POST", "/payments/ORDER0001/cancel", content=body)

    assert (answer.status_code, answer.json()["type"]) == (400, "INVALID_REQUEST")
    assert named in answer.json()["message"]


@pytest.mark.parametrize(
    ("method", "path", "status", "type"),
    [
        ("GET", "/billing-keys/any", 404, "BILLING_KEY_NOT_FOUND"),
        ("DELETE", "/billing-keys/any", 404, "BILLING_KEY_NOT_FOUND"),
        ("POST", "/payments/ORDER0001/billing-key", 404, "BILLING_KEY_NOT_FOUND"),
        ("POST", "/payments/ORDER0001/escrow/logistics", 404, "PAYMENT_NOT_FOUND"),
        ("PATCH", "/payments/ORDER0001/escrow/logistics", 404, "PAYMENT_NOT_FOUND"),
        ("POST", "/payments/ORDER0001/escrow/complete", 404, "PAYMENT_NOT_FOUND"),
        ("POST", "/payments/ORDER0001/instant", 400, "INVALID_REQUEST"),
        ("GET", "/payments-by-cursor", 400, "INVALID_REQUEST"),
        ("DELETE", "/payments/ORDER0001", 400, "INVALID_REQUEST"),
    ],
)
def test_what_the_sandbox_leaves_out_still_answers_in_structure(
    shop: Shop, method: str, path: str, status: int, type: str
) -> None:
    answer = shop.rest(method, path)

    assert (answer.status_code, answer.json()["type"]) == (status, type)


def test_a_repeated_key_replays_the_first_answer(shop: Shop, client: PaymentClient) -> None:
    shop.pay()

    def cancel(amount: int, key: str = KEY) -> httpx.Response:
        body = {"reason": "변심", "amount": amount}
        return shop.rest("POST", "/payments/ORDER0001/cancel", json=body, headers={"Idempotency-Key": key})

    first, again, other = cancel(1000), cancel(1000), cancel(1000, '"another-key-000001"')

    assert first.status_code == again.status_code == other.status_code == 200
    assert first.content == again.content != other.content
    assert client.get_payment(payment_id="ORDER0001").amount.cancelled == 2000  # type: ignore[union-attr]


def test_a_refusal_is_replayed_too(shop: Shop) -> None:
    def cancel() -> httpx.Response:
        return shop.rest(
            "POST", "/payments/ORDER0001/cancel", json={"reason": "변심"}, headers={"Idempotency-Key": KEY}
        )

    before = cancel()
    shop.pay()

    assert cancel().content == before.content
    assert before.json()["type"] == "PAYMENT_NOT_FOUND"


def test_a_key_belongs_to_its_caller(shop: Shop, client: PaymentClient) -> None:
    shop.pay()
    body, key = {"reason": "변심"}, {"Idempotency-Key": KEY}

    stranger = shop.rest(
        "POST", "/payments/ORDER0001/cancel", json=body, headers=key | {"Authorization": "PortOne wrong"}
    )
    owner = shop.rest("POST", "/payments/ORDER0001/cancel", json=body, headers=key)

    assert (stranger.status_code, owner.status_code) == (401, 200)
    assert isinstance(client.get_payment(payment_id="ORDER0001"), CancelledPayment)


def test_a_key_in_flight_is_outstanding(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.pay()
    entered, leave = threading.Event(), threading.Event()
    cancel = type(shop.sandbox).cancel

    def slow(*arguments: object) -> object:
        entered.set()
        assert leave.wait(5)
        return cancel(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(type(shop.sandbox), "cancel", slow)
    answers: list[httpx.Response] = []

    def send() -> None:
        body = {"reason": "변심"}
        answers.append(
            shop.rest("POST", "/payments/ORDER0001/cancel", json=body, headers={"Idempotency-Key": KEY})
        )

    first = threading.Thread(target=send)
    first.start()
    assert entered.wait(5)
    send()
    leave.set()
    first.join()

    assert [one.status_code for one in answers] == [409, 200]
    assert answers[0].json()["type"] == "IDEMPOTENCY_OUTSTANDING_REQUEST"


@pytest.mark.parametrize("key", ["0123456789abcdef", '"short"', '"' + "x" * 257 + '"'])
def test_a_malformed_key_is_refused(shop: Shop, client: PaymentClient, key: str) -> None:
    shop.pay()

    answer = shop.rest(
        "POST", "/payments/ORDER0001/cancel", json={"reason": "변심"}, headers={"Idempotency-Key": key}
    )

    assert (answer.status_code, answer.json()["type"]) == (400, "INVALID_REQUEST")
    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)


def test_ordered_bad_gateways_are_html_and_end(shop: Shop, client: PaymentClient) -> None:
    shop.pay()
    shop.faults(badGateways=2)

    for _ in range(2):
        with pytest.raises(json.JSONDecodeError):
            client.get_payment(payment_id="ORDER0001")

    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)


def test_an_unanswered_call_did_nothing(shop: Shop, client: PaymentClient) -> None:
    shop.pay()
    shop.faults(timeouts=1, timeoutSeconds=0)

    with pytest.raises(httpx.TransportError):
        client.cancel_payment(payment_id="ORDER0001", reason="변심")

    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)


def test_an_unanswered_call_may_have_done_its_work(shop: Shop, client: PaymentClient) -> None:
    shop.pay()
    shop.faults(timeouts=1, timeoutSeconds=0, timeoutAfterWork=True)

    with pytest.raises(httpx.TransportError):
        client.cancel_payment(payment_id="ORDER0001", reason="변심")

    assert isinstance(client.get_payment(payment_id="ORDER0001"), CancelledPayment)


def test_an_unanswered_call_hangs_until_the_client_gives_up(shop: Shop) -> None:
    shop.pay()
    shop.faults(timeouts=1, timeoutSeconds=2)

    with pytest.raises(httpx.ReadTimeout):
        shop.rest("GET", "/payments/ORDER0001", timeout=0.2)


def test_latency_is_added_to_the_api_only(shop: Shop) -> None:
    shop.pay()
    shop.faults(latencyMs=200)

    started = time.monotonic()
    shop.rest("GET", "/payments/ORDER0001")
    slow = time.monotonic() - started
    started = time.monotonic()
    shop.http.get("/v2/browser-sdk.js")
    quick = time.monotonic() - started

    assert slow >= 0.2
    assert quick < 0.15


@pytest.mark.parametrize(
    "wanted", [{"nonsense": 1}, {"latencyMs": "5"}, {"latencyMs": -1}, {"cancelMode": "X"}]
)
def test_an_unknown_fault_changes_nothing(shop: Shop, wanted: dict[str, object]) -> None:
    before = shop.http.get("/_sandbox/faults").json()

    answer = shop.http.post("/_sandbox/faults", json={"badGateways": 3} | wanted)

    assert answer.status_code == 400
    assert shop.http.get("/_sandbox/faults").json() == before


def test_a_foreign_host_name_is_refused(shop: Shop) -> None:
    answer = shop.http.get("/console", headers={"Host": "rebound.example"})

    assert answer.status_code == 421


def test_a_huge_body_is_refused(shop: Shop) -> None:
    head = b"POST /v2/prepare HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000001\r\n\r\n"
    with socket.create_connection(("127.0.0.1", shop.sandbox.config.port), timeout=5) as connection:
        connection.sendall(head)
        answer = connection.recv(100)

    assert answer.startswith(b"HTTP/1.1 413 ")
