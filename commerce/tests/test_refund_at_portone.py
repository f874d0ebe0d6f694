"""Refunds through the real client at a local PortOne V2: partial, lost, slow, and back to an account."""

from typing import Any

import pytest

from commerce.checkout.paybacks import execute_refund, reconcile_refunds
from commerce.checkout.refunding import name_account
from commerce.checkout.settling import Outcome, settle_payment
from commerce.orders import balance
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus, Status
from commerce.payments.models import Payment, Refund
from commerce.payments.states import RefundState
from commerce.tests.factories import NOW, order
from commerce.tests.gateways import HANA, ID, Provider, portone_only, provider
from commerce.tests.refunding import give_back

pytestmark = [pytest.mark.django_db, portone_only]
__all__ = ["provider"]  # the fixture


def bought(provider: Provider, *, deposit: bool = False) -> Order:
    """Return an order over 51,000 won that was paid at PortOne."""
    placed = order(method="VIRTUAL_ACCOUNT" if deposit else "CARD")
    Payment.objects.update(payment_id=ID)
    if deposit:
        provider.pay(action="issue", method="VIRTUAL_ACCOUNT")
        provider.pull(f"payments/{ID}/deposit")
    else:
        provider.pay()
    assert settle(provider) == Outcome.PAID
    return Order.objects.get(pk=placed.pk)


def settle(provider: Provider) -> Outcome:
    return settle_payment(payment_id=ID, gateway=provider.gateway, now=NOW)


def pay(provider: Provider, refund: Refund) -> RefundState:
    return execute_refund(refund_id=refund.pk, gateway=provider.gateway, now=NOW)


def cancelled(provider: Provider) -> tuple[int, int]:
    """Return how many won PortOne gave back, in how many cancellations."""
    found = provider.gateway.fetch(payment_id=ID)
    return found.cancelled, len(found.refunds)


def test_cup_after_cup_until_nothing_is_left(provider: Provider) -> None:
    placed = bought(provider)

    for cause, won in (("one", 24_000), ("two", 51_000)):
        assert pay(provider, give_back(placed, units=1, cause=cause)) == RefundState.SUCCEEDED
        assert cancelled(provider)[0] == won

    placed.refresh_from_db()
    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDED)
    assert settle(provider) == Outcome.CANCELLED
    assert list(balance.out_of_balance()) == []


def test_two_equal_parts_of_which_one_answer_was_lost_are_each_paid_once(provider: Provider) -> None:
    placed = bought(provider)
    first, second = (give_back(placed, goodwill=5_000, cause=cause) for cause in ("one", "two"))
    refund = provider.gateway.refund

    def losing(**wish: Any) -> Any:
        provider.pull("faults", timeouts=1, timeoutSeconds=0, timeoutAfterWork=True)
        return refund(**wish)

    provider.gateway.refund = losing  # type: ignore[method-assign]
    assert pay(provider, first) == RefundState.PENDING
    provider.gateway.refund = refund  # type: ignore[method-assign]
    for _ in range(2):
        assert pay(provider, second) == RefundState.SUCCEEDED
        assert pay(provider, first) == RefundState.SUCCEEDED

    assert cancelled(provider) == (10_000, 2)
    assert list(balance.out_of_balance()) == []


@pytest.mark.parametrize("failed", [0, 1])
def test_two_parts_on_which_portone_works_at_the_same_time(provider: Provider, failed: int) -> None:
    placed = bought(provider)
    provider.pull("faults", cancelMode="REQUESTED", cancelSettleSeconds=0)
    refunds = [give_back(placed, goodwill=5_000, cause=cause) for cause in ("one", "two")]
    for refund in refunds:
        assert pay(provider, refund) == RefundState.PENDING
        refund.refresh_from_db()
    for number, refund in enumerate(refunds):
        which = {"cancellationId": refund.cancellation_id, "succeeded": number != failed}
        provider.pull(f"payments/{ID}/settle-cancellation", **which)

    assert reconcile_refunds(gateway=provider.gateway, now=NOW) == 2

    states = list(Refund.objects.order_by("pk").values_list("state", "attempts"))
    assert sorted(states) == [("failed", 1), ("succeeded", 1)]
    assert states[failed] == ("failed", 1)
    assert cancelled(provider)[0] == 5_000
    assert list(balance.out_of_balance()) == []


def test_a_part_of_a_deposit_goes_to_the_account_that_the_shopper_named(provider: Provider) -> None:
    placed = bought(provider, deposit=True)
    refund = give_back(placed, units=1)
    assert pay(provider, refund) == RefundState.WAITING_FOR_ACCOUNT
    assert cancelled(provider) == (0, 0)

    name_account(order_id=placed.pk, account=HANA, now=NOW)

    assert pay(provider, refund) == RefundState.SUCCEEDED
    refund.refresh_from_db()
    assert (cancelled(provider), refund.account) == ((24_000, 1), {})


def test_a_part_cancelled_at_the_console_is_a_refund_of_its_own(provider: Provider) -> None:
    placed = bought(provider)
    provider.pull(f"payments/{ID}/cancel", amount=5_000)

    assert settle(provider) == Outcome.PAID
    assert pay(provider, give_back(placed, units=1)) == RefundState.SUCCEEDED

    kinds = Refund.objects.order_by("pk").values_list("kind", "amount", "state")
    assert list(kinds) == [("external", 5_000, "succeeded"), ("ours", 24_000, "succeeded")]
    assert cancelled(provider) == (29_000, 2)
    assert list(balance.out_of_balance()) == []
