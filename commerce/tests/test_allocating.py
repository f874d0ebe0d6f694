"""Saying what a refund of the provider's console was for: exact won, stock and order follow, and nothing on refusal."""

from datetime import timedelta
from typing import Any

import pytest

from commerce.checkout import allocating, refunding
from commerce.events.models import OutboxEvent
from commerce.inventory.models import StockItem
from commerce.orders import balance
from commerce.orders.models import Order, TimelineEntry
from commerce.orders.refund_math import MoreThanLeft, MoreThanOrdered, Wish, WorthMore
from commerce.payments.models import Refund, RefundLine
from commerce.tests.factories import NOW, cart, owed, place, product, shelf, to_come
from commerce.tests.fakes import FakeGateway
from commerce.tests.parcels import arrive
from commerce.tests.refunding import paid, settle

pytestmark = pytest.mark.django_db


def cancelled(amount: int, *, sent: bool = False) -> tuple[Order, Refund]:
    """Return a paid order of two cups (48,000 + 3,000 won) of which a part was cancelled at the console."""
    gateway = FakeGateway()
    placed = paid(gateway, sent=sent)
    gateway.console(placed, amount)
    settle(placed, gateway)
    return placed, Refund.objects.get()


def say(refund: Refund, *, cups: int = 0, restock: bool = False, **more: Any) -> Refund:
    """Say that it was for so many cups."""
    line = refund.payment.order.lines.get().pk
    wish = {key: more.pop(key) for key in ("shipping", "fee") if key in more}
    return allocating.allocate(
        refund_id=refund.pk,
        wish=Wish(quantities={line: cups} if cups else {}, **wish),
        restock=restock,
        **{"note": "전화로 취소", "now": NOW} | more,
    )


def everything() -> list[Any]:
    """Return all rows that an allocation may touch."""
    models = (Order, Refund, RefundLine, StockItem, TimelineEntry, OutboxEvent)
    return [list(model.objects.order_by("pk").values()) for model in models]


def parts(refund: Refund) -> tuple[int, int, int, int]:
    refund.refresh_from_db()
    return refund.goods_amount, refund.shipping_amount, refund.goodwill_amount, refund.fee


def test_a_bare_sum_becomes_units_and_the_flag_goes() -> None:
    placed, refund = cancelled(24_000)
    assert placed.flag == refunding.BY_HAND

    say(refund, cups=1, restock=True)

    placed.refresh_from_db()
    assert parts(refund) == (24_000, 0, 0, 0)
    row = refund.lines.get()
    assert (row.quantity, row.amount, row.cancelled, row.restocked) == (1, 24_000, True, True)
    assert (placed.flag, placed.status, placed.fulfilment_status) == ("", "paid", "preparing")
    assert shelf() == (4, 0)
    assert list(balance.wrong(order=placed)) == []
    entry = placed.timeline.get(kind="refund_allocated")
    assert entry.data == {"amount": 24_000, "note": "전화로 취소", "refund": refund.pk}
    fact = OutboxEvent.objects.get(type="refund.allocated").payload
    assert fact == {
        "order_id": placed.pk,
        "refund_id": refund.pk,
        "goods": 24_000,
        "shipping": 0,
        "goodwill": 0,
        "fee": 0,
        "lines": [f"{row.order_line_id}:1:24000"],
    }


def test_what_is_said_twice_is_written_once() -> None:
    _placed, refund = cancelled(24_000)
    say(refund, cups=1, restock=True)
    before = everything()

    with pytest.raises(allocating.MovedOn):
        say(refund, cups=1, restock=True)

    assert everything() == before


def test_what_the_units_leave_of_the_sum_is_a_price_cut() -> None:
    _placed, refund = cancelled(30_000)

    say(refund, cups=1, shipping=1_000)

    assert parts(refund) == (24_000, 1_000, 5_000, 0)
    assert shelf() == (3, 0)


def test_no_units_at_all_is_a_price_cut_that_is_known_now() -> None:
    placed, refund = cancelled(5_000)

    say(refund)

    placed.refresh_from_db()
    assert (parts(refund), placed.flag) == ((0, 0, 5_000, 0), "")
    with pytest.raises(allocating.MovedOn):
        say(refund)


def test_what_was_deducted_for_delivery_explains_a_smaller_sum() -> None:
    placed, refund = cancelled(21_000, sent=True)
    Order.objects.filter(pk=placed.pk).update(parcel_fee=3_000)

    say(refund, cups=1, fee=3_000)

    assert parts(refund) == (24_000, 0, 0, 3_000)
    assert refund.lines.get().cancelled is False


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"cups": 3}, MoreThanOrdered),
        ({"cups": 2}, WorthMore),
        ({"cups": 1, "shipping": 3_001}, MoreThanLeft),
        ({"cups": 1, "fee": 1}, MoreThanLeft),
        ({"shipping": 3_000, "cups": 1}, WorthMore),
    ],
)
def test_what_does_not_add_up_changes_nothing(how: dict[str, int], why: type[Exception]) -> None:
    _placed, refund = cancelled(24_000)
    before = everything()

    with pytest.raises(why):
        say(refund, **how)

    assert everything() == before


def test_units_count_as_refunded_for_what_comes_after() -> None:
    placed, refund = cancelled(24_000)
    say(refund, cups=1)

    with pytest.raises(MoreThanOrdered):
        refunding.preview(order=placed, wish=Wish(quantities={placed.lines.get().pk: 2}))
    assert refunding.preview(order=placed, wish=Wish(quantities={placed.lines.get().pk: 1})).amount == 27_000


def test_when_nothing_is_kept_and_nothing_was_sent_the_order_is_off() -> None:
    placed, refund = cancelled(48_000)

    say(refund, cups=2, restock=True)

    placed.refresh_from_db()
    assert (placed.status, placed.payment_status) == ("cancelled", "partly_refunded")
    assert shelf() == (5, 0)
    assert list(balance.wrong(order=placed)) == []
    told = OutboxEvent.objects.get(type="order.cancelled").payload
    assert (told["by"], told["reason"]) == ("staff", "refunded at the provider")


def test_parts_that_were_not_shown_are_not_written() -> None:
    placed, refund = cancelled(24_000)
    wish = Wish(quantities={placed.lines.get().pk: 1})
    shown = allocating.preview(refund=refund, wish=wish)
    other = allocating.preview(refund=refund, wish=Wish())
    before = everything()

    with pytest.raises(allocating.Changed):
        say(refund, cups=1, expected=other)
    assert everything() == before
    say(refund, cups=1, expected=shown)


def test_units_that_nobody_has_yet_are_waited_for_no_more() -> None:
    gateway = FakeGateway()
    product(units=1)
    to_come(5)
    placed = place(cart(("CUP", 2)), total=51_000)
    gateway.says(placed, "paid")
    settle(placed, gateway)
    assert owed() == (1, 5)
    gateway.console(placed, 24_000)
    settle(placed, gateway)

    say(Refund.objects.get(), cups=1)

    assert owed() == (0, 5)


def test_an_allocation_that_moved_no_stock_can_be_taken_back_and_made_anew() -> None:
    placed, refund = cancelled(24_000, sent=True)
    arrive(placed.shipments.get(), at=NOW + timedelta(days=1))
    refund = say(refund, cups=1)
    assert allocating.may_be_taken_back(refund=refund)

    allocating.take_back(refund_id=refund.pk, note="다른 주문이었음", now=NOW)

    placed.refresh_from_db()
    assert (parts(refund), placed.flag) == ((0, 0, 24_000, 0), refunding.BY_HAND)
    assert not refund.lines.exists()
    assert OutboxEvent.objects.filter(type="refund.allocated").last().payload["lines"] == [
        f"{placed.lines.get().pk}:-1:-24000"
    ]
    with pytest.raises(allocating.MovedOn):
        allocating.take_back(refund_id=refund.pk, note="", now=NOW)
    say(refund)
    assert parts(refund) == (0, 0, 24_000, 0)


@pytest.mark.parametrize("restock", [True, False])
def test_what_moved_stock_cannot_be_taken_back(restock: bool) -> None:
    _placed, refund = cancelled(24_000)
    say(refund, cups=1, restock=restock)  # it will not be sent any more
    before = everything()

    with pytest.raises(allocating.StockMoved):
        allocating.take_back(refund_id=refund.pk, note="", now=NOW)

    assert everything() == before
