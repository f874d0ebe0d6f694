"""Webhooks: signed as the SDK verifies, retried with the same id, delivered beside the API."""

import json
import time

import pytest
from portone_server_sdk import PaymentClient, errors, webhook

from tools.portone_sandbox import signing
from tools.portone_sandbox.tests.conftest import STORE, WEBHOOK_SECRET, Shop, running
from tools.portone_sandbox.tests.receiver import Receiver


def test_the_signature_is_that_of_the_standard() -> None:
    body = (
        '{"type":"Transaction.Paid","timestamp":"2025-01-01T00:00:00.000Z","data":'
        '{"storeId":"store-test","paymentId":"ORD20250101ABC123","transactionId":"tx-1"}}'
    )

    signature = signing.sign(secret=WEBHOOK_SECRET, id="wh_1", timestamp=1735689600, body=body)

    assert signature == "v1,/1O5FfwQmACxTuw1/4OwNwfZy+bZ5KZy7UKAc1u9+uI="


def test_opening_and_paying_tell_the_shop(shop: Shop, receiver: Receiver) -> None:
    result = shop.pay()

    receiver.wait(2)
    told = {type(one): one.data for one in receiver.verified(WEBHOOK_SECRET)}
    assert set(told) == {webhook.WebhookTransactionReady, webhook.WebhookTransactionPaid}
    paid = told[webhook.WebhookTransactionPaid]
    assert (paid.store_id, paid.payment_id, paid.transaction_id) == (STORE, "ORDER0001", result["txId"])


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("fail", webhook.WebhookTransactionFailed),
        ("cancel", webhook.WebhookTransactionFailed),
        ("issue", webhook.WebhookTransactionVirtualAccountIssued),
        ("tamper", webhook.WebhookTransactionPaid),
        ("approve_close", webhook.WebhookTransactionPaid),
    ],
)
def test_each_ending_has_its_type(shop: Shop, receiver: Receiver, action: str, expected: type) -> None:
    shop.pay(action=action)

    receiver.wait(2)
    assert {type(one) for one in receiver.verified(WEBHOOK_SECRET)} == {
        webhook.WebhookTransactionReady,
        expected,
    }


def test_the_payload_is_compact_and_complete(shop: Shop, receiver: Receiver) -> None:
    result = shop.pay(action=None)

    path, headers, body = receiver.wait(1)[0]
    told = json.loads(body)
    assert path == "/hook"
    assert headers["content-type"] == "application/json"
    assert set(told) == {"type", "timestamp", "data"}
    assert told["data"] == {"storeId": STORE, "paymentId": "ORDER0001", "transactionId": result["txId"]}


def test_a_failed_delivery_is_repeated_with_the_same_id_and_body(shop: Shop, receiver: Receiver) -> None:
    receiver.statuses += [500, 503]

    shop.pay(action=None)

    seen = receiver.wait(3)
    assert {headers["webhook-id"] for _, headers, _ in seen} == {seen[0][1]["webhook-id"]}
    assert {body for _, _, body in seen} == {seen[0][2]}
    assert len(receiver.verified(WEBHOOK_SECRET)) == 3
    receiver.stays_at(3)


def test_each_try_has_a_fresh_timestamp(receiver: Receiver) -> None:
    receiver.clear()
    receiver.statuses += [500]
    with running(webhook_url=receiver.url, time_scale=0.06) as server:  # the first retry within 3.6 s
        server.sandbox.courier._random.uniform = lambda low, high: high / 3  # type: ignore[method-assign]
        Shop(server).pay(action=None)
        first, second = receiver.wait(2)

    assert int(second[1]["webhook-timestamp"]) - int(first[1]["webhook-timestamp"]) in (1, 2)
    assert first[1]["webhook-signature"] != second[1]["webhook-signature"]
    assert len(receiver.verified(WEBHOOK_SECRET)) == 2


def test_the_schedule_is_five_retries_within_growing_waits(receiver: Receiver) -> None:
    receiver.clear()
    receiver.statuses += [500] * 10
    waits: list[tuple[float, float]] = []
    with running(webhook_url=receiver.url, time_scale=0.0001) as server:

        def longest(low: float, high: float) -> float:
            waits.append((low, high))
            return high

        server.sandbox.courier._random.uniform = longest  # type: ignore[method-assign]
        started = time.monotonic()
        Shop(server).pay(action=None)
        receiver.wait(6, seconds=8)
        took = time.monotonic() - started
        receiver.stays_at(6)
        [delivery] = server.sandbox.store.deliveries.values()

    assert waits == [(0, 1), (0, 4), (0, 16), (0, 64), (0, 256)]  # minutes, full jitter
    assert took >= (1 + 4 + 16 + 64 + 256) * 60 * 0.0001
    assert (delivery.status, len(delivery.tries)) == ("FAILED_NOT_OK_RESPONSE", 6)


def test_a_shop_that_is_away_hears_later(shop: Shop, client: PaymentClient, receiver: Receiver) -> None:
    away = "http://127.0.0.1:9/hook"

    shop.pay(action=None, noticeUrls=[away])
    time.sleep(0.1)

    sent = shop.http.get("/_sandbox/deliveries").json()["items"]
    assert sent[0]["status"] == "FAILED_UNEXPECTED_ERROR"
    assert "refused" in sent[0]["tries"][0]["error"]


def test_notice_urls_replace_the_address_of_the_console(shop: Shop, receiver: Receiver) -> None:
    shop.pay(action=None, noticeUrls=[f"{receiver.url}/one", f"{receiver.url}/two?x=1"])

    seen = receiver.wait(2)
    assert sorted(path for path, _, _ in seen) == ["/hook/one", "/hook/two?x=1"]
    assert len({headers["webhook-id"] for _, headers, _ in seen}) == 2
    receiver.stays_at(2)


def test_a_foreign_notice_url_is_never_called(shop: Shop, receiver: Receiver) -> None:
    shop.pay(action=None, noticeUrls=["http://shop.example/hook"])
    time.sleep(0.05)

    [sent] = shop.http.get("/_sandbox/deliveries").json()["items"]
    assert "not sent" in sent["tries"][0]["error"]


def test_duplicates_share_an_id_and_one_comes_under_another(shop: Shop, receiver: Receiver) -> None:
    shop.pay(action="approve_twice")

    seen = [one for one in receiver.wait(5) if "Transaction.Paid" in one[2]]
    ids = [headers["webhook-id"] for _, headers, _ in seen]
    assert sorted(ids.count(id) for id in set(ids)) == [1, 3]
    receiver.stays_at(5)


def test_a_delayed_webhook_comes_after_the_return(shop: Shop, receiver: Receiver) -> None:
    shop.faults(webhookDelaySeconds=400)  # × 0.001

    started = time.monotonic()
    shop.pay(action="approve_late")
    returned = time.monotonic() - started
    receiver.wait(2)

    assert returned < 0.3
    assert time.monotonic() - started >= 0.4
    assert receiver.types() == ["Ready", "Paid"]


def test_lost_webhooks_never_come(shop: Shop, receiver: Receiver) -> None:
    shop.faults(loseWebhooks=True)

    shop.pay()

    receiver.stays_at(0)


def test_a_slow_shop_does_not_hold_the_api(shop: Shop, client: PaymentClient) -> None:
    with running(webhook_url="http://127.0.0.1:9/") as other:
        slow = Shop(other)
        other.sandbox.courier._send = lambda delivery: time.sleep(1) or True  # type: ignore[method-assign,assignment,return-value,func-returns-value]
        started = time.monotonic()
        slow.pay()
        took = time.monotonic() - started

    assert took < 0.5


def test_resending_keeps_the_id_and_marks_the_trigger(
    shop: Shop, client: PaymentClient, receiver: Receiver
) -> None:
    shop.pay()
    receiver.wait(2)

    answer = client.resend_webhook(payment_id="ORDER0001").webhook

    seen = receiver.wait(3)
    assert seen[2][1]["webhook-id"] == answer.id
    assert "Transaction.Paid" in seen[2][2]
    assert (answer.trigger, answer.payment_status, answer.max_execution_count) == ("MANUAL", "PAID", 6)


def test_one_webhook_can_be_chosen_to_be_sent_again(
    shop: Shop, client: PaymentClient, receiver: Receiver
) -> None:
    shop.pay()
    receiver.wait(2)
    first = (client.get_payment(payment_id="ORDER0001").webhooks or [])[0]  # type: ignore[union-attr]

    client.resend_webhook(payment_id="ORDER0001", webhook_id=first.id)

    assert '"Transaction.Ready"' in receiver.wait(3)[2][2]


def test_resending_is_refused_for_what_does_not_exist(shop: Shop, client: PaymentClient) -> None:
    with pytest.raises(errors.PaymentNotFoundError):
        client.resend_webhook(payment_id="ORDER0001")
    shop.pay()
    with pytest.raises(errors.WebhookNotFoundError):
        client.resend_webhook(payment_id="ORDER0001", webhook_id="none")


def test_resending_has_an_end(shop: Shop, client: PaymentClient) -> None:
    shop.pay()
    for _ in range(10):
        client.resend_webhook(payment_id="ORDER0001")

    with pytest.raises(errors.MaxWebhookRetryCountReachedError):
        client.resend_webhook(payment_id="ORDER0001")


def test_a_forged_webhook_does_not_verify(shop: Shop, client: PaymentClient, receiver: Receiver) -> None:
    shop.pay()
    receiver.wait(2)

    shop.lever("ORDER0001", "forged-webhook")

    _, headers, body = receiver.wait(3)[2]
    with pytest.raises(webhook.WebhookVerificationError) as refusal:
        webhook.verify(WEBHOOK_SECRET, body, headers)
    assert refusal.value.reason == "NO_MATCHING_SIGNATURE"
    assert len(client.get_payment(payment_id="ORDER0001").webhooks or []) == 2  # type: ignore[union-attr]


def test_the_payment_shows_its_webhooks(shop: Shop, client: PaymentClient, receiver: Receiver) -> None:
    shop.pay()
    receiver.wait(2)
    time.sleep(0.05)

    sent = client.get_payment(payment_id="ORDER0001").webhooks or []  # type: ignore[union-attr]

    assert [(one.payment_status, one.status, one.current_execution_count) for one in sent] == [
        ("READY", "SUCCEEDED", 1),
        ("PAID", "SUCCEEDED", 1),
    ]
    assert sent[1].response is not None and sent[1].response.code == "200"
    assert sent[1].request is not None and '"Transaction.Paid"' in sent[1].request.body
