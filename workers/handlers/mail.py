"""Which mail follows from which fact. What it says is in `workers.letters`, how it leaves in `workers.mail`."""

from commerce.events import types
from commerce.fulfilment import selectors as parcels
from commerce.fulfilment.models import Shipment
from commerce.orders import selectors
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus
from workers import letters, mail
from workers.jobs import Context, Fact, Permanent


def confirm_order(fact: Fact, context: Context) -> None:
    """Tell a shopper that the order is paid and what was agreed."""
    _send(letters.order_paid(order=_order(fact)), context)


def ask_for_deposit(fact: Fact, context: Context) -> None:
    """Tell a shopper where to transfer the money; not when it came meanwhile."""
    order = _order(fact)
    if order.payment_status == PaymentStatus.AWAITING_DEPOSIT:
        _send(letters.deposit_awaited(order=order), context)


def tell_of_cancellation(fact: Fact, context: Context) -> None:
    """Tell a shopper that the order will not be delivered, and what becomes of the money."""
    _send(letters.order_cancelled(order=_order(fact), reason=fact.payload["reason"]), context)


def tell_of_refund(fact: Fact, context: Context) -> None:
    """Tell a shopper that money is on its way back."""
    _send(letters.refund_completed(order=_order(fact), amount=fact.payload["amount"]), context)


def tell_of_dispatch(fact: Fact, context: Context) -> None:
    """Tell a shopper that a parcel left, or that its number was corrected; not when it was taken back."""
    parcel = _parcel(fact)
    if parcel:
        left = parcels.parcels(order=_order(fact)).left
        corrected = fact.type == types.ShipmentCorrected.name
        _send(letters.shipment_dispatched(parcel=parcel, left=left, corrected=corrected), context)


def tell_of_delivery(fact: Fact, context: Context) -> None:
    """Tell a shopper that a parcel arrived and until when it can be returned."""
    parcel = _parcel(fact)
    if parcel:
        _send(letters.shipment_delivered(parcel=parcel, all_arrived=fact.payload["last"]), context)


def _parcel(fact: Fact) -> parcels.Parcel | None:
    try:
        return parcels.parcel(shipment_id=fact.payload["shipment_id"])
    except Shipment.DoesNotExist:
        return None  # it was taken back meanwhile


def _order(fact: Fact) -> Order:
    try:
        return selectors.by_id(order_id=fact.payload["order_id"])
    except Order.DoesNotExist as gone:
        raise Permanent(f"no order {fact.payload['order_id']}") from gone


def _send(letter: letters.Letter, context: Context) -> None:
    mail.send_once(letter=letter, key=context.idempotency_key, now=context.now)
