"""Cancelling: arithmetic, refusals in PortOne's words, and the asynchronous kind."""

import pytest
from portone_server_sdk import PaymentClient, errors
from portone_server_sdk.payment import (
    CancelledPayment,
    CancelPaymentBodyRefundAccount,
    FailedPaymentCancellation,
    PaidPayment,
    PartialCancelledPayment,
    RequestedPaymentCancellation,
    SucceededPaymentCancellation,
)

from tools.portone_sandbox.tests.conftest import WEBHOOK_SECRET, Shop
from tools.portone_sandbox.tests.receiver import Receiver

ACCOUNT = CancelPaymentBodyRefundAccount(bank="SHINHAN", number="110123456789", holder_name="홍길동")


def test_a_full_cancel_returns_everything_tax_free_won_included(shop: Shop, client: PaymentClient) -> None:
    shop.pay(taxFreeAmount=1000)

    cancellation = client.cancel_payment(payment_id="ORDER0001", reason="변심").cancellation

    assert isinstance(cancellation, SucceededPaymentCancellation)
    assert (cancellation.total_amount, cancellation.tax_free_amount) == (12000, 1000)
    assert (cancellation.vat_amount, cancellation.reason, cancellation.trigger) == (1000, "변심", "API")
    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, CancelledPayment)
    assert (payment.amount.cancelled, payment.amount.cancelled_tax_free) == (12000, 1000)
    assert payment.cancelled_at == cancellation.cancelled_at
    assert [one.id for one in payment.cancellations if not isinstance(one, dict)] == [cancellation.id]


def test_partial_cancels_add_up_to_a_cancelled_payment(shop: Shop, client: PaymentClient) -> None:
    shop.pay(taxFreeAmount=1000)

    client.cancel_payment(
        payment_id="ORDER0001", reason="하나", amount=2000, current_cancellable_amount=12000
    )
    partial = client.get_payment(payment_id="ORDER0001")
    client.cancel_payment(payment_id="ORDER0001", reason="나머지", current_cancellable_amount=10000)
    full = client.get_payment(payment_id="ORDER0001")

    assert isinstance(partial, PartialCancelledPayment)
    assert (partial.amount.cancelled, partial.amount.cancelled_tax_free) == (2000, 0)
    assert isinstance(full, CancelledPayment)
    assert (full.amount.cancelled, full.amount.cancelled_tax_free) == (12000, 1000)


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"amount": 12001}, errors.CancelAmountExceedsCancellableAmountError),
        (
            {"amount": 2000, "tax_free_amount": 1001},
            errors.CancelTaxFreeAmountExceedsCancellableTaxFreeAmountError,
        ),
        ({"amount": 11001}, errors.CancelTaxAmountExceedsCancellableTaxAmountError),
        (
            {"amount": 1000, "tax_free_amount": 500, "vat_amount": 501},
            errors.SumOfPartsExceedsCancelAmountError,
        ),
        ({"amount": 500, "tax_free_amount": 501}, errors.SumOfPartsExceedsCancelAmountError),
        ({"current_cancellable_amount": 11000}, errors.CancellableAmountConsistencyBrokenError),
        ({"amount": 0}, errors.InvalidRequestError),
        ({"requester": "ROBOT"}, errors.InvalidRequestError),
    ],
)
def test_a_refused_cancel_changes_nothing(
    shop: Shop, client: PaymentClient, wish: dict[str, object], refusal: type[Exception]
) -> None:
    shop.pay(taxFreeAmount=1000)

    with pytest.raises(refusal):
        client.cancel_payment(payment_id="ORDER0001", reason="변심", **wish)  # type: ignore[arg-type]

    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, PaidPayment)
    assert payment.amount.cancelled == 0
    assert payment.cancellations is None


def test_a_repeated_cancel_is_caught_by_the_cancellable_amount(shop: Shop, client: PaymentClient) -> None:
    shop.pay()
    client.cancel_payment(
        payment_id="ORDER0001", reason="변심", amount=2000, current_cancellable_amount=12000
    )

    with pytest.raises(errors.CancellableAmountConsistencyBrokenError):
        client.cancel_payment(
            payment_id="ORDER0001", reason="변심", amount=2000, current_cancellable_amount=12000
        )

    assert client.get_payment(payment_id="ORDER0001").amount.cancelled == 2000  # type: ignore[union-attr]


def test_a_cancelled_payment_cannot_be_cancelled_again(shop: Shop, client: PaymentClient) -> None:
    shop.pay()
    client.cancel_payment(payment_id="ORDER0001", reason="변심")

    with pytest.raises(errors.PaymentAlreadyCancelledError):
        client.cancel_payment(payment_id="ORDER0001", reason="변심")


@pytest.mark.parametrize("action", [None, "fail", "issue"])
def test_what_was_not_paid_cannot_be_cancelled(shop: Shop, client: PaymentClient, action: str | None) -> None:
    shop.pay(action=action)

    with pytest.raises(errors.PaymentNotPaidError):
        client.cancel_payment(payment_id="ORDER0001", reason="변심")


def test_an_unknown_payment_cannot_be_cancelled(shop: Shop, client: PaymentClient) -> None:
    with pytest.raises(errors.PaymentNotFoundError):
        client.cancel_payment(payment_id="ORDER0001", reason="변심")


def test_a_virtual_account_payment_needs_a_refund_account(shop: Shop, client: PaymentClient) -> None:
    shop.pay(action="issue", payMethod="VIRTUAL_ACCOUNT")
    shop.lever("ORDER0001", "deposit")

    with pytest.raises(errors.InvalidRequestError):
        client.cancel_payment(payment_id="ORDER0001", reason="변심")
    client.cancel_payment(payment_id="ORDER0001", reason="변심", refund_account=ACCOUNT)

    assert isinstance(client.get_payment(payment_id="ORDER0001"), CancelledPayment)


def test_a_failed_cancel_is_an_answer_and_leaves_the_payment_paid(shop: Shop, client: PaymentClient) -> None:
    shop.pay()
    shop.faults(cancelMode="FAILED")

    cancellation = client.cancel_payment(payment_id="ORDER0001", reason="변심").cancellation

    assert isinstance(cancellation, FailedPaymentCancellation)
    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, PaidPayment)
    assert payment.amount.cancelled == 0
    assert payment.cancellations == [cancellation]


def test_a_pg_that_refuses_answers_502_with_its_code(shop: Shop, client: PaymentClient) -> None:
    shop.pay()
    shop.faults(cancelMode="PG_ERROR")

    with pytest.raises(errors.PgProviderError) as refusal:
        client.cancel_payment(payment_id="ORDER0001", reason="변심")

    assert refusal.value.pg_code == "SANDBOX_REFUSED"
    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)


def test_an_asynchronous_cancel_holds_its_amount_and_ends_by_hand(
    shop: Shop, client: PaymentClient, receiver: Receiver
) -> None:
    shop.pay()
    shop.faults(cancelMode="REQUESTED", cancelSettleSeconds=0)

    cancellation = client.cancel_payment(payment_id="ORDER0001", reason="변심", amount=5000).cancellation
    waiting = client.get_payment(payment_id="ORDER0001")
    with pytest.raises(errors.CancelAmountExceedsCancellableAmountError):
        client.cancel_payment(payment_id="ORDER0001", reason="변심", amount=7001)
    shop.lever("ORDER0001", "settle-cancellation")

    assert isinstance(cancellation, RequestedPaymentCancellation)
    assert isinstance(waiting, PaidPayment)
    assert waiting.amount.cancelled == 0
    settled = client.get_payment(payment_id="ORDER0001")
    assert isinstance(settled, PartialCancelledPayment)
    assert settled.amount.cancelled == 5000
    receiver.wait(4)
    assert sorted(receiver.types()) == ["CancelPending", "Paid", "PartialCancelled", "Ready"]
    told = [one for one in receiver.verified(WEBHOOK_SECRET) if hasattr(one.data, "cancellation_id")]
    assert {one.data.cancellation_id for one in told} == {cancellation.id}


def test_an_asynchronous_cancel_ends_by_itself(shop: Shop, client: PaymentClient, receiver: Receiver) -> None:
    shop.pay()
    shop.faults(cancelMode="REQUESTED")  # 60 s × 0.001

    client.cancel_payment(payment_id="ORDER0001", reason="변심")

    receiver.wait(4)
    assert sorted(receiver.types()) == ["CancelPending", "Cancelled", "Paid", "Ready"]
    assert isinstance(client.get_payment(payment_id="ORDER0001"), CancelledPayment)


def test_an_asynchronous_cancel_can_be_refused(shop: Shop, client: PaymentClient) -> None:
    shop.pay()
    shop.faults(cancelMode="REQUESTED", cancelSettleSeconds=0)
    client.cancel_payment(payment_id="ORDER0001", reason="변심")

    shop.lever("ORDER0001", "settle-cancellation", succeeded=False)

    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, PaidPayment)
    assert [type(one) for one in payment.cancellations or []] == [FailedPaymentCancellation]


def test_a_waiting_cancel_can_be_stopped_once(shop: Shop, client: PaymentClient) -> None:
    shop.pay()
    shop.faults(cancelMode="REQUESTED", cancelSettleSeconds=0)
    id = client.cancel_payment(payment_id="ORDER0001", reason="변심").cancellation.id  # type: ignore[union-attr]

    stopped = client.stop_payment_cancellation(payment_id="ORDER0001", cancellation_id=id)
    with pytest.raises(errors.PaymentCancellationNotPendingError):
        client.stop_payment_cancellation(payment_id="ORDER0001", cancellation_id=id)
    with pytest.raises(errors.PaymentCancellationNotFoundError):
        client.stop_payment_cancellation(payment_id="ORDER0001", cancellation_id="none")

    assert stopped.stopped_at
    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)


def test_skip_webhook_is_honoured(shop: Shop, client: PaymentClient, receiver: Receiver) -> None:
    shop.pay()
    receiver.wait(2)

    client.cancel_payment(payment_id="ORDER0001", reason="변심", skip_webhook=True)

    receiver.stays_at(2)


def test_a_console_cancel_says_so(shop: Shop, client: PaymentClient) -> None:
    shop.pay()

    shop.lever("ORDER0001", "cancel", amount=2000)

    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, PartialCancelledPayment)
    cancellation = payment.cancellations[0]
    assert isinstance(cancellation, SucceededPaymentCancellation)
    assert (cancellation.total_amount, cancellation.trigger) == (2000, "CONSOLE")
