"""The same promises about cash receipts."""

import pytest

from commerce.payments.gateway import (
    GatewayReceipt,
    GatewayTrouble,
    ReceiptRefused,
)
from commerce.payments.states import ReceiptKind, ReceiptState
from commerce.tests.gateways import AMOUNT, ID, Provider, portone_only, provider

__all__ = ["provider"]  # fixture


def issue(
    provider: Provider, *, amount: int = AMOUNT, kind: ReceiptKind = ReceiptKind.PERSONAL
) -> GatewayReceipt:
    number = "01012345678" if kind == ReceiptKind.PERSONAL else "1208147521"
    return provider.gateway.issue_receipt(
        payment_id=ID, order_name="찻잔", amount=amount, kind=kind, number=number
    )


def test_who_never_got_a_receipt_has_none(provider: Provider) -> None:
    provider.pay(method="TRANSFER")

    assert provider.gateway.receipt(payment_id=ID) is None


@pytest.mark.parametrize("kind", ReceiptKind)
def test_a_receipt_that_was_issued_is_found_as_it_was_answered(provider: Provider, kind: ReceiptKind) -> None:
    provider.pay(method="TRANSFER")

    made = issue(provider, kind=kind)

    assert (made.state, made.amount) == (ReceiptState.ISSUED, AMOUNT)
    assert made.issue_number and made.url
    assert provider.gateway.receipt(payment_id=ID) == made


def test_a_second_receipt_beside_one_that_stands_is_trouble(provider: Provider) -> None:
    provider.pay(method="TRANSFER")
    made = issue(provider)

    with pytest.raises(GatewayTrouble):
        issue(provider, amount=1_000)

    assert provider.gateway.receipt(payment_id=ID) == made


def test_a_cancelled_receipt_makes_room_for_one_over_what_remains(provider: Provider) -> None:
    provider.pay(method="TRANSFER")
    first = issue(provider)

    provider.gateway.cancel_receipt(payment_id=ID)

    gone = provider.gateway.receipt(payment_id=ID)
    assert gone and (gone.state, gone.issue_number) == (ReceiptState.CANCELLED, first.issue_number)
    second = issue(provider, amount=27_000)
    assert (second.amount, second.issue_number != first.issue_number) == (27_000, True)
    assert provider.gateway.receipt(payment_id=ID) == second


def test_cancelling_what_does_not_stand_is_harmless(provider: Provider) -> None:
    provider.pay(method="TRANSFER")
    provider.gateway.cancel_receipt(payment_id=ID)
    issue(provider)
    provider.gateway.cancel_receipt(payment_id=ID)
    provider.gateway.cancel_receipt(payment_id=ID)

    gone = provider.gateway.receipt(payment_id=ID)
    assert gone and gone.state == ReceiptState.CANCELLED


@portone_only
def test_a_refusal_of_the_tax_office_is_an_answer_and_nothing_stands(provider: Provider) -> None:
    provider.pay(method="TRANSFER")
    provider.pull("faults", pgErrors=1)

    with pytest.raises(ReceiptRefused):
        issue(provider)

    assert provider.gateway.receipt(payment_id=ID) is None


@portone_only
def test_a_lost_answer_to_a_receipt_is_trouble_and_the_receipt_is_found(provider: Provider) -> None:
    provider.pay(method="TRANSFER")
    provider.pull("faults", timeouts=1, timeoutSeconds=0, timeoutAfterWork=True)

    with pytest.raises(GatewayTrouble):
        issue(provider)

    found = provider.gateway.receipt(payment_id=ID)
    assert found and (found.state, found.amount) == (ReceiptState.ISSUED, AMOUNT)
