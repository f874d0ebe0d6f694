"""How much goes back when units of an order are refunded: integers in, integers out, nothing read or written.

The rules, with the Act on Consumer Protection in Electronic Commerce (the Act):

- A unit is worth what was paid for it: its share of the line after the order's discount, which is spread over
  the lines with the largest-remainder method. Units of a line are taken one after the other, so however an
  order is refunded, its last unit brings exactly what is left of the line.
- The shop's fault (faulty, not as described, not deliverable): no deduction, and delivery is paid back as soon
  as no unit is kept (§18(10)).
- The shopper's wish, before anything was sent: when nothing is kept everything goes back, delivery and what
  was deducted before included (§18(2)). When something is kept and the rest no longer reaches the sum from
  which delivery is free, the fee of that one parcel is deducted, as it was agreed.
- The shopper's wish, after dispatch: the way back is hers (§18(9)), and so is the way there when it was free
  only for a sum that is no longer reached. Never more than the agreed fee of a parcel for each way: no penalty.
  Units that did not leave with the rest have no way back.
- A price cut given before (goodwill) is an advance: what was given is not given again with the goods.
- Points that paid for goods come back with them, to the point: their share of the units, rounded so that money and
  points make the price of the units together. With the last units of what was not sent all that is left comes back.
  Where less money goes back than must be deducted, the rest is kept from the points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from commerce.money import amounts


class Fault(StrEnum):
    """Whose doing it is."""

    SHOPPER = "shopper"
    SHOP = "shop"


class UnableToPropose(Exception):
    """These units or sums cannot be refunded."""


class MoreThanOrdered(UnableToPropose):
    """More units of a line than are still kept; `left` units are."""

    def __init__(self, line_id: int, left: int) -> None:
        super().__init__(f"line {line_id}: {left} left")
        self.line_id, self.left = line_id, left


class MoreThanLeft(UnableToPropose):
    """`wanted` won of a part of which only `left` won may go back, or be deducted."""

    def __init__(self, part: str, wanted: int, left: int) -> None:
        super().__init__(f"{part}: {wanted} of {left}")
        self.part, self.wanted, self.left = part, wanted, left


class WorthMore(UnableToPropose):
    """Units and delivery are worth more than the `amount` that went back; a `fee` up to this would explain it."""

    def __init__(self, *, worth: int, amount: int, fee: int) -> None:
        super().__init__(f"worth {worth}, went back {amount}")
        self.worth, self.amount, self.fee = worth, amount, fee


class NothingLeft(UnableToPropose):
    """The sum is nothing, or less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as it was ordered; `total` in won before the order's discount."""

    line_id: int
    quantity: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What was agreed, in won. `parcel_fee`: sending one parcel; from `free_from` of goods on it was free."""

    lines: Sequence[Line]
    shipping: int
    discount: int = 0
    points: int = 0  # of the discount: points that were used
    parcel_fee: int = 0
    free_from: int | None = None

    @property
    def goods(self) -> int:
        """Return what the goods cost, the discount taken off."""
        return sum(line.total for line in self.lines) - self.discount


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What went back so far, in won: `lines` holds units and amount by line id."""

    lines: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    shipping: int = 0
    goodwill: int = 0
    fee: int = 0
    points: int = 0

    @property
    def goods(self) -> int:
        """Return what went back for goods."""
        return sum(amount for _units, amount in self.lines.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be refunded: units by line id. A sum of None is left to the rules."""

    quantities: Mapping[int, int] = field(default_factory=dict)
    fault: Fault = Fault.SHOPPER
    goodwill: int = 0
    shipping: int | None = None
    fee: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """Units of a line and what they bring, in won."""

    line_id: int
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A refund, part by part, in won. `last`: no unit is kept after it.

    `points` come back besides the money; `from_points`: what they bear of the fee, taken off them already.
    """

    shares: tuple[Share, ...]
    shipping: int
    goodwill: int
    fee: int
    last: bool
    points: int = 0
    from_points: int = 0

    @property
    def goods(self) -> int:
        """Return what the goods bring."""
        return sum(share.amount for share in self.shares)

    @property
    def amount(self) -> int:
        """Return the money that goes back."""
        return self.goods + self.shipping + self.goodwill - self.fee + self.from_points


def propose(*, bill: Bill, given: Given, wish: Wish, dispatched: bool, unsent: bool = False) -> Proposal:
    """Return the refund of a wish after what was given before; `dispatched`: a parcel has left the shop.

    `unsent`: the wish is for units that did not leave with it, so they have no way back to pay for.

    Raises:
        MoreThanOrdered: a line does not have so many units left, or there is no such line.
        MoreThanLeft: shipping, goodwill or fee are above what the rules allow.
        NothingLeft: neither money nor points would go back.
    """
    shares = _shares(bill, given, wish)
    last = _kept(bill, given) == sum(wish.quantities.values()) and bool(shares)
    shipping = _shipping(bill, given, wish, dispatched=dispatched, last=last)
    goodwill = _goodwill(bill, given, shares, wish.goodwill)
    fee = _fee(bill, given, wish, dispatched=dispatched, unsent=unsent, last=last)
    points = _points(bill, given, shares, whole=last and not dispatched)
    lacking = max(fee - sum(share.amount for share in shares) - shipping - goodwill, 0)
    borne = min(lacking, points)
    proposal = Proposal(
        shares=shares,
        shipping=shipping,
        goodwill=goodwill,
        fee=fee,
        last=last,
        points=points - borne,
        from_points=borne,
    )
    if proposal.amount < 0 or not (proposal.amount or proposal.points):
        raise NothingLeft
    return proposal


def explain(
    *, bill: Bill, given: Given, wish: Wish, amount: int, dispatched: bool, unsent: bool = False
) -> Proposal:
    """Return what a sum that went back already was for: units, delivery and fee of the wish, the rest a price cut.

    `given` is what went back besides it; what the wish leaves open is nothing.

    Raises:
        MoreThanOrdered: a line does not have so many units left.
        MoreThanLeft: delivery or fee are above what the rules allow.
        WorthMore: units and delivery make more than went back.
    """
    shares = _shares(bill, given, wish)
    last = _kept(bill, given) == sum(wish.quantities.values()) and bool(shares)
    stated = replace(wish, shipping=wish.shipping or 0, fee=wish.fee or 0)
    shipping = _shipping(bill, given, stated, dispatched=dispatched, last=last)
    fee = _fee(bill, given, stated, dispatched=dispatched, unsent=unsent, last=last)
    worth = sum(share.amount for share in shares) + shipping - fee
    if worth > amount:
        most = _fee(bill, given, replace(stated, fee=None), dispatched=dispatched, unsent=unsent, last=last)
        raise WorthMore(worth=worth, amount=amount, fee=most)
    goodwill = _goodwill(bill, given, shares, amount - worth)
    points = _points(bill, given, shares, whole=last and not dispatched)
    return Proposal(shares=shares, shipping=shipping, goodwill=goodwill, fee=fee, last=last, points=points)


def everything(*, bill: Bill, given: Given) -> Wish:
    """Return the wish for all that is kept, by the shop's doing."""
    left = {line.line_id: line.quantity - given.lines.get(line.line_id, (0, 0))[0] for line in bill.lines}
    return Wish(quantities={line: units for line, units in left.items() if units}, fault=Fault.SHOP)


def _shares(bill: Bill, given: Given, wish: Wish) -> tuple[Share, ...]:
    worth = _worth(bill)
    known = {line.line_id: line for line in bill.lines}
    shares = []
    for line_id, units in wish.quantities.items():
        gone, paid = given.lines.get(line_id, (0, 0))
        left = known[line_id].quantity - gone if line_id in known else 0
        if units > left or units < 0:
            raise MoreThanOrdered(line_id, left)
        if units:
            due = worth[line_id] * (gone + units) // known[line_id].quantity
            shares.append(Share(line_id, units, max(due - paid, 0)))
    return _within(tuple(shares), bill.goods - given.goods - given.goodwill)


def _worth(bill: Bill) -> dict[int, int]:
    totals = [line.total for line in bill.lines]
    off = amounts.split(bill.discount, totals) if bill.discount else [0] * len(totals)
    return {line.line_id: line.total - less for line, less in zip(bill.lines, off, strict=True)}


def _points(bill: Bill, given: Given, shares: Sequence[Share], *, whole: bool) -> int:
    if not bill.points:
        return 0
    if whole:
        return max(bill.points - given.points, 0)
    off = amounts.split(bill.points, [line.total for line in bill.lines])
    parts = {line.line_id: (line.quantity, part) for line, part in zip(bill.lines, off, strict=True)}
    points = 0
    for share in shares:
        (ordered, part), gone = parts[share.line_id], given.lines.get(share.line_id, (0, 0))[0]
        kept = ordered - gone  # rounded up as they go, where money is rounded down
        points += part * kept // ordered - part * (kept - share.quantity) // ordered
    return points


def _within(shares: tuple[Share, ...], room: int) -> tuple[Share, ...]:
    """Cut the shares where a price cut has given part of them already."""
    sums = [share.amount for share in shares]
    if sum(sums) <= room:
        return shares
    cut = amounts.split(max(room, 0), sums)
    return tuple(
        Share(share.line_id, share.quantity, amount) for share, amount in zip(shares, cut, strict=True)
    )


def _kept(bill: Bill, given: Given) -> int:
    return sum(line.quantity for line in bill.lines) - sum(units for units, _amount in given.lines.values())


def _shipping(bill: Bill, given: Given, wish: Wish, *, dispatched: bool, last: bool) -> int:
    # Before dispatch what was deducted earlier comes back too: no parcel is sent at all.
    deducted = given.fee if last and not dispatched else 0
    spent = max(given.goods + given.goodwill - bill.goods, 0)  # a price cut that reached into the shipping
    left = max(bill.shipping + deducted - given.shipping - spent, 0)
    if wish.shipping is None:
        return left if last and (not dispatched or wish.fault == Fault.SHOP) else 0
    if not 0 <= wish.shipping <= left:
        raise MoreThanLeft("shipping", wish.shipping, left)
    return wish.shipping


def _goodwill(bill: Bill, given: Given, shares: Sequence[Share], wanted: int) -> int:
    gone = given.goods + given.shipping + given.goodwill - given.fee
    left = bill.goods + bill.shipping - gone - sum(share.amount for share in shares)
    if not 0 <= wanted <= max(left, 0):
        raise MoreThanLeft("goodwill", wanted, max(left, 0))
    return wanted


def _fee(bill: Bill, given: Given, wish: Wish, *, dispatched: bool, unsent: bool, last: bool) -> int:
    if wish.fault == Fault.SHOP or not any(wish.quantities.values()):
        most = 0
    else:
        there = bill.parcel_fee if (dispatched or not last) and _no_longer_free(bill, given, wish) else 0
        most = there + (bill.parcel_fee if dispatched and not unsent else 0)
    if wish.fee is None:
        return most
    if not 0 <= wish.fee <= most:
        raise MoreThanLeft("fee", wish.fee, most)
    return wish.fee


def _no_longer_free(bill: Bill, given: Given, wish: Wish) -> bool:
    if bill.free_from is None:
        return False
    before = after = 0
    for line in bill.lines:
        price = line.total // line.quantity
        kept = line.quantity - given.lines.get(line.line_id, (0, 0))[0]
        before += price * kept
        after += price * (kept - wish.quantities.get(line.line_id, 0))
    return before >= bill.free_from > after
