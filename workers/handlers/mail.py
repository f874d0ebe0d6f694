"""Which mail follows from which fact. What it says is in `workers.letters`, how it leaves in `workers.mail`."""

from commerce.events import types
from commerce.fulfilment import selectors as parcels
from commerce.fulfilment.models import Shipment
from commerce.orders import selectors
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus
from commerce.payments.models import Refund
from commerce.payments.states import RefundState
from workers import letters, mail
from workers.jobs import Context, Fact, Permanent


def confirm_order(fact: Fact, context: Context) -> None:
    """Tell a shopper that the order is paid and what was agreed."""
    _send(letters.order_paid(order=_order(fact.read(types.OrderPaid).order_id)), context)


def ask_for_deposit(fact: Fact, context: Context) -> None:
    """Tell a shopper where to transfer the money; not when it came meanwhile."""
    order = _order(fact.read(types.DepositAwaited).order_id)
    if order.payment_status == PaymentStatus.AWAITING_DEPOSIT:
        _send(letters.deposit_awaited(order=order), context)


def remind_of_deposit(fact: Fact, context: Context) -> None:
    """Remind a shopper of a deposit; not when it came meanwhile."""
    order = _order(fact.read(types.DepositDueSoon).order_id)
    if order.payment_status == PaymentStatus.AWAITING_DEPOSIT:
        _send(letters.deposit_due_soon(order=order), context)


def tell_of_cancellation(fact: Fact, context: Context) -> None:
    """Tell a shopper that the order will not be delivered, and what becomes of the money."""
    told = fact.read(types.OrderCancelled)
    _send(letters.order_cancelled(order=_order(told.order_id), reason=told.reason), context)


def tell_of_refund(fact: Fact, context: Context) -> None:
    """Tell a shopper that money is on its way back."""
    told = fact.read(types.RefundCompleted)
    _send(letters.refund_completed(order=_order(told.order_id), refund=_refund(told.refund_id)), context)


def ask_for_account(fact: Fact, context: Context) -> None:
    """Ask a shopper where the money of a deposit may go; not when we know it meanwhile."""
    told = fact.read(types.RefundAccountNeeded)
    refund = _refund(told.refund_id)
    if refund.state == RefundState.WAITING_FOR_ACCOUNT:
        _send(letters.refund_account_needed(order=_order(told.order_id), refund=refund), context)


def tell_of_dispatch(fact: Fact, context: Context) -> None:
    """Tell a shopper that a parcel left, or that its number was corrected; not when it was taken back."""
    corrected = fact.type == types.ShipmentCorrected.name
    told = fact.read(types.ShipmentCorrected) if corrected else fact.read(types.ShipmentDispatched)
    parcel = _parcel(told.shipment_id)
    replaces = parcel and parcel.shipment.purpose == Shipment.Purpose.REPLACEMENT
    if replaces and not corrected:
        return  # the mail about the settled claim says so
    if parcel:
        left = parcels.parcels(order=_order(told.order_id)).left
        _send(letters.shipment_dispatched(parcel=parcel, left=left, corrected=corrected), context)


def tell_of_delivery(fact: Fact, context: Context) -> None:
    """Tell a shopper that a parcel arrived and until when it can be returned; not of refused goods."""
    told = fact.read(types.ShipmentDelivered)
    parcel = _parcel(told.shipment_id)
    if parcel and parcel.shipment.purpose != Shipment.Purpose.BACK:  # those were hers all the time
        _send(letters.shipment_delivered(parcel=parcel, all_arrived=told.last), context)


def _parcel(shipment_id: int) -> parcels.Parcel | None:
    try:
        return parcels.parcel(shipment_id=shipment_id)
    except Shipment.DoesNotExist:
        return None  # it was taken back meanwhile


def _order(order_id: int) -> Order:
    try:
        return selectors.by_id(order_id=order_id)
    except Order.DoesNotExist as gone:
        raise Permanent(f"no order {order_id}") from gone


def _refund(refund_id: int) -> Refund:
    try:
        return Refund.objects.get(pk=refund_id)
    except Refund.DoesNotExist as gone:
        raise Permanent(f"no refund {refund_id}") from gone


def _send(letter: letters.Letter, context: Context) -> None:
    mail.send_once(letter=letter, key=context.idempotency_key, now=context.now)
