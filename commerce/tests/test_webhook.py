"""PortOne's door: real signatures, exact answers, and nothing kept of a forgery."""

import base64
import hashlib
import hmac
import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from portone_server_sdk import webhook

from commerce.events.models import OutboxEvent
from commerce.orders.models import Order
from commerce.orders.states import Status
from commerce.payments import portone_notices
from commerce.payments.models import PaymentNotice
from commerce.tests.factories import order

pytestmark = pytest.mark.django_db

URL = "/webhooks/portone/"
VECTOR_TIME = 1735689600
VECTOR_BODY = (
    '{"type":"Transaction.Paid","timestamp":"2025-01-01T00:00:00.000Z",'
    '"data":{"storeId":"store-test","paymentId":"ORD20250101ABC123","transactionId":"tx-1"}}'
)
VECTOR_SIGNATURE = "v1,/1O5FfwQmACxTuw1/4OwNwfZy+bZ5KZy7UKAc1u9+uI="


def sign(body: str, *, notice_id: str, at: int, secret: str = "") -> str:
    """Sign as Standard Webhooks do."""
    key = base64.b64decode((secret or settings.PORTONE_WEBHOOK_SECRET).removeprefix("whsec_"))
    digest = hmac.new(key, f"{notice_id}.{at}.{body}".encode(), hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def body(payment_id: str, kind: str = "Transaction.Paid", **data: str) -> str:
    """Return what PortOne sends."""
    values = {"storeId": settings.PORTONE_STORE_ID, "paymentId": payment_id, "transactionId": "tx-1"} | data
    return json.dumps({"type": kind, "timestamp": "2026-11-24T03:00:00.000Z", "data": values})


def send(
    client: Client,
    text: str,
    *,
    notice_id: str = "wh_1",
    at: int | None = None,
    signature: str | None = None,
    secret: str = "",
) -> Any:
    """Post a body with its signature."""
    at = int(time.time()) if at is None else at
    signature = sign(text, notice_id=notice_id, at=at, secret=secret) if signature is None else signature
    headers = {"webhook-id": notice_id, "webhook-timestamp": str(at), "webhook-signature": signature}
    return client.post(URL, text, content_type="application/json", headers=headers)


def kept() -> list[tuple[str, str, str]]:
    """Return the notices that were kept."""
    return list(PaymentNotice.objects.order_by("pk").values_list("notice_id", "kind", "payment_id"))


def noticed() -> int:
    """Return how many facts tell the workers to look."""
    return OutboxEvent.objects.filter(type="payment.noticed").count()


def refused(answer: Any, status: int, kind: str) -> None:
    """Check the answer, and that nothing was kept."""
    assert (answer.status_code, answer.json()) == (status, {"type": kind})
    assert kept() == []
    assert noticed() == 0


def test_our_signature_is_the_published_one() -> None:
    assert sign(VECTOR_BODY, notice_id="wh_1", at=VECTOR_TIME) == VECTOR_SIGNATURE


def test_the_published_vector_is_accepted_at_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "time", SimpleNamespace(time=lambda: VECTOR_TIME))
    headers = {
        "webhook-id": "wh_1",
        "webhook-timestamp": str(VECTOR_TIME),
        "webhook-signature": VECTOR_SIGNATURE,
    }

    notice = portone_notices.read_notice(body=VECTOR_BODY, headers=headers)

    assert (notice.notice_id, notice.payment_id, notice.store_id) == (
        "wh_1",
        "ORD20250101ABC123",
        "store-test",
    )


def test_a_signed_notice_is_kept_and_told_to_the_workers(client: Client) -> None:
    placed = order()

    answer = send(client, body(placed.payment.payment_id))

    assert (answer.status_code, answer.json()) == (200, {"status": "kept"})
    assert kept() == [("wh_1", "WebhookTransactionPaid", placed.payment.payment_id)]
    (event,) = OutboxEvent.objects.filter(type="payment.noticed")
    assert event.payload["payment_id"] == placed.payment.payment_id


def test_a_notice_alone_is_not_believed(client: Client) -> None:
    placed = order()

    send(client, body(placed.payment.payment_id))

    assert Order.objects.get().status == Status.PLACED


def test_the_same_notice_again_changes_nothing(client: Client) -> None:
    placed = order()
    send(client, body(placed.payment.payment_id))

    answer = send(client, body(placed.payment.payment_id), at=int(time.time()) + 5)

    assert (answer.status_code, answer.json()) == (200, {"status": "known"})
    assert len(kept()) == 1
    assert noticed() == 1


def test_twin_without_the_unique_key_the_same_notice_counts_twice(client: Client) -> None:
    placed = order()
    with connection.schema_editor() as editor:  # rolled back with the test
        editor.remove_constraint(PaymentNotice, PaymentNotice._meta.constraints[0])
    send(client, body(placed.payment.payment_id))

    send(client, body(placed.payment.payment_id), at=int(time.time()) + 5)

    assert len(kept()) == 2
    assert noticed() == 2


def test_one_good_signature_among_several_is_enough(client: Client) -> None:
    placed, at = order(), int(time.time())
    text = body(placed.payment.payment_id)
    good = sign(text, notice_id="wh_1", at=at)

    answer = send(client, text, at=at, signature=f"v1,{base64.b64encode(b'x' * 32).decode()} {good}")

    assert answer.status_code == 200
    assert noticed() == 1


def test_an_unsigned_notice_is_refused(client: Client) -> None:
    placed = order()

    answer = client.post(URL, body(placed.payment.payment_id), content_type="application/json")

    refused(answer, 400, "SIGNATURE")


@pytest.mark.parametrize(
    "signature",
    ["", "v1,", "v1,AAAA", "nonsense", "v2,/1O5FfwQmACxTuw1/4OwNwfZy+bZ5KZy7UKAc1u9+uI=", "v1,한글"],
)
def test_a_forged_notice_is_refused(client: Client, signature: str) -> None:
    placed = order()

    refused(send(client, body(placed.payment.payment_id), signature=signature), 400, "SIGNATURE")


def test_a_signature_with_another_key_is_refused(client: Client) -> None:
    placed = order()
    other = "whsec_" + base64.b64encode(b"somebody else's webhook secret!!").decode()

    refused(send(client, body(placed.payment.payment_id), secret=other), 400, "SIGNATURE")


def test_a_changed_body_is_refused(client: Client) -> None:
    placed, at = order(), int(time.time())
    text = body(placed.payment.payment_id)
    signature = sign(text, notice_id="wh_1", at=at)

    refused(send(client, text.replace("tx-1", "tx-2"), at=at, signature=signature), 400, "SIGNATURE")


def test_a_signature_for_another_notice_is_refused(client: Client) -> None:
    placed, at = order(), int(time.time())
    text = body(placed.payment.payment_id)
    signature = sign(text, notice_id="wh_1", at=at)

    refused(send(client, text, notice_id="wh_2", at=at, signature=signature), 400, "SIGNATURE")


@pytest.mark.parametrize("off", [-301, -3600, 301, 3600])
def test_an_old_or_future_notice_is_refused(client: Client, off: int) -> None:
    placed = order()

    refused(send(client, body(placed.payment.payment_id), at=int(time.time()) + off), 400, "SIGNATURE")


def test_the_published_vector_is_too_old_by_now(client: Client) -> None:
    refused(send(client, VECTOR_BODY, at=VECTOR_TIME, signature=VECTOR_SIGNATURE), 400, "SIGNATURE")


@pytest.mark.parametrize("off", [-295, 295])
def test_a_clock_may_be_a_little_wrong(client: Client, off: int) -> None:
    placed = order()

    answer = send(client, body(placed.payment.payment_id), at=int(time.time()) + off)

    assert answer.status_code == 200


def test_an_unknown_kind_is_kept_for_later(client: Client) -> None:
    placed = order()

    answer = send(client, body(placed.payment.payment_id, "Transaction.SomethingNew"))

    assert (answer.status_code, answer.json()) == (200, {"status": "kept"})
    assert kept() == [("wh_1", "Transaction.SomethingNew", placed.payment.payment_id)]
    assert noticed() == 1


def test_a_payment_that_is_not_ours_is_kept_but_told_to_nobody(client: Client) -> None:
    answer = send(client, body("NotOurs0"))

    assert (answer.status_code, answer.json()) == (200, {"status": "kept"})
    assert kept()[0][2] == "NotOurs0"
    assert noticed() == 0


def test_another_store_is_ignored(client: Client) -> None:
    placed = order()

    answer = send(client, body(placed.payment.payment_id, storeId="store-of-somebody-else"))

    assert (answer.status_code, answer.json()) == (200, {"status": "ignored"})
    assert kept() == []
    assert noticed() == 0


@pytest.mark.parametrize("text", ["", "not json", "[]", "17", '"text"', "null", "{"])
def test_signed_nonsense_is_refused(client: Client, text: str) -> None:
    refused(send(client, text), 400, "UNREADABLE")


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"type": 5}',
        '{"type": "Transaction.Paid"}',
        '{"type": "X", "data": 3}',
        f'{{"type": "{"X" * 61}"}}',
        '{"type": "a\\u0000b", "data": {"paymentId": "a\\u0000b"}}',
        '{"type": "X", "data": {"paymentId": null, "storeId": null}}',
    ],
)
def test_signed_objects_without_sense_are_never_an_error_of_ours(client: Client, text: str) -> None:
    answer = send(client, text)

    assert answer.status_code in (200, 400)
    assert noticed() == 0


def test_a_huge_body_is_refused_unread(client: Client) -> None:
    refused(send(client, "x" * 100_001), 413, "TOO_LARGE")


@pytest.mark.parametrize("method", ["get", "put", "delete", "head"])
def test_only_post_is_answered(client: Client, method: str) -> None:
    assert getattr(client, method)(URL).status_code == 405


def test_no_csrf_token_is_needed() -> None:
    placed = order()

    assert send(Client(enforce_csrf_checks=True), body(placed.payment.payment_id)).status_code == 200
