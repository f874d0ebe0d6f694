"""Orders for programs: the contract of docs/api.md, and bodies that nobody should send."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from commerce.cart.models import Cart
from commerce.catalog.models import Variant
from commerce.checkout import idempotency
from commerce.checkout.api import views
from commerce.checkout.models import IdempotencyKey
from commerce.orders.models import Order
from commerce.tests.factories import NOW, on_shelf, product, shelf, to_come
from commerce.tests.fakes import FakeGateway
from commerce.tests.shopping import nothing_ordered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
CONTACT = {
    "name": "김하나",
    "phone": "010-1234-5678",
    "email": "hana@example.com",
    "postcode": "03044",
    "address1": "서울 종로구 효자로 12",
    "address2": "3층",
}
BODY = {
    "lines": [{"sku": "CUP", "quantity": 2}],
    "contact": CONTACT,
    "method": "CARD",
    "expected_total": 51_000,
    "language": "en",
}


def send(client: Client, body: Any = BODY, *, key: str | None = "key-1") -> Any:
    """Send an order."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Idempotency-Key": key} if key is not None else {}
    return client.post("/api/v1/orders/", content, content_type="application/json", headers=headers)


def refused(answer: Any) -> tuple[int, str, str]:
    """Return status, code and parameter of a refusal, which must be whole."""
    body = answer.json()
    assert body["message"]
    assert body["type"] in ("invalid_request", "rate_limit_exceeded", "processing_error")
    return answer.status_code, body["code"], body.get("param", "")


def test_an_order_is_placed(client: Client, gateway: FakeGateway) -> None:
    product()

    answer = send(client)

    placed, said = Order.objects.get(), answer.json()
    assert answer.status_code == 201
    assert (said["number"], said["total"], said["shipping"]) == (placed.number, 51_000, 3_000)
    assert said["order_url"] == f"http://testserver/en/orders/{placed.token}/"
    assert said["payment_url"] == f"http://testserver/en/checkout/pay/{placed.token}/"
    assert (placed.name, placed.recipient_name, placed.phone) == ("김하나", "김하나", "01012345678")
    assert gateway.registered == [(placed.payment.payment_id, 51_000)]
    assert shelf() == (5, 2)
    assert not answer.cookies
    assert "Idempotent-Replayed" not in answer


def test_the_same_request_again_gets_the_same_answer(client: Client, gateway: FakeGateway) -> None:
    product()

    first = send(client)
    again = send(client, dict(reversed(BODY.items())))  # the same object, written otherwise

    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == 1
    assert shelf() == (5, 2)


def test_another_request_under_the_same_key_is_refused(client: Client, gateway: FakeGateway) -> None:
    product()
    send(client)

    assert refused(send(client, BODY | {"method": "TRANSFER"})) == (422, "idempotency_conflict", "")
    assert Order.objects.count() == 1


def test_another_key_is_another_order(client: Client, gateway: FakeGateway) -> None:
    product()

    numbers = {send(client, key=key).json()["number"] for key in ("one", "two")}

    assert len(numbers) == 2
    assert shelf() == (5, 4)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency_key_required"),
        ("", "idempotency_key_required"),
        ("  ", "idempotency_key_required"),
        ("x" * 256, "invalid_idempotency_key"),
        ("é", "invalid_idempotency_key"),
    ],
)
def test_a_key_is_needed(client: Client, key: str | None, code: str) -> None:
    product()

    assert refused(send(client, key=key)) == (400, code, "")
    nothing_ordered()
    assert not IdempotencyKey.objects.exists()


def test_while_the_first_is_under_way_the_second_must_wait(client: Client) -> None:
    product()
    text = json.dumps(BODY, ensure_ascii=False, sort_keys=True)
    idempotency.claim(
        scope="api-orders", key="key-1", fingerprint=idempotency.fingerprint(request=text), now=NOW
    )

    answer = send(client)

    assert refused(answer) == (409, "idempotency_in_flight", "")
    assert answer["Retry-After"] == "1"
    nothing_ordered()


def test_a_claim_whose_process_died_is_taken_over_and_finds_what_was_placed(
    client: Client, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    product()
    with monkeypatch.context() as dying:
        dying.setattr(idempotency, "keep", lambda **_: None)  # the order is placed, its answer is lost
        first = send(client)
    IdempotencyKey.objects.update(claimed_at=NOW - timedelta(minutes=2))

    again = send(client)

    assert (again.status_code, again.json()["number"]) == (201, first.json()["number"])
    assert Order.objects.count() == 1
    assert shelf() == (5, 2)


def test_a_key_may_be_used_again_after_its_day(client: Client, gateway: FakeGateway) -> None:
    product()
    first = send(client)
    IdempotencyKey.objects.update(expires_at=NOW)

    again = send(client)

    assert again.json()["number"] != first.json()["number"]
    assert IdempotencyKey.objects.count() == 1


def test_a_changed_total_is_told_and_not_kept(client: Client, gateway: FakeGateway) -> None:
    product()
    Variant.objects.update(price=26_000)

    answer = send(client)

    assert refused(answer) == (409, "total_changed", "expected_total")
    assert {name: answer.json()[name] for name in ("total", "goods", "shipping")} == {
        "total": 52_000,
        "goods": 52_000,
        "shipping": 0,
    }
    nothing_ordered()
    assert not Cart.objects.exists()
    assert send(client, BODY | {"expected_total": 52_000}).status_code == 201


def test_a_surcharge_is_part_of_the_total(client: Client, gateway: FakeGateway) -> None:
    product()
    far = BODY | {"contact": CONTACT | {"postcode": "63122"}}

    assert send(client, far).json()["total"] == 54_000
    assert send(client, far | {"expected_total": 54_000}).status_code == 201


def test_what_is_short_is_told_and_not_kept(client: Client, gateway: FakeGateway) -> None:
    (cup,) = product()
    on_shelf(cup, 1)

    answer = send(client)

    assert refused(answer) == (409, "out_of_stock", "lines")
    assert answer.json()["lines"] == [{"sku": "CUP", "reason": "short", "available": 1}]
    nothing_ordered()
    on_shelf(cup, 2)
    assert send(client).status_code == 201


def test_units_to_come_are_told(client: Client, gateway: FakeGateway) -> None:
    product(units=1)
    to_come(5, ships_on=(NOW + timedelta(days=16)).date())

    (line,) = send(client).json()["lines"]

    assert (line["quantity"], line["late"], line["ships_on"]) == (2, 1, "2026-12-10")


def test_lines_of_one_sku_are_added_up(client: Client, gateway: FakeGateway) -> None:
    product()
    lines = [{"sku": "CUP", "quantity": 1}, {"sku": "CUP", "quantity": 1}]

    assert send(client, BODY | {"lines": lines}).status_code == 201
    assert shelf() == (5, 2)


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"lines": []}, "invalid", "lines"),
    ({"lines": "CUP"}, "invalid", "lines"),
    ({"lines": [{"sku": "CUP", "quantity": 1}] * 51}, "invalid", "lines"),
    ({"lines": [{"quantity": 1}]}, "invalid", "lines[0].sku"),
    ({"lines": [{"sku": "cup\u0000", "quantity": 1}]}, "invalid", "lines[0].sku"),
    ({"lines": [{"sku": ["CUP"], "quantity": 1}]}, "invalid", "lines[0].sku"),
    ({"lines": [{"sku": "CUP", "quantity": 0}]}, "invalid", "lines[0].quantity"),
    ({"lines": [{"sku": "CUP", "quantity": 1.5}]}, "invalid", "lines[0].quantity"),
    ({"lines": [{"sku": "CUP", "quantity": True}]}, "invalid", "lines[0].quantity"),
    ({"lines": [{"sku": "CUP", "quantity": 100}]}, "too_many", "lines"),
    ({"lines": [{"sku": "CUP", "quantity": 10**30}]}, "too_many", "lines"),
    (
        {"lines": [{"sku": "CUP", "quantity": 1}, {"sku": "NO", "quantity": 1}]},
        "not_for_sale",
        "lines[1].sku",
    ),
    ({"method": "GOLD"}, "invalid", "method"),
    ({"method": ["CARD"]}, "invalid", "method"),
    ({"expected_total": "51000"}, "invalid", "expected_total"),
    ({"expected_total": -1}, "invalid", "expected_total"),
    ({"language": "fr"}, "invalid", "language"),
    ({"language": {}}, "invalid", "language"),
    ({"contact": None}, "invalid", "contact"),
    ({"contact": CONTACT | {"phone": "1"}}, "invalid", "contact.phone"),
    ({"contact": CONTACT | {"email": "x"}}, "invalid", "contact.email"),
    ({"contact": CONTACT | {"name": 5}}, "invalid", "contact.name"),
    ({"contact": CONTACT | {"name": "a\u0000b"}}, "invalid", "contact.name"),
    ({"contact": CONTACT | {"postcode": "123"}}, "invalid", "contact.postcode"),
    ({"contact": CONTACT | {"address1": "x" * 201}}, "invalid", "contact.address1"),
]


@pytest.mark.parametrize(("change", "code", "param"), WRONG)
def test_what_is_wrong_is_named_and_orders_nothing(
    client: Client, change: dict[str, Any], code: str, param: str
) -> None:
    product()

    answer = send(client, BODY | change)

    assert refused(answer) == (400, code, param)
    nothing_ordered()
    again = send(client, BODY | change)
    assert (again.json(), again["Idempotent-Replayed"]) == (answer.json(), "true")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b"null",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": "\\ud800"}',
        b"[" * 30_000,
        b'{"a":' + b"9" * 5_000 + b"}",
    ],
)
def test_garbage_is_answered_in_json(client: Client, body: bytes) -> None:
    assert refused(send(client, body)) == (400, "invalid_json", "")
    assert not IdempotencyKey.objects.exists()


def test_a_body_has_32_kilobytes_at_most(client: Client) -> None:
    assert refused(send(client, b" " * (32 * 1024 + 1)))[:2] == (413, "too_large")


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_other_methods_are_refused_in_json(client: Client, method: str) -> None:
    assert refused(getattr(client, method)("/api/v1/orders/"))[:2] == (405, "method_not_allowed")


@override_settings(API_TRIES=2)
def test_who_asks_too_often_must_wait(client: Client, gateway: FakeGateway) -> None:
    product()
    answers = [send(client, key=f"key-{number}") for number in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert not IdempotencyKey.objects.filter(key="key-2").exists()


def test_without_the_provider_the_order_stays_and_its_page_pays(client: Client, gateway: FakeGateway) -> None:
    product()
    gateway.down = True

    said = send(client).json()

    assert said["payment_url"] == said["order_url"]
    assert Order.objects.count() == 1


def test_a_defect_is_answered_in_json_and_gives_the_key_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    product()

    def broken(**_: Any) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(views.services, "place_order", broken)

    assert refused(send(client))[:2] == (500, "internal_error")
    assert not IdempotencyKey.objects.exists()


def test_an_order_can_be_asked_about(client: Client, gateway: FakeGateway) -> None:
    product()
    said = send(client).json()

    answer = client.get(f"/api/v1/orders/{said['token']}/")

    assert answer.status_code == 200
    assert answer.json() == {name: value for name, value in said.items() if name != "payment_url"}
    assert refused(client.get(f"/api/v1/orders/{uuid.uuid4()}/"))[:2] == (404, "not_found")
