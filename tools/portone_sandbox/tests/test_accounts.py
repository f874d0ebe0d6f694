"""Virtual accounts: issued, paid into, expired, closed."""

from datetime import UTC, datetime

import pytest
from portone_server_sdk import PaymentClient, errors
from portone_server_sdk.payment import (
    FailedPayment,
    PaidPayment,
    PaymentMethodVirtualAccount,
    VirtualAccountIssuedPayment,
)

from tools.portone_sandbox.tests.conftest import Shop
from tools.portone_sandbox.tests.receiver import Receiver


def issue(shop: Shop, **changes: object) -> None:
    shop.pay(action="issue", payMethod="VIRTUAL_ACCOUNT", **changes)


def test_an_issued_account_names_bank_number_and_deadline(
    shop: Shop, client: PaymentClient, receiver: Receiver
) -> None:
    issue(shop, virtualAccount={"accountExpiry": {"dueDate": "2030-01-02T23:59:59+09:00"}})

    payment = client.get_payment(payment_id="ORDER0001")

    assert isinstance(payment, VirtualAccountIssuedPayment)
    assert isinstance(payment.method, PaymentMethodVirtualAccount)
    assert len(payment.method.account_number) == 14
    assert (payment.method.bank, payment.method.remitter_name) == ("SHINHAN", "홍길동")
    assert payment.method.expired_at == "2030-01-02T14:59:59.000Z"
    assert payment.amount.paid == 0
    receiver.wait(2)
    assert sorted(receiver.types()) == ["Ready", "VirtualAccountIssued"]


def test_valid_hours_count_from_the_request(shop: Shop, client: PaymentClient) -> None:
    issue(shop, virtualAccount={"accountExpiry": {"validHours": 48}})

    method = client.get_payment(payment_id="ORDER0001").method  # type: ignore[union-attr]

    assert isinstance(method, PaymentMethodVirtualAccount)
    left = datetime.fromisoformat(method.expired_at or "") - datetime.now(UTC)
    assert 47.9 < left.total_seconds() / 3600 <= 48


def test_a_deposit_pays_the_same_transaction(shop: Shop, client: PaymentClient, receiver: Receiver) -> None:
    issue(shop)
    before = client.get_payment(payment_id="ORDER0001")

    shop.lever("ORDER0001", "deposit")

    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(before, VirtualAccountIssuedPayment)
    assert isinstance(payment, PaidPayment)
    assert payment.transaction_id == before.transaction_id
    assert payment.method == before.method
    receiver.wait(3)
    assert sorted(receiver.types()) == ["Paid", "Ready", "VirtualAccountIssued"]
    assert [one.trigger for one in client.get_payment(payment_id="ORDER0001").webhooks or []] == [  # type: ignore[union-attr]
        None,
        None,
        "VIRTUAL_ACCOUNT_DEPOSIT",
    ]


def test_an_expired_account_stays_issued_and_takes_only_late_money(
    shop: Shop, client: PaymentClient, receiver: Receiver
) -> None:
    issue(shop)
    receiver.wait(2)

    shop.lever("ORDER0001", "expire")
    refused = shop.lever("ORDER0001", "deposit")
    expired = client.get_payment(payment_id="ORDER0001")
    shop.lever("ORDER0001", "deposit", late=True)

    assert (refused.status_code, refused.json()["type"]) == (409, "ILLEGAL_STEP")
    assert isinstance(expired, VirtualAccountIssuedPayment)
    assert isinstance(expired.method, PaymentMethodVirtualAccount)
    assert datetime.fromisoformat(expired.method.expired_at or "") <= datetime.now(UTC)
    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)
    receiver.wait(3)
    assert sorted(receiver.types()) == ["Paid", "Ready", "VirtualAccountIssued"]


def test_a_closed_account_is_a_failed_payment(shop: Shop, client: PaymentClient, receiver: Receiver) -> None:
    issue(shop)

    closed = client.close_virtual_account(payment_id="ORDER0001")
    deposit = shop.lever("ORDER0001", "deposit")

    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, FailedPayment)
    assert payment.failed_at == closed.closed_at
    assert deposit.status_code == 409
    receiver.wait(3)
    assert sorted(receiver.types()) == ["Failed", "Ready", "VirtualAccountIssued"]


def test_only_a_waiting_account_can_be_closed(shop: Shop, client: PaymentClient) -> None:
    shop.pay()

    with pytest.raises(errors.PaymentNotWaitingForDepositError):
        client.close_virtual_account(payment_id="ORDER0001")
    with pytest.raises(errors.PaymentNotFoundError):
        client.close_virtual_account(payment_id="ORDER0002")

    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)


def test_a_bank_may_refuse_to_close(shop: Shop, client: PaymentClient) -> None:
    issue(shop)
    shop.faults(pgErrors=1)

    with pytest.raises(errors.PgProviderError):
        client.close_virtual_account(payment_id="ORDER0001")

    assert isinstance(client.get_payment(payment_id="ORDER0001"), VirtualAccountIssuedPayment)
