"""Our books beside the provider's: no difference, each kind of difference, and the ones that heal themselves."""

from datetime import UTC, datetime, timedelta

import pytest

from commerce.checkout import comparing
from commerce.checkout.settling import settle_payment
from commerce.orders.models import Order
from commerce.payments.gateway import GatewayTrouble
from commerce.payments.models import Payment, PaymentComparison
from commerce.payments.states import PaymentState
from commerce.tests.factories import NOW, cart, order, place, product
from commerce.tests.fakes import FakeGateway

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 24, 19, 20, tzinfo=UTC)  # 04:20 of the 25th in Seoul
SINCE, UNTIL = comparing.yesterday(now=MORNING)


def compare(gateway: FakeGateway) -> PaymentComparison:
    return comparing.compare_payments(gateway=gateway, since=SINCE, until=UNTIL, now=MORNING)


def paid(gateway: FakeGateway) -> Order:
    placed = order()
    gateway.says(placed, PaymentState.PAID)
    settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=NOW)
    return Order.objects.get(pk=placed.pk)


def test_yesterday_begins_and_ends_at_midnight_in_seoul():
    assert (SINCE, UNTIL) == (
        datetime(2026, 11, 23, 15, 0, tzinfo=UTC),
        datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
    )


def test_equal_books_have_no_difference(gateway):
    paid(gateway)

    report = compare(gateway)

    assert (report.checked, report.differences) == (1, [])
    assert Order.objects.get().flag == ""


def test_a_payment_that_no_webhook_told_of_is_settled_and_is_no_difference(gateway):
    placed = order()
    gateway.says(placed, PaymentState.PAID)

    report = compare(gateway)

    assert (report.checked, report.differences) == (1, [])
    assert Order.objects.get().status == "paid"


def test_money_at_the_provider_that_belongs_to_no_order_is_told(gateway):
    placed = paid(gateway)
    gateway.says(placed, PaymentState.PAID)
    stranger = gateway.payments[placed.payment.payment_id]
    gateway.payments["strangersPayment00"] = type(stranger)(
        **{name: getattr(stranger, name) for name in stranger.__slots__}
        | {"payment_id": "strangersPayment00"}
    )

    report = compare(gateway)

    assert report.checked == 2
    assert report.differences == [
        {
            "payment_id": "strangersPayment00",
            "order_number": "",
            "field": "payment",
            "ours": "",
            "theirs": "paid",
        }
    ]
    assert Order.objects.get().flag == ""


def test_a_payment_that_the_provider_does_not_list_is_told_and_its_order_flagged(gateway):
    placed = paid(gateway)
    del gateway.payments[placed.payment.payment_id]

    report = compare(gateway)

    assert [
        (one["order_number"], one["field"], one["ours"], one["theirs"]) for one in report.differences
    ] == [(placed.number, "payment", "paid", "")]
    assert "provider's books: payment" in Order.objects.get().flag


def test_another_amount_is_told(gateway):
    placed = paid(gateway)
    Payment.objects.update(amount=placed.total + 1)

    report = compare(gateway)

    assert [(one["field"], one["ours"], one["theirs"]) for one in report.differences] == [
        ("amount", str(placed.total + 1), str(placed.total))
    ]
    Payment.objects.update(amount=placed.total)  # the database would refuse to keep the difference


def test_what_changed_on_another_day_is_not_compared(gateway):
    placed = paid(gateway)
    gateway.says(placed, PaymentState.PAID, at=SINCE - timedelta(seconds=1))
    Payment.objects.update(provider_changed_at=SINCE - timedelta(seconds=1))

    assert (compare(gateway).checked, PaymentComparison.objects.count()) == (0, 1)


def test_compared_again_the_report_is_replaced(gateway):
    paid(gateway)
    compare(gateway)
    compare(gateway)

    assert PaymentComparison.objects.count() == 1


def test_a_silent_provider_leaves_no_report(gateway):
    paid(gateway)
    gateway.down = True

    with pytest.raises(GatewayTrouble):
        compare(gateway)
    assert PaymentComparison.objects.count() == 0


def test_of_a_days_payments_only_those_that_differ_are_asked_about(gateway, monkeypatch):
    product(units=5, price=24_000)
    both = [place(cart(("CUP", 1)), total=27_000) for _n in range(2)]
    for placed in both:
        gateway.says(placed, PaymentState.PAID)
    equal, lost = (placed.payment.payment_id for placed in both)
    settle_payment(payment_id=equal, gateway=gateway, now=NOW)
    asked, fetch = [], gateway.fetch

    def noted(*, payment_id: str):
        asked.append(payment_id)
        return fetch(payment_id=payment_id)

    monkeypatch.setattr(gateway, "fetch", noted)

    report = compare(gateway)

    assert (report.checked, report.differences, set(asked)) == (2, [], {lost})


def test_one_payment_that_cannot_be_settled_does_not_stop_the_comparison(gateway, monkeypatch):
    placed = paid(gateway)
    gateway.says(placed, PaymentState.PAID)
    Payment.objects.update(cancelled_amount=1)

    def broken(**_asked):
        raise RuntimeError("a defect")

    monkeypatch.setattr(comparing, "settle_payment", broken)

    report = compare(gateway)

    assert [(one["field"], one["ours"], one["theirs"]) for one in report.differences] == [
        ("refunded", "1", "0")
    ]
    Payment.objects.update(cancelled_amount=0)  # the database would refuse to keep the difference
