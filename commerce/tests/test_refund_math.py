"""However an order is taken apart, its parts make the whole: properties, then the rules with exact won."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.money import amounts
from commerce.orders import refund_math
from commerce.orders.refund_math import (
    Bill,
    Fault,
    Given,
    Line,
    MoreThanLeft,
    MoreThanOrdered,
    NothingLeft,
    Proposal,
    Wish,
    propose,
)


@st.composite
def bills(draw: st.DrawFn) -> Bill:
    """Draw an order of a few lines, with or without a discount, delivery and a sum from which it is free."""
    lines = [
        Line(line_id=number, quantity=quantity, total=price * quantity)
        for number, (price, quantity) in enumerate(
            draw(st.lists(st.tuples(st.integers(100, 200_000), st.integers(1, 7)), min_size=1, max_size=5))
        )
    ]
    goods = sum(line.total for line in lines)
    fee, free_from = draw(st.integers(0, 5_000)), draw(st.none() | st.integers(1_000, 300_000))
    free = free_from is not None and goods >= free_from
    return Bill(
        lines=lines,
        shipping=0 if free else fee,
        discount=draw(st.integers(0, goods // 2)),
        parcel_fee=fee,
        free_from=free_from,
    )


def after(given_: Given, proposal: Proposal) -> Given:
    """Return what went back when this went back too."""
    lines = dict(given_.lines)
    for share in proposal.shares:
        units, won = lines.get(share.line_id, (0, 0))
        lines[share.line_id] = (units + share.quantity, won + share.amount)
    return Given(
        lines=lines,
        shipping=given_.shipping + proposal.shipping,
        goodwill=given_.goodwill + proposal.goodwill,
        fee=given_.fee + proposal.fee,
    )


def take_apart(data: st.DataObject, bill: Bill, *, fault: Fault, dispatched: bool) -> list[Proposal]:
    """Refund a bill unit by unit, in random portions, until nothing is kept."""
    gone, parts = Given(), []
    while left := {
        line.line_id: line.quantity - gone.lines.get(line.line_id, (0, 0))[0]
        for line in bill.lines
        if line.quantity > gone.lines.get(line.line_id, (0, 0))[0]
    }:
        line_id = data.draw(st.sampled_from(sorted(left)))
        wish = Wish(quantities={line_id: data.draw(st.integers(1, left[line_id]))}, fault=fault)
        try:
            proposal = propose(bill=bill, given=gone, wish=wish, dispatched=dispatched)
        except NothingLeft:  # what is deducted is more than the units are worth: nothing is forced
            wish = replace(wish, fee=0)
            proposal = propose(bill=bill, given=gone, wish=wish, dispatched=dispatched)
        parts.append(proposal)
        gone = after(gone, proposal)
    return parts


@given(data=st.data(), bill=bills(), fault=st.sampled_from(Fault))
def test_whatever_is_cancelled_before_dispatch_gives_the_whole_total_back(
    data: st.DataObject, bill: Bill, fault: Fault
) -> None:
    parts = take_apart(data, bill, fault=fault, dispatched=False)

    assert sum(part.amount for part in parts) == bill.goods + bill.shipping
    assert [part.last for part in parts] == [False] * (len(parts) - 1) + [True]


@given(data=st.data(), bill=bills())
def test_whatever_the_shop_is_to_blame_for_gives_the_whole_total_back(
    data: st.DataObject, bill: Bill
) -> None:
    parts = take_apart(data, bill, fault=Fault.SHOP, dispatched=True)

    assert sum(part.amount for part in parts) == bill.goods + bill.shipping
    assert {part.fee for part in parts} == {0}


@given(data=st.data(), bill=bills())
def test_a_change_of_mind_gives_the_goods_back_less_what_was_agreed(data: st.DataObject, bill: Bill) -> None:
    parts = take_apart(data, bill, fault=Fault.SHOPPER, dispatched=True)

    assert sum(part.goods for part in parts) == bill.goods
    assert sum(part.shipping for part in parts) == 0
    assert sum(part.fee for part in parts) <= bill.parcel_fee * (len(parts) + 1)


@given(data=st.data(), bill=bills(), fault=st.sampled_from(Fault), dispatched=st.booleans())
def test_at_no_moment_more_went_back_than_was_paid(
    data: st.DataObject, bill: Bill, fault: Fault, dispatched: bool
) -> None:
    back = 0
    for part in take_apart(data, bill, fault=fault, dispatched=dispatched):
        back += part.amount
        assert part.amount > 0
        assert min(share.amount for share in part.shares) >= 0
        assert back <= bill.goods + bill.shipping


@given(data=st.data(), bill=bills())
def test_a_price_cut_is_not_given_again_with_the_goods(data: st.DataObject, bill: Bill) -> None:
    cut = data.draw(st.integers(1, bill.goods + bill.shipping))
    first = propose(bill=bill, given=Given(), wish=Wish(goodwill=cut, fault=Fault.SHOP), dispatched=True)
    gone = after(Given(), first)
    wish = replace(refund_math.everything(bill=bill, given=gone), fault=Fault.SHOP)
    if cut == bill.goods + bill.shipping:
        with pytest.raises(NothingLeft):
            propose(bill=bill, given=gone, wish=wish, dispatched=True)
        return

    rest = propose(bill=bill, given=gone, wish=wish, dispatched=True)

    assert (first.amount, first.amount + rest.amount) == (cut, bill.goods + bill.shipping)


@given(data=st.data(), whole=st.integers(1, 5_000_000))
def test_the_vat_of_any_parts_adds_up(data: st.DataObject, whole: int) -> None:
    whole_vat, taken, vats = amounts.vat_inside(whole), 0, []
    while taken < whole:
        part = data.draw(st.integers(1, whole - taken)) if len(vats) < 12 else whole - taken
        vats.append(
            amounts.vat_of_next(part=part, taken=taken, taken_vat=sum(vats), whole=whole, whole_vat=whole_vat)
        )
        taken += part
        assert 0 <= vats[-1] <= part
        assert abs(sum(vats) - taken * whole_vat / whole) <= 0.5

    assert sum(vats) == whole_vat


@given(data=st.data(), whole=st.integers(200, 5_000_000))
def test_the_vat_adds_up_also_when_a_part_in_between_was_given_up(data: st.DataObject, whole: int) -> None:
    whole_vat = amounts.vat_inside(whole)
    first, second = (data.draw(st.integers(1, whole // 3)) for _ in range(2))
    sums = {"whole": whole, "whole_vat": whole_vat}
    one = amounts.vat_of_next(part=first, taken=0, taken_vat=0, **sums)
    other = amounts.vat_of_next(part=second, taken=first, taken_vat=one, **sums)

    rest = amounts.vat_of_next(part=whole - second, taken=second, taken_vat=other, **sums)

    assert other + rest == whole_vat


# --- the rules --------------------------------------------------------------------------------------------

CUPS = Bill(
    lines=[Line(line_id=1, quantity=2, total=48_000), Line(line_id=2, quantity=1, total=12_000)],
    shipping=0,
    parcel_fee=3_000,
    free_from=50_000,
)  # 60,000 won of goods: delivery was free
PAID_DELIVERY = replace(CUPS, free_from=100_000, shipping=3_000)


def parts(
    bill: Bill, wish: Wish, *, given_: Given | None = None, dispatched: bool
) -> tuple[int, int, int, int]:
    """Return goods, shipping, fee and sum of a proposal."""
    one = propose(bill=bill, given=given_ or Given(), wish=wish, dispatched=dispatched)
    return one.goods, one.shipping, one.fee, one.amount


ALL = {1: 2, 2: 1}


@pytest.mark.parametrize(
    ("bill", "quantities", "fault", "dispatched", "expected"),
    [
        # before dispatch: all of it comes back with its delivery
        (CUPS, ALL, Fault.SHOPPER, False, (60_000, 0, 0, 60_000)),
        (PAID_DELIVERY, ALL, Fault.SHOPPER, False, (60_000, 3_000, 0, 63_000)),
        (PAID_DELIVERY, ALL, Fault.SHOP, False, (60_000, 3_000, 0, 63_000)),
        # a part: what is still sent must be paid for as agreed, if the shopper wanted it so
        (CUPS, {1: 1}, Fault.SHOPPER, False, (24_000, 0, 3_000, 21_000)),
        (CUPS, {1: 1}, Fault.SHOP, False, (24_000, 0, 0, 24_000)),
        (replace(CUPS, free_from=30_000), {1: 1}, Fault.SHOPPER, False, (24_000, 0, 0, 24_000)),
        (PAID_DELIVERY, {1: 1}, Fault.SHOPPER, False, (24_000, 0, 0, 24_000)),
        # after dispatch: the way back, and the way there that is free no longer
        (CUPS, ALL, Fault.SHOPPER, True, (60_000, 0, 6_000, 54_000)),
        (CUPS, {2: 1}, Fault.SHOPPER, True, (12_000, 0, 6_000, 6_000)),
        (replace(CUPS, free_from=30_000), {2: 1}, Fault.SHOPPER, True, (12_000, 0, 3_000, 9_000)),
        (PAID_DELIVERY, ALL, Fault.SHOPPER, True, (60_000, 0, 3_000, 57_000)),
        # the shop's fault costs the shopper nothing
        (CUPS, ALL, Fault.SHOP, True, (60_000, 0, 0, 60_000)),
        (PAID_DELIVERY, ALL, Fault.SHOP, True, (60_000, 3_000, 0, 63_000)),
        (PAID_DELIVERY, {1: 2}, Fault.SHOP, True, (48_000, 0, 0, 48_000)),
    ],
)
def test_who_pays_for_delivery(
    bill: Bill, quantities: dict[int, int], fault: Fault, dispatched: bool, expected: tuple[int, ...]
) -> None:
    assert parts(bill, Wish(quantities=quantities, fault=fault), dispatched=dispatched) == expected


def test_what_was_deducted_comes_back_when_in_the_end_nothing_is_sent() -> None:
    first = propose(bill=CUPS, given=Given(), wish=Wish(quantities={1: 1}), dispatched=False)

    rest = parts(CUPS, Wish(quantities={1: 1, 2: 1}), given_=after(Given(), first), dispatched=False)

    assert first.fee == 3_000
    assert rest == (36_000, 3_000, 0, 39_000)


def test_the_free_parcel_is_lost_once() -> None:
    first = propose(bill=CUPS, given=Given(), wish=Wish(quantities={1: 1}), dispatched=False)

    assert parts(CUPS, Wish(quantities={1: 1}), given_=after(Given(), first), dispatched=False) == (
        24_000,
        0,
        0,
        24_000,
    )


def test_a_discount_is_spread_over_the_lines_and_comes_back_to_the_won() -> None:
    bill = replace(CUPS, discount=10_001, free_from=None)  # 8,001 off the cups, 2,000 off the other line
    one = propose(bill=bill, given=Given(), wish=Wish(quantities={1: 1}), dispatched=False)
    other = propose(bill=bill, given=after(Given(), one), wish=Wish(quantities={1: 1}), dispatched=False)

    assert (one.goods, other.goods, parts(bill, Wish(quantities={2: 1}), dispatched=False)[0]) == (
        19_999,
        20_000,
        10_000,
    )


def test_less_may_be_deducted_but_never_more() -> None:
    wish = Wish(quantities=ALL, fault=Fault.SHOPPER)

    assert parts(CUPS, replace(wish, fee=0), dispatched=True)[2] == 0
    with pytest.raises(MoreThanLeft, match="fee: 6001 of 6000"):
        parts(CUPS, replace(wish, fee=6_001), dispatched=True)
    with pytest.raises(MoreThanLeft, match="fee: 1 of 0"):
        parts(CUPS, replace(wish, fault=Fault.SHOP, fee=1), dispatched=True)


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (Wish(quantities={1: 3}), MoreThanOrdered),
        (Wish(quantities={1: -1}), MoreThanOrdered),
        (Wish(quantities={9: 1}), MoreThanOrdered),
        (Wish(), NothingLeft),
        (Wish(goodwill=-1), MoreThanLeft),
        (Wish(goodwill=60_001), MoreThanLeft),
        (Wish(shipping=1), MoreThanLeft),
        (Wish(shipping=-1), MoreThanLeft),
    ],
)
def test_what_cannot_be_refunded_is_refused(wish: Wish, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        propose(bill=CUPS, given=Given(), wish=wish, dispatched=False)
