"""Channels with manual approval (수동 승인): the window authenticates, the shop charges."""

import pytest
from portone_server_sdk import PaymentClient, errors
from portone_server_sdk.payment import PaidPayment, ReadyPayment

from tools.portone_sandbox.tests.conftest import Shop
from tools.portone_sandbox.tests.receiver import Receiver


@pytest.fixture
def token(shop: Shop) -> str:
    shop.faults(manualApproval=True)
    return shop.pay()["paymentToken"]


def test_authentication_alone_pays_nothing(shop: Shop, client: PaymentClient, token: str) -> None:
    payment = client.get_payment(payment_id="ORDER0001")

    assert isinstance(payment, ReadyPayment)
    assert payment.amount.paid == 0


def test_confirming_pays(shop: Shop, client: PaymentClient, token: str, receiver: Receiver) -> None:
    summary = client.confirm_payment(
        payment_id="ORDER0001", payment_token=token, total_amount=12000, currency="KRW", is_test=True
    )

    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, PaidPayment)
    assert (payment.pg_tx_id, payment.paid_at) == (summary.pg_tx_id, summary.paid_at)
    receiver.wait(2)
    assert sorted(receiver.types()) == ["Paid", "Ready"]


def test_confirming_can_skip_the_webhook(
    shop: Shop, client: PaymentClient, token: str, receiver: Receiver
) -> None:
    client.confirm_payment(payment_id="ORDER0001", payment_token=token, skip_webhook=True)

    receiver.wait(1)
    receiver.stays_at(1)


def test_confirming_twice_is_refused(shop: Shop, client: PaymentClient, token: str) -> None:
    client.confirm_payment(payment_id="ORDER0001", payment_token=token)

    with pytest.raises(errors.AlreadyPaidError):
        client.confirm_payment(payment_id="ORDER0001", payment_token=token)


@pytest.mark.parametrize(
    "wrong",
    [{"total_amount": 1}, {"currency": "USD"}, {"tx_id": "x"}, {"is_test": False}, {"tax_free_amount": 5}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_wrong_information_is_refused(
    shop: Shop, client: PaymentClient, token: str, wrong: dict[str, object]
) -> None:
    with pytest.raises(errors.InformationMismatchError):
        client.confirm_payment(payment_id="ORDER0001", payment_token=token, **wrong)  # type: ignore[arg-type]

    assert isinstance(client.get_payment(payment_id="ORDER0001"), ReadyPayment)


def test_a_wrong_token_is_refused(shop: Shop, client: PaymentClient, token: str) -> None:
    with pytest.raises(errors.InvalidPaymentTokenError):
        client.confirm_payment(payment_id="ORDER0001", payment_token="guessed")

    assert isinstance(client.get_payment(payment_id="ORDER0001"), ReadyPayment)


def test_an_unknown_payment_cannot_be_confirmed(shop: Shop, client: PaymentClient) -> None:
    with pytest.raises(errors.PaymentNotFoundError):
        client.confirm_payment(payment_id="ORDER0001", payment_token="any")


def test_a_tampered_window_is_caught_before_money_moves(shop: Shop, client: PaymentClient) -> None:
    shop.faults(manualApproval=True)
    token = shop.pay(action="tamper")["paymentToken"]

    with pytest.raises(errors.InformationMismatchError):
        client.confirm_payment(payment_id="ORDER0001", payment_token=token, total_amount=12000)

    assert isinstance(client.get_payment(payment_id="ORDER0001"), ReadyPayment)
