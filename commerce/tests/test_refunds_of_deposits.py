"""What came as a deposit goes back to an account that the shopper names."""

import pytest

from commerce.checkout import refunding
from commerce.checkout.closing import expire_unpaid_orders
from commerce.checkout.refunding import abandon, name_account
from commerce.checkout.settling import Outcome
from commerce.events.models import OutboxEvent
from commerce.payments.gateway import BankAccount
from commerce.payments.models import Refund
from commerce.payments.states import PaymentState, RefundState
from commerce.tests.factories import LATER, NOW, order
from commerce.tests.fakes import FakeGateway
from commerce.tests.refunding import DEPOSIT, balanced, everything, facts, give_back, paid, pay, settle

pytestmark = pytest.mark.django_db
HANA = BankAccount(bank="KAKAO", number="3333012345678", holder="김하나")


def test_a_deposit_waits_for_an_account_and_then_goes_there() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, deposit=True)

    refund = give_back(placed, units=1)

    placed.refresh_from_db()
    assert (refund.state, placed.flag) == ("waiting_for_account", refunding.WAITS)
    assert facts()[-2:] == ["refund.requested", "refund.account_needed"]
    assert pay(refund, gateway) == RefundState.WAITING_FOR_ACCOUNT
    assert (gateway.refunded, facts().count("refund.account_needed")) == ([], 1)

    assert name_account(order_id=placed.pk, account=HANA, now=NOW) == 1
    assert name_account(order_id=placed.pk, account=HANA, now=NOW) == 0
    assert facts()[-1] == "refund.account_given"
    assert pay(refund, gateway) == RefundState.SUCCEEDED

    placed.refresh_from_db()
    assert gateway.accounts == [HANA]
    assert (refund.account, placed.flag) == ({}, "")
    assert balanced(placed) == []


def test_the_account_is_in_no_fact_and_on_no_timeline() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, deposit=True)
    refund = give_back(placed, units=1, account=HANA)
    assert refund.account == {"bank": "KAKAO", "number": "3333012345678", "holder": "김하나"}
    pay(refund, gateway)

    written = [*OutboxEvent.objects.values_list("payload", flat=True)]
    written += placed.timeline.values_list("data", flat=True)
    assert "3333012345678" not in str(written)
    assert HANA.number not in str(list(Refund.objects.values()))


def test_a_late_deposit_asks_for_an_account_by_itself() -> None:
    placed, gateway = order(method="VIRTUAL_ACCOUNT"), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, at=LATER, account=DEPOSIT)

    assert settle(placed, gateway) == Outcome.REFUNDING

    refund = Refund.objects.get()
    assert (refund.state, refund.goods_amount, refund.shipping_amount) == (
        "waiting_for_account",
        48_000,
        3_000,
    )
    assert pay(refund, gateway) == RefundState.WAITING_FOR_ACCOUNT
    assert facts().count("refund.account_needed") == 1


def test_money_for_an_order_that_was_closed_is_not_kept_by_giving_its_refund_up() -> None:
    placed, gateway = order(method="VIRTUAL_ACCOUNT"), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, at=LATER, account=DEPOSIT)
    settle(placed, gateway)
    before = everything()

    with pytest.raises(refunding.NotOurs):
        abandon(refund_id=Refund.objects.get().pk, note="", now=LATER)

    assert everything() == before
    placed.refresh_from_db()
    assert balanced(placed) == []
