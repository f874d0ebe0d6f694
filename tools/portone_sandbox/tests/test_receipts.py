"""Cash receipts over the API and from the payment window."""

import pytest
from portone_server_sdk import PaymentClient, errors
from portone_server_sdk.common import PaymentAmountInput
from portone_server_sdk.payment import IssuedPaymentCashReceipt, PaidPayment
from portone_server_sdk.payment.cash_receipt import (
    CancelledCashReceipt,
    IssueCashReceiptCustomerInput,
    IssueCashReceiptResponse,
    IssuedCashReceipt,
)

from tools.portone_sandbox.tests.conftest import CHANNEL, Shop


def issue(
    client: PaymentClient, number: str = "01012345678", channel: str = CHANNEL
) -> IssueCashReceiptResponse:
    return client.cash_receipt.issue_cash_receipt(
        payment_id="ORDER0001",
        channel_key=channel,
        type="PERSONAL",
        order_name="달항아리",
        currency="KRW",
        amount=PaymentAmountInput(total=12000, tax_free=1000),
        customer=IssueCashReceiptCustomerInput(identity_number=number, identity_number_type="PHONE"),
    )


def test_an_issued_receipt_shows_alone_and_in_the_payment(shop: Shop, client: PaymentClient) -> None:
    shop.pay(payMethod="TRANSFER")

    summary = issue(client).cash_receipt

    receipt = client.cash_receipt.get_cash_receipt_by_payment_id(payment_id="ORDER0001")
    assert isinstance(receipt, IssuedCashReceipt)
    assert (receipt.issue_number, receipt.url) == (summary.issue_number, summary.url)
    assert (receipt.amount, receipt.tax_free_amount, receipt.vat_amount) == (12000, 1000, 1000)
    assert (receipt.type, receipt.is_manual) == ("PERSONAL", True)
    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, PaidPayment)
    assert isinstance(payment.cash_receipt, IssuedPaymentCashReceipt)
    assert payment.cash_receipt.issue_number == summary.issue_number


def test_a_receipt_is_issued_once_and_cancelled_once(shop: Shop, client: PaymentClient) -> None:
    issue(client)

    with pytest.raises(errors.CashReceiptAlreadyIssuedError):
        issue(client)
    cancelled = client.cash_receipt.cancel_cash_receipt_by_payment_id(payment_id="ORDER0001")
    with pytest.raises(errors.CashReceiptNotIssuedError):
        client.cash_receipt.cancel_cash_receipt_by_payment_id(payment_id="ORDER0001")

    receipt = client.cash_receipt.get_cash_receipt_by_payment_id(payment_id="ORDER0001")
    assert isinstance(receipt, CancelledCashReceipt)
    assert (cancelled.cancelled_amount, cancelled.cancelled_at) == (12000, receipt.cancelled_at)


def test_there_is_no_receipt_to_find_or_cancel(shop: Shop, client: PaymentClient) -> None:
    with pytest.raises(errors.CashReceiptNotFoundError):
        client.cash_receipt.get_cash_receipt_by_payment_id(payment_id="ORDER0001")
    with pytest.raises(errors.CashReceiptNotFoundError):
        client.cash_receipt.cancel_cash_receipt_by_payment_id(payment_id="ORDER0001")


def test_refused_receipts_leave_nothing(shop: Shop, client: PaymentClient) -> None:
    with pytest.raises(errors.InvalidRequestError):
        issue(client, number="nobody")
    with pytest.raises(errors.ChannelNotFoundError):
        issue(client, channel="channel-key-other")
    shop.faults(pgErrors=1)
    with pytest.raises(errors.PgProviderError):
        issue(client)

    with pytest.raises(errors.CashReceiptNotFoundError):
        client.cash_receipt.get_cash_receipt_by_payment_id(payment_id="ORDER0001")


def test_the_pg_issues_what_the_shopper_asked_for_when_the_money_is_in(
    shop: Shop, client: PaymentClient
) -> None:
    shop.pay(action="issue", payMethod="VIRTUAL_ACCOUNT", virtualAccount={"cashReceiptType": "CORPORATE"})
    with pytest.raises(errors.CashReceiptNotFoundError):
        client.cash_receipt.get_cash_receipt_by_payment_id(payment_id="ORDER0001")

    shop.lever("ORDER0001", "deposit")
    issued = client.cash_receipt.get_cash_receipt_by_payment_id(payment_id="ORDER0001")
    shop.lever("ORDER0001", "cancel")
    withdrawn = client.cash_receipt.get_cash_receipt_by_payment_id(payment_id="ORDER0001")

    assert isinstance(issued, IssuedCashReceipt)
    assert (issued.type, issued.is_manual, issued.amount) == ("CORPORATE", False, 12000)
    assert isinstance(withdrawn, CancelledCashReceipt)
