"""Reading payments and opening the window, seen through the official SDK."""

import httpx
import pytest
from portone_server_sdk import PaymentClient, errors
from portone_server_sdk.payment import (
    FailedPayment,
    PaidPayment,
    PaidPaymentTransaction,
    PaymentMethodCard,
    PaymentMethodConvenienceStore,
    PaymentMethodEasyPay,
    PaymentMethodGiftCertificate,
    PaymentMethodMobile,
    PaymentMethodTransfer,
    PayPendingPayment,
    PreRegisterPaymentResponse,
    ReadyPayment,
)

from tools.portone_sandbox.tests.conftest import CHANNEL, SECRET, STORE, Shop


def test_an_unknown_payment_is_not_found(shop: Shop, client: PaymentClient) -> None:
    with pytest.raises(errors.PaymentNotFoundError):
        client.get_payment(payment_id="ORDER0001")


def test_a_registered_payment_is_not_found_until_the_window_opens(shop: Shop, client: PaymentClient) -> None:
    answer = client.pre_register_payment(payment_id="ORDER0001", total_amount=12000, currency="KRW")

    assert answer == PreRegisterPaymentResponse()
    with pytest.raises(errors.PaymentNotFoundError):
        client.get_payment(payment_id="ORDER0001")


def test_an_open_window_is_a_ready_payment(shop: Shop, client: PaymentClient) -> None:
    result = shop.pay(action=None)

    payment = client.get_payment(payment_id="ORDER0001")

    assert isinstance(payment, ReadyPayment)
    assert payment.transaction_id == result["txId"]
    assert (payment.amount.total, payment.amount.paid) == (12000, 0)


def test_an_approved_payment_carries_everything_a_shop_verifies(shop: Shop, client: PaymentClient) -> None:
    result = shop.pay(
        taxFreeAmount=1000,
        customData={"order": 7},
        products=[{"id": "MUG", "name": "달항아리", "amount": 6000, "quantity": 2}],
    )

    payment = client.get_payment(payment_id="ORDER0001")

    assert isinstance(payment, PaidPayment)
    assert result == {"transactionType": "PAYMENT", "txId": payment.transaction_id, "paymentId": "ORDER0001"}
    assert (payment.store_id, payment.version, payment.currency) == (STORE, "V2", "KRW")
    assert (payment.channel.type, payment.channel.key) == ("TEST", CHANNEL)
    assert payment.order_name == "달항아리 외 1건"
    amount = payment.amount
    assert (amount.total, amount.tax_free, amount.vat, amount.supply) == (12000, 1000, 1000, 10000)
    assert (amount.paid, amount.discount, amount.cancelled, amount.cancelled_tax_free) == (12000, 0, 0, 0)
    assert payment.customer.name == "홍길동"
    assert payment.customer.email == "hong@example.kr"
    assert payment.customer.phone_number == "01012345678"
    assert payment.custom_data == '{"order":7}'
    assert payment.products is not None
    assert [(one.id, one.amount, one.quantity) for one in payment.products] == [("MUG", 6000, 2)]
    assert payment.disputes == []
    assert payment.paid_at == payment.status_changed_at
    assert payment.origin.platform_type == "PC"


@pytest.mark.parametrize(
    ("pay_method", "expected"),
    [
        ("CARD", PaymentMethodCard),
        ("EASY_PAY", PaymentMethodEasyPay),
        ("TRANSFER", PaymentMethodTransfer),
        ("MOBILE", PaymentMethodMobile),
        ("GIFT_CERTIFICATE", PaymentMethodGiftCertificate),
        ("CONVENIENCE_STORE", PaymentMethodConvenienceStore),
        ("PAYPAL", PaymentMethodEasyPay),
    ],
)
def test_the_method_is_the_one_that_was_asked_for(
    shop: Shop, client: PaymentClient, pay_method: str, expected: type
) -> None:
    shop.pay(payMethod=pay_method, productType="REAL")

    payment = client.get_payment(payment_id="ORDER0001")

    assert isinstance(payment, PaidPayment)
    assert isinstance(payment.method, expected)


def test_easy_pay_names_its_provider(shop: Shop, client: PaymentClient) -> None:
    shop.pay(payMethod="EASY_PAY", easyPay={"easyPayProvider": "EASY_PAY_PROVIDER_NAVERPAY"})

    payment = client.get_payment(payment_id="ORDER0001")

    assert isinstance(payment, PaidPayment)
    assert isinstance(payment.method, PaymentMethodEasyPay)
    assert payment.method.provider == "NAVERPAY"


def test_a_refusal_by_the_pg_is_a_failed_payment(shop: Shop, client: PaymentClient) -> None:
    result = shop.pay(action="fail", reason="INVALID_STOPPED_CARD")

    payment = client.get_payment(payment_id="ORDER0001")

    assert isinstance(payment, FailedPayment)
    assert result["code"] == "FAILURE_TYPE_PG"
    assert result["pgCode"] == payment.failure.pg_code
    assert payment.failed_at == payment.status_changed_at


def test_a_shopper_who_gives_up_is_a_failed_payment_too(shop: Shop, client: PaymentClient) -> None:
    result = shop.pay(action="cancel")

    payment = client.get_payment(payment_id="ORDER0001")

    assert isinstance(payment, FailedPayment)
    assert payment.failure.pg_code == "PAY_PROCESS_CANCELED"
    assert (result["code"], result["pgCode"]) == ("FAILURE_TYPE_PG", "PAY_PROCESS_CANCELED")


def test_a_payment_may_be_tried_again_after_a_failure(shop: Shop, client: PaymentClient) -> None:
    first = shop.pay(action="fail")
    second = shop.pay(action="approve")

    payment = client.get_payment(payment_id="ORDER0001")
    items = client.get_payment_transactions(payment_id="ORDER0001").items

    assert isinstance(payment, PaidPayment)
    assert payment.transaction_id == second["txId"]
    assert [one.id for one in items if not isinstance(one, dict)] == [second["txId"], first["txId"]]
    assert isinstance(items[0], PaidPaymentTransaction)


def test_a_paid_payment_cannot_be_paid_again(shop: Shop, client: PaymentClient) -> None:
    shop.pay()

    again = shop.http.post("/_sandbox/pay", json={"request": shop.request()})

    assert (again.status_code, again.json()["type"]) == (409, "PaymentAlreadyPaid")
    with pytest.raises(errors.AlreadyPaidError):
        client.pre_register_payment(payment_id="ORDER0001", total_amount=1)
    assert len(client.get_payment_transactions(payment_id="ORDER0001").items) == 1


def test_an_older_window_cannot_pay_what_a_newer_one_paid(shop: Shop, client: PaymentClient) -> None:
    older = shop.pay(action=None)
    newer = shop.pay(action="approve")

    late = shop.http.post(f"/pay/{older['txId']}", data={"action": "approve"})

    assert late.status_code == 409
    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, PaidPayment)
    assert payment.transaction_id == newer["txId"]


@pytest.mark.parametrize(
    "change",
    [{"totalAmount": 11999}, {"taxFreeAmount": 1}, {"currency": "USD"}],
    ids=["total", "tax free", "currency"],
)
def test_the_window_does_not_open_for_other_amounts_than_registered(
    shop: Shop, client: PaymentClient, change: dict[str, object]
) -> None:
    client.pre_register_payment(payment_id="ORDER0001", total_amount=12000, tax_free_amount=0, currency="KRW")

    refused = shop.http.post("/v2/prepare", json=shop.request(**change))
    opened = shop.http.post("/v2/prepare", json=shop.request())

    assert (refused.status_code, refused.json()["code"]) == (409, "AmountNotEqualToPredefined")
    assert opened.status_code == 200
    assert len(client.get_payment_transactions(payment_id="ORDER0001").items) == 1


def test_a_tampered_amount_is_paid_as_tampered(shop: Shop, client: PaymentClient) -> None:
    client.pre_register_payment(payment_id="ORDER0001", total_amount=12000)

    shop.pay(action="tamper")

    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, PaidPayment)
    assert (payment.amount.total, payment.amount.paid) == (1200, 1200)


def test_an_asynchronous_payment_is_pending_until_settled(shop: Shop, client: PaymentClient) -> None:
    shop.faults(payPending=True)
    shop.pay()

    pending = client.get_payment(payment_id="ORDER0001")
    shop.lever("ORDER0001", "settle-pending")
    settled = client.get_payment(payment_id="ORDER0001")

    assert isinstance(pending, PayPendingPayment)
    assert isinstance(settled, PaidPayment)


def test_an_asynchronous_payment_may_fail(shop: Shop, client: PaymentClient) -> None:
    shop.faults(payPending=True)
    shop.pay()

    shop.lever("ORDER0001", "settle-pending", paid=False)

    assert isinstance(client.get_payment(payment_id="ORDER0001"), FailedPayment)


def test_json_never_holds_null_or_fractions(shop: Shop) -> None:
    shop.pay()

    text = shop.rest("GET", "/payments/ORDER0001").text
    reread = httpx.Response(200, text=text).json()

    def leaves(value: object) -> list[object]:
        if isinstance(value, dict):
            return [leaf for one in value.values() for leaf in leaves(one)]
        if isinstance(value, list):
            return [leaf for one in value for leaf in leaves(one)]
        return [value]

    assert {type(leaf) for leaf in leaves(reread)} <= {str, int, bool}


def test_a_payment_id_is_escaped_and_found(shop: Shop) -> None:
    shop.pay("ORDER_00-01")

    answer = shop.http.get("/payments/ORDER%5F00%2D01", headers={"Authorization": f"PortOne {SECRET}"})

    assert answer.json()["id"] == "ORDER_00-01"
