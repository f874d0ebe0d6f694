"""Signatures as Standard Webhooks publishes them, and the body that they protect."""

import base64
import json
import uuid

import pytest

from workers.jobs import Fact, Permanent
from workers.tests.factories import NOW
from workers.webhooks import catalogue, messages, signing

# The vector that the reference libraries of Standard Webhooks test themselves with
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = {
    "message_id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "timestamp": 1614265330,
    "body": b'{"test": 2432232314}',
}
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def fact(type_: str = "order.paid", **payload: object) -> Fact:
    return Fact(
        pk=1,
        event_id=uuid.UUID(int=7),
        type=type_,
        version=1,
        payload=payload,
        occurred_at=NOW,
        correlation_id=uuid.UUID(int=9),
        trace={},
    )


def test_the_published_vector():
    assert signing.signature(secret=SECRET, **MESSAGE) == SIGNATURE


@pytest.mark.parametrize(
    "changed", [{"message_id": "msg_other"}, {"timestamp": 1614265331}, {"body": b'{"test": 2432232315}'}]
)
def test_every_signed_part_counts(changed):
    assert signing.signature(secret=SECRET, **{**MESSAGE, **changed}) != SIGNATURE


def test_two_secrets_sign_side_by_side():
    other = signing.new_secret()

    both = signing.signatures(secrets=[other, SECRET], **MESSAGE)

    assert both.split(" ") == [signing.signature(secret=other, **MESSAGE), SIGNATURE]


def test_a_secret_is_32_random_bytes():
    one, two = signing.new_secret(), signing.new_secret()

    assert one != two
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32


@pytest.mark.parametrize("secret", ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64!"])
def test_a_broken_secret_is_refused_without_being_told(secret):
    with pytest.raises(ValueError, match="a webhook secret") as refusal:
        signing.signature(secret=secret, **MESSAGE)

    assert secret.removeprefix("whsec_") not in str(refusal.value)


def test_the_body_holds_type_time_and_listed_fields_only():
    message = messages.of_fact(
        fact=fact(order_id=3, number="20261124-1", total=89000, currency="KRW", email="hana@example.com"),
        message_id="m-1",
    )

    assert message.body == (
        b'{"type":"order.paid","timestamp":"2026-11-24T09:30:00Z",'
        b'"data":{"order_id":3,"number":"20261124-1","total":89000,"currency":"KRW"}}'
    )


@pytest.mark.parametrize(
    ("stored", "told"),
    [("not paid in time", "unpaid"), ("sold out", "sold_out"), ("customer 김하나 called", "other")],
)
def test_why_an_order_was_cancelled_is_a_word_and_never_what_a_person_wrote(stored, told):
    message = messages.of_fact(fact=fact("order.cancelled", order_id=3, reason=stored), message_id="m-1")

    assert json.loads(message.body)["data"] == {"order_id": 3, "reason": told}


@pytest.mark.parametrize("type_", sorted(catalogue.INTERNAL))
def test_internal_facts_never_leave(type_):
    with pytest.raises(Permanent, match="not for merchants"):
        messages.of_fact(fact=fact(type_), message_id="m-1")


def test_a_body_that_receivers_need_not_take_is_not_sent():
    skus = [f"SKU-{n:06d}" for n in range(2000)]

    with pytest.raises(Permanent, match="too much"):
        messages.of_fact(fact=fact("product.listed", product_key="k", skus=skus), message_id="m-1")


def test_the_trace_goes_along():
    stored = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    traced = Fact(
        **{name: getattr(fact(), name) for name in Fact.__slots__} | {"trace": {"traceparent": stored}}
    )

    headers = [
        messages.of_fact(fact=one, message_id="m-1").headers(secrets=[SECRET], now=NOW)
        for one in (traced, fact())
    ]

    assert headers[0]["traceparent"] == stored
    assert headers[1]["traceparent"] == f"00-{uuid.UUID(int=9).hex}-{uuid.UUID(int=7).hex[16:]}-00"
    assert headers[1]["webhook-timestamp"] == str(int(NOW.timestamp()))
