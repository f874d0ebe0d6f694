"""The same promises about payments that wait for our word, and accounts that are closed."""

import httpx
import pytest

from commerce.payments.gateway import (
    GatewayTrouble,
    PaymentUnknown,
)
from commerce.payments.states import PaymentState
from commerce.tests.gateways import AMOUNT, ID, Provider, portone_only, provider

__all__ = ["provider"]  # fixture


# --- manual approval --------------------------------------------------------------------------------------


def confirm(provider: Provider, token: str, *, amount: int = AMOUNT) -> PaymentState:
    """Confirm, and return what became of the payment."""
    provider.gateway.confirm(payment_id=ID, payment_token=token, transaction_id="", amount=amount)
    return provider.gateway.fetch(payment_id=ID).state


def test_who_agreed_in_the_window_pays_only_when_we_say_so(provider: Provider) -> None:
    token = provider.pay(manual=True)
    before = provider.gateway.fetch(payment_id=ID)

    assert (before.state, before.paid_at) == (PaymentState.OPEN, None)
    assert confirm(provider, token) == PaymentState.PAID
    assert provider.gateway.fetch(payment_id=ID).total == AMOUNT


def test_a_wrong_token_takes_no_money_and_the_right_one_still_does(provider: Provider) -> None:
    token = provider.pay(manual=True)

    assert confirm(provider, "guessed") == PaymentState.OPEN
    assert confirm(provider, token) == PaymentState.PAID


def test_another_amount_than_was_agreed_to_is_not_taken(provider: Provider) -> None:
    token = provider.pay(manual=True)

    assert confirm(provider, token, amount=AMOUNT + 1) == PaymentState.OPEN


def test_confirming_what_is_paid_takes_nothing_more(provider: Provider) -> None:
    token = provider.pay(manual=True)
    confirm(provider, token)
    paid = provider.gateway.fetch(payment_id=ID)

    assert confirm(provider, token) == PaymentState.PAID
    assert provider.gateway.fetch(payment_id=ID) == paid


# --- virtual accounts -------------------------------------------------------------------------------------


def test_nobody_can_pay_into_an_account_that_was_closed(provider: Provider) -> None:
    provider.pay(action="issue", method="VIRTUAL_ACCOUNT")
    assert provider.gateway.fetch(payment_id=ID).state == PaymentState.AWAITING_DEPOSIT

    provider.gateway.close_account(payment_id=ID)

    assert provider.gateway.fetch(payment_id=ID).state == PaymentState.FAILED
    provider.gateway.close_account(payment_id=ID)  # closing again changes nothing
    assert provider.gateway.fetch(payment_id=ID).state == PaymentState.FAILED


@portone_only
def test_a_deposit_into_a_closed_account_is_refused_by_the_bank(provider: Provider) -> None:
    provider.pay(action="issue", method="VIRTUAL_ACCOUNT")
    provider.gateway.close_account(payment_id=ID)

    answer = httpx.post(f"{provider.url}/_sandbox/payments/{ID}/deposit", json={}, trust_env=False)

    assert answer.status_code == 409


def test_closing_the_account_of_what_is_paid_leaves_it_paid(provider: Provider) -> None:
    provider.pay()
    paid = provider.gateway.fetch(payment_id=ID)

    provider.gateway.close_account(payment_id=ID)

    assert provider.gateway.fetch(payment_id=ID) == paid


def test_closing_what_nobody_knows_is_harmless(provider: Provider) -> None:
    provider.gateway.close_account(payment_id=ID)

    with pytest.raises(PaymentUnknown):
        provider.gateway.fetch(payment_id=ID)


@portone_only
def test_a_bank_that_does_not_close_accounts_is_trouble_and_the_account_stays(provider: Provider) -> None:
    provider.pay(action="issue", method="VIRTUAL_ACCOUNT")
    provider.pull("faults", pgErrors=1)

    with pytest.raises(GatewayTrouble):
        provider.gateway.close_account(payment_id=ID)

    assert provider.gateway.fetch(payment_id=ID).state == PaymentState.AWAITING_DEPOSIT
