"""The fake provider and the real client keep the same promises about payments and refunds."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from commerce.payments import portone
from commerce.payments.gateway import (
    GatewayTrouble,
    GatewayUnreachable,
    LeftChanged,
    PaymentUnknown,
)
from commerce.payments.states import PaymentState, RefundState
from commerce.tests.gateways import AMOUNT, HANA, ID, Provider, portone_only, provider

MOMENT, HOUR = timedelta(milliseconds=1), timedelta(hours=1)
__all__ = ["provider"]  # fixture


def test_what_was_never_tried_is_unknown(provider: Provider) -> None:
    provider.gateway.register(payment_id=ID, amount=AMOUNT)

    with pytest.raises(PaymentUnknown):
        provider.gateway.fetch(payment_id=ID)


def test_registering_again_is_harmless(provider: Provider) -> None:
    provider.gateway.register(payment_id=ID, amount=AMOUNT)
    provider.gateway.register(payment_id=ID, amount=AMOUNT)
    provider.pay()
    provider.gateway.register(payment_id=ID, amount=AMOUNT)

    assert provider.gateway.fetch(payment_id=ID).state == PaymentState.PAID


def test_a_paid_payment_says_everything_that_is_compared(provider: Provider, settings: Any) -> None:
    provider.pay()

    found = provider.gateway.fetch(payment_id=ID)

    assert (found.payment_id, found.store_id) == (ID, settings.PORTONE_STORE_ID)
    assert (found.total, found.tax_free, found.cancelled, found.currency) == (AMOUNT, 0, 0, "KRW")
    assert (found.version, found.live, found.channel_key) == ("V2", False, settings.PORTONE_CHANNEL_KEY)
    assert found.paid_at is not None
    assert found.transaction_id


def test_all_of_it_can_be_given_back(provider: Provider) -> None:
    provider.pay()

    answer = provider.gateway.refund(payment_id=ID, amount=AMOUNT, cancellable=AMOUNT, reason="test")

    assert answer.state == RefundState.SUCCEEDED
    found = provider.gateway.fetch(payment_id=ID)
    assert (found.state, found.cancelled) == (PaymentState.CANCELLED, AMOUNT)


def test_a_part_can_be_given_back(provider: Provider) -> None:
    provider.pay()

    provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test")

    found = provider.gateway.fetch(payment_id=ID)
    assert (found.state, found.cancelled) == (PaymentState.PARTLY_CANCELLED, 1_000)


def test_who_is_wrong_about_what_is_left_gives_nothing_back(provider: Provider) -> None:
    provider.pay()
    provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test")

    with pytest.raises(GatewayTrouble):
        provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test")

    assert provider.gateway.fetch(payment_id=ID).cancelled == 1_000


@portone_only
@pytest.mark.parametrize(("succeeded", "end"), [(True, RefundState.SUCCEEDED), (False, RefundState.FAILED)])
def test_a_refund_under_way_is_seen_until_it_ends(
    provider: Provider, succeeded: bool, end: RefundState
) -> None:
    provider.pay()
    provider.pull("faults", cancelMode="REQUESTED", cancelSettleSeconds=0)

    answer = provider.gateway.refund(payment_id=ID, amount=AMOUNT, cancellable=AMOUNT, reason="test")
    waiting = provider.gateway.fetch(payment_id=ID)
    provider.pull(f"payments/{ID}/settle-cancellation", succeeded=succeeded)

    assert answer.state == RefundState.PENDING
    assert (waiting.state, waiting.cancelled, waiting.refunds) == (PaymentState.PAID, 0, (answer,))
    ended = provider.gateway.fetch(payment_id=ID).refunds
    assert [(one.cancellation_id, one.state) for one in ended] == [(answer.cancellation_id, end)]


def test_what_was_given_back_is_listed_with_its_sum_and_our_reason(provider: Provider) -> None:
    provider.pay()
    provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="one #R1-1", vat=91)
    provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT - 1_000, reason="two #R2-1")

    listed = provider.gateway.fetch(payment_id=ID).refunds

    assert [(one.state, one.amount, one.reason) for one in listed] == [
        (RefundState.SUCCEEDED, 1_000, "one #R1-1"),
        (RefundState.SUCCEEDED, 1_000, "two #R2-1"),
    ]
    assert len({one.cancellation_id for one in listed}) == 2


def test_who_is_wrong_about_what_is_left_is_told_so(provider: Provider) -> None:
    provider.pay()

    with pytest.raises(LeftChanged):
        provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT - 1, reason="test")


@portone_only
def test_what_is_cancelled_already_is_read_again_not_believed(provider: Provider) -> None:
    provider.pay()
    provider.gateway.refund(payment_id=ID, amount=AMOUNT, cancellable=AMOUNT, reason="test")

    with pytest.raises(LeftChanged):
        provider.gateway.refund(payment_id=ID, amount=AMOUNT, cancellable=0, reason="test")


@portone_only
def test_a_part_of_a_deposit_goes_back_to_an_account_and_nowhere_else(provider: Provider) -> None:
    provider.pay(action="issue", method="VIRTUAL_ACCOUNT")
    provider.pull(f"payments/{ID}/deposit")

    refused = provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test")
    given = provider.gateway.refund(
        payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test", vat=91, account=HANA, by_customer=True
    )

    assert refused.state == RefundState.FAILED
    assert "refundAccount" in refused.failure
    assert (given.state, given.amount) == (RefundState.SUCCEEDED, 1_000)
    found = provider.gateway.fetch(payment_id=ID)
    assert (found.state, found.cancelled, bool(found.account)) == (PaymentState.PARTLY_CANCELLED, 1_000, True)


@portone_only
def test_a_lost_answer_is_trouble_and_found_in_the_list(provider: Provider) -> None:
    provider.pay()
    provider.pull("faults", timeouts=1, timeoutSeconds=0, timeoutAfterWork=True)

    with pytest.raises(GatewayTrouble) as trouble:
        provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="lost #R7-1")

    assert not isinstance(trouble.value, LeftChanged | GatewayUnreachable)
    assert [one.reason for one in provider.gateway.fetch(payment_id=ID).refunds] == ["lost #R7-1"]


@portone_only
def test_a_refusal_of_the_card_company_is_an_answer(provider: Provider) -> None:
    provider.pay()
    provider.pull("faults", pgErrors=1)

    answer = provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test")

    assert (answer.state, answer.cancellation_id) == (RefundState.FAILED, "")
    assert answer.failure


def test_everything_that_changed_is_listed_however_many_pages_it_takes(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portone, "_PAGE", 2)
    paid = [f"CONTRACT100{number}" for number in range(5)]
    for payment_id in paid:
        provider.pay(payment_id=payment_id)
    times = [provider.gateway.fetch(payment_id=payment_id).changed_at for payment_id in paid]

    listed = list(provider.gateway.changed(since=min(times), until=max(times) + MOMENT))

    assert sorted(one.payment_id for one in listed) == paid
    assert {(one.state, one.total) for one in listed} == {(PaymentState.PAID, AMOUNT)}


def test_two_windows_that_meet_list_a_payment_once(provider: Provider) -> None:
    provider.pay()
    at = provider.gateway.fetch(payment_id=ID).changed_at

    def listed(since: datetime, until: datetime) -> list[str]:
        return [one.payment_id for one in provider.gateway.changed(since=since, until=until)]

    assert listed(at, at + HOUR) == [ID]
    assert listed(at - HOUR, at) == []
    assert listed(at + MOMENT, at + HOUR) == []
