"""A shopper cancels by herself what has not left the shop: at once, as easily as she ordered it (Act §17, §18(2))."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from commerce.checkout import closing, refund_parts, refunding
from commerce.fulfilment import selectors as parcels
from commerce.orders.models import Order
from commerce.orders.refund_math import Fault, Proposal, Wish
from commerce.orders.states import Status
from commerce.payments import refunds
from commerce.payments.gateway import BankAccount, Gateway
from commerce.payments.models import Refund
from commerce.payments.states import Requester

UNSAID = "cancelled by the shopper"
REASONS = (UNSAID, "change of mind", "ordered by mistake", "another product", "takes too long")


class NotCancellable(Exception):
    """Some of it left the shop meanwhile, or was cancelled before."""


class What(StrEnum):
    """What a shopper can cancel of an order."""

    NOTHING = "nothing"
    UNPAID = "unpaid"
    PAID = "paid"


def what(*, order: Order) -> What:
    """Return what can be cancelled of an order now. Staff looks at a payment that does not match first."""
    if order.status == Status.PLACED:
        return What.NOTHING if order.flag else What.UNPAID
    return What.PAID if order.holds_everything or units(order=order) else What.NOTHING


def units(*, order: Order) -> dict[int, int]:
    """Return how many units of each line have not left the shop and still hold money, by line id."""
    if order.status != Status.PAID or not refunds.left(payment=order.payment):
        return {}
    given = refund_parts.given_of(payment=order.payment).lines
    kept = {line.pk: line.quantity - given.get(line.pk, (0, 0))[0] for line in order.lines.all()}
    left = {pk: min(count, kept[pk]) for pk, count in parcels.left_to_ship(order).items()}
    return {pk: count for pk, count in left.items() if count > 0}


def preview(*, order: Order, quantities: Mapping[int, int]) -> Proposal:
    """Return what would go back for units by line id.

    Raises:
        NotCancellable: more than has not left, or nothing.
        UnableToPropose: the costs of delivery eat it up.
        UnableToRefund: there is nothing to give back.
    """
    wish = _wish(order, quantities)
    return refunding.preview(order=order, wish=wish)


def cancel_unpaid(*, order_id: int, reason: str, gateway: Gateway, now: datetime) -> None:
    """Cancel an order that nobody paid; the provider is asked first.

    Raises:
        closing.NotUnpaid: it is paid, being paid, or closed already.
        GatewayTrouble: the provider could not be asked; nothing was changed.
    """
    closing.cancel_unpaid(order_id=order_id, reason=_known(reason), by="shopper", gateway=gateway, now=now)


@transaction.atomic(durable=True)
def cancel_paid(
    *,
    order_id: int,
    quantities: Mapping[int, int],
    reason: str,
    expected: int,
    cause: str,
    account: BankAccount | None,
    now: datetime,
) -> Refund:
    """Cancel units of a paid order that have not left and give their money back at once, once per `cause`.

    `expected` is the sum in won that the shopper saw.

    Raises:
        NotCancellable: more than has not left, or nothing.
        UnableToPropose: the costs of delivery eat it up.
        UnableToRefund: not the sum that was shown, or nothing to give back.
    """
    order, payment = refunding.lock(order_id=order_id)
    again = payment.refunds.filter(cause=f"cancel:{cause}").first()
    if again:
        return again
    return refunding.refund_order(
        order_id=order_id,
        wish=_wish(order, quantities),
        cause=f"cancel:{cause}",
        reason=_known(reason),
        requester=Requester.CUSTOMER,
        restock=True,
        expected=expected,
        account=account,
        now=now,
    )


def _wish(order: Order, quantities: Mapping[int, int]) -> Wish:
    left = units(order=order)
    wanted = {pk: count for pk, count in quantities.items() if count}
    if not wanted or any(not 0 < count <= left.get(pk, 0) for pk, count in wanted.items()):
        raise NotCancellable(order.number)
    return Wish(quantities=wanted, fault=Fault.SHOPPER)


def _known(reason: str) -> str:
    return reason if reason in REASONS else UNSAID
