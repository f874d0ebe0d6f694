"""What a refund is made of: the order as the rules want it, and their proposal as rows and units of stock."""

from collections import Counter
from collections.abc import Collection, Mapping

from commerce.fulfilment import selectors as parcels
from commerce.inventory import selectors as inventory
from commerce.orders.models import Order
from commerce.orders.refund_math import Bill, Given, Line, Proposal
from commerce.payments import refunds
from commerce.payments.models import Payment
from commerce.payments.refunds import LinePart, Parts


def bill_of(*, order: Order) -> Bill:
    """Return what was agreed, as the refund rules want it."""
    lines = [Line(line_id=line.pk, quantity=line.quantity, total=line.total) for line in order.lines.all()]
    return Bill(
        lines=lines,
        shipping=order.shipping_total,
        discount=order.discount_total,
        points=order.points_total,
        parcel_fee=order.parcel_fee,
        free_from=order.free_from,
    )


def given_of(*, payment: Payment, but: int = 0) -> Given:
    """Return what went back so far or is on its way, as the refund rules want it; the refund `but` is left out."""
    lines: dict[int, tuple[int, int]] = {}
    rows = list(refunds.live(payment=payment).exclude(pk=but).prefetch_related("lines"))
    for row in rows:
        for part in row.lines.all():
            units, won = lines.get(part.order_line_id, (0, 0))
            lines[part.order_line_id] = (units + part.quantity, won + part.amount)
    return Given(
        lines=lines,
        shipping=sum(row.shipping_amount for row in rows),
        goodwill=sum(row.goodwill_amount for row in rows),
        fee=sum(row.fee for row in rows),
        points=sum(row.points for row in rows),
    )


def shelved(
    *, order: Order, proposal: Proposal, staying: Mapping[int, int], restock: bool | Collection[int]
) -> set[int]:
    """Return the lines whose units go back on the shelf; `restock` asks for all or for some, by line id.

    Of a line of which another option was sent instead nobody knows which one came back: staff counts it.
    """
    if not restock:
        return set()
    swapped = parcels.swapped(order=order)
    lines = {
        share.line_id
        for share in proposal.shares
        if share.line_id not in swapped or share.quantity <= staying.get(share.line_id, 0)
    }
    return lines if restock is True else lines & set(restock)


def rows(*, proposal: Proposal, staying: Mapping[int, int], shelved: Collection[int] = ()) -> Parts:
    """Return a proposal as a refund keeps it; `staying` are the units by line id that did not leave yet."""
    return Parts(
        lines=[
            LinePart(
                line_id=share.line_id,
                quantity=share.quantity,
                amount=share.amount,
                # also when more go back: nothing is left to send
                cancelled=staying.get(share.line_id, 0) > 0,
                restocked=share.line_id in shelved,
            )
            for share in proposal.shares
        ],
        shipping=proposal.shipping,
        goodwill=proposal.goodwill,
        fee=proposal.fee - proposal.from_points,
        points=proposal.points,
    )


def units_back(
    *, order: Order, proposal: Proposal, staying: Mapping[int, int], shelved: Collection[int]
) -> Counter[int]:
    """Return units by variant id that leave the sale: those for the shelf, and those that are waited for no more."""
    return _for_the_shelf(order, proposal, shelved) + _not_awaited(order, proposal, staying, shelved)


def _for_the_shelf(order: Order, proposal: Proposal, shelved: Collection[int]) -> Counter[int]:
    variants = {line.pk: line.variant_id for line in order.lines.all()}
    units: Counter[int] = Counter()
    for share in proposal.shares:
        if share.line_id in shelved:
            units[variants[share.line_id]] += share.quantity
    return units


def _not_awaited(
    order: Order, proposal: Proposal, staying: Mapping[int, int], shelved: Collection[int]
) -> Counter[int]:
    """Return units by variant id of which none has to arrive any more: they never were here to be put anywhere.

    Those that are `shelved` are taken out of the sale altogether.
    """
    owed = inventory.waiting(references=[order.number])
    variants = {line.pk: line.variant_id for line in order.lines.all()}
    unsent: Counter[int] = Counter()
    for share in proposal.shares:
        if share.line_id not in shelved:
            unsent[variants[share.line_id]] += min(share.quantity, staying.get(share.line_id, 0))
    dropped = {pk: min(count, owed.get((order.number, pk), 0)) for pk, count in unsent.items()}
    return Counter({pk: count for pk, count in dropped.items() if count})
