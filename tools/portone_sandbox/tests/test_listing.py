"""`get_payments`: pages, filters, order."""

import time

import pytest
from portone_server_sdk import PaymentClient, errors
from portone_server_sdk.common import PageInput
from portone_server_sdk.payment import PaymentFilterInput, PaymentTextSearch

from tools.portone_sandbox.tests.conftest import STORE, Shop


@pytest.fixture
def three(shop: Shop) -> Shop:
    for payment_id, action in (("ORDER0001", "approve"), ("ORDER0002", "fail"), ("ORDER0003", "issue")):
        shop.pay(payment_id, action=action)
        time.sleep(0.002)  # stamps have milliseconds
    return shop


def ids(client: PaymentClient, **wanted: object) -> list[str]:
    answer = client.get_payments(filter=PaymentFilterInput(**wanted))  # type: ignore[arg-type]
    assert answer.page.total_count == len(answer.items)
    return [one.id for one in answer.items if not isinstance(one, dict)]


def test_the_newest_comes_first(three: Shop, client: PaymentClient) -> None:
    assert ids(client, store_id=STORE) == ["ORDER0003", "ORDER0002", "ORDER0001"]
    assert ids(client, sort_order="ASC", sort_by="STATUS_CHANGED_AT") == [
        "ORDER0001",
        "ORDER0002",
        "ORDER0003",
    ]


def test_pages_are_cut_from_zero(three: Shop, client: PaymentClient) -> None:
    second = client.get_payments(page=PageInput(number=1, size=2))

    assert [one.id for one in second.items if not isinstance(one, dict)] == ["ORDER0001"]
    assert (second.page.number, second.page.size, second.page.total_count) == (1, 2, 3)


def test_filters(three: Shop, client: PaymentClient) -> None:
    assert ids(client, status=["PAID"]) == ["ORDER0001"]
    assert ids(client, status=["FAILED", "VIRTUAL_ACCOUNT_ISSUED"]) == ["ORDER0003", "ORDER0002"]
    assert ids(client, methods=["VIRTUAL_ACCOUNT"]) == ["ORDER0003"]
    assert ids(client, is_test=False) == []
    assert ids(client, version="V1") == []
    search = [PaymentTextSearch(field="PAYMENT_ID", value="0002")]
    assert ids(client, text_search=search) == ["ORDER0002"]
    assert ids(client, from_="2020-01-01T00:00:00+09:00", until="2020-02-01T00:00:00+09:00") == []


def test_the_filter_says_pending_where_the_payment_says_pay_pending(
    shop: Shop, client: PaymentClient
) -> None:
    shop.faults(payPending=True)
    shop.pay()

    assert ids(client, status=["PENDING"]) == ["ORDER0001"]


def test_a_filter_that_is_not_offered_is_refused(three: Shop, client: PaymentClient) -> None:
    with pytest.raises(errors.InvalidRequestError):
        client.get_payments(filter=PaymentFilterInput(card_brand="VISA"))


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        '{"page": {"size": 0}}',
        '{"page": {"size": 1001}}',
        '{"page": {"number": -1}}',
        '{"filter": {"status": "PAID"}}',
        '{"filter": {"status": [{}]}}',
        '{"filter": {"textSearch": ["x"]}}',
        '{"filter": {"textSearch": [{"field": "CARD_BIN", "value": "1"}]}}',
        '{"filter": {"from": "yesterday"}}',
    ],
)
def test_a_malformed_request_is_refused(three: Shop, body: str) -> None:
    answer = three.rest("GET", "/payments", params={"requestBody": body})

    assert (answer.status_code, answer.json()["type"]) == (400, "INVALID_REQUEST")


def test_a_registered_payment_is_not_listed(shop: Shop, client: PaymentClient) -> None:
    client.pre_register_payment(payment_id="ORDER0001", total_amount=1000)

    assert ids(client) == []
