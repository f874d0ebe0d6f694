"""Write orders: open one, move it along, and keep its timeline."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from commerce.codes import code
from commerce.events import outbox, types
from commerce.money import amounts
from commerce.orders import balance, states
from commerce.orders.models import Order, OrderLine, TimelineEntry
from commerce.orders.states import FulfilmentStatus, PaymentStatus, Status
from commerce.payments.models import Payment, Refund
from commerce.rows import hold, insert, one, read, update

_NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O 1 I L U: survives handwriting and the telephone
_CONSENTS = ("order", "terms")  # what the order sheet makes everybody confirm: this order, the terms of use
_SEOUL = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who orders and who receives; phones are digits only."""

    email: str
    name: str
    phone: str
    recipient_name: str
    recipient_phone: str
    postcode: str
    address1: str
    address2: str = ""
    delivery_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line to order; `unit_price` in won."""

    variant_id: int
    sku: str
    title: str
    option_text: str
    slug: str
    unit_price: int
    quantity: int
    picture: dict[str, Any] = field(default_factory=dict)
    late: int = 0  # units that are not here yet
    ships_on: date | None = None  # when those are sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Everything else that was agreed. Amounts in won; a parcel costs `parcel_fee`, nothing from `free_from`."""

    language: str
    shipping_name: str
    shipping_total: int
    shipping_surcharge: int = 0  # of it: for a remote area
    parcel_fee: int = 0
    free_from: int | None = None
    discount_total: int = 0
    points_total: int = 0  # of the discount: points that are used
    terms_version: str
    pay_until: datetime


def open_order(
    *,
    cart_id: int,
    contact: Contact,
    items: Sequence[Item],
    terms: Terms,
    now: datetime,
    customer_id: int | None = None,
    order_id: int | None = None,
) -> Order:
    """Create an order with copies of everything that may change later, and record that it was placed.

    `customer_id`: whose it is; None for a guest's. `order_id`: its key, see `rows.new_key`, which it needs within `together`.
    """
    goods = sum(item.unit_price * item.quantity for item in items)
    total = goods + terms.shipping_total - terms.discount_total
    order = Order(
        id=order_id,
        number=_number(now),
        cart_id=cart_id,
        customer_id=customer_id,
        language=terms.language,
        email=contact.email,
        name=contact.name,
        phone=contact.phone,
        recipient_name=contact.recipient_name,
        recipient_phone=contact.recipient_phone,
        postcode=contact.postcode,
        address1=contact.address1,
        address2=contact.address2,
        delivery_note=contact.delivery_note,
        shipping_name=terms.shipping_name,
        parcel_fee=terms.parcel_fee,
        free_from=terms.free_from,
        items_total=goods,
        shipping_total=terms.shipping_total,
        shipping_surcharge=terms.shipping_surcharge,
        discount_total=terms.discount_total,
        points_total=terms.points_total,
        total=total,
        vat=amounts.vat_inside(total),
        terms_version=terms.terms_version,
        placed_at=now,
        pay_until=terms.pay_until,
    )
    insert(rows=[order])
    insert(rows=[_line(order, item) for item in items])
    tell(order=order, kind="placed", now=now)
    outbox.record_all([_placed(order), *_consents(order)])
    return order


def mark_paid(*, order: Order, paid_at: datetime, now: datetime) -> None:
    """Move a locked order to paid.

    Raises:
        IllegalTransition: it is cancelled or paid already.
    """
    _advance(order, Status.PAID)
    order.paid_at, order.fulfilment_status = paid_at, FulfilmentStatus.PREPARING
    order.payment_status = _money(order)
    update(order, "status", "paid_at", "fulfilment_status", "payment_status")
    tell(order=order, kind="paid", now=now)
    outbox.record(
        types.OrderPaid(
            order_id=order.pk,
            number=order.number,
            total=order.total,
            currency=amounts.CURRENCY,
            occurred_at=now,
        )
    )


def mark_awaiting_deposit(*, order: Order, until: datetime, now: datetime) -> None:
    """Keep a locked order open until the deposit of its virtual account is due."""
    order.pay_until = until
    order.save(update_fields=["pay_until"])
    project_money(order=order)
    tell(order=order, kind="deposit_awaited", now=now)
    outbox.record(types.DepositAwaited(order_id=order.pk, number=order.number, occurred_at=now))


def mark_payment_failed(*, order: Order, reason: str, payment_id: str, now: datetime) -> None:
    """Remember on a locked order that an attempt failed; another may follow."""
    project_money(order=order)
    tell(order=order, kind="payment_failed", now=now, reason=reason)
    outbox.record(
        types.PaymentFailed(order_id=order.pk, payment_id=payment_id, reason=reason, occurred_at=now)
    )


def cancel(*, order: Order, reason: str, now: datetime, by: types.Canceller = "shop") -> None:
    """Cancel a locked order; `by` whom, where it was not the shop by itself.

    Raises:
        IllegalTransition: it is cancelled or delivered already.
    """
    _advance(order, Status.CANCELLED)
    order.cancelled_at = now
    order.save(update_fields=["status", "cancelled_at"])
    project_money(order=order)
    tell(order=order, kind="cancelled", now=now, reason=reason)
    outbox.record(
        types.OrderCancelled(order_id=order.pk, number=order.number, reason=reason, by=by, occurred_at=now)
    )


def give_to(*, order: Order, customer_id: int, how: types.ClaimedBy, now: datetime) -> None:
    """Let a locked order of a guest be a customer's from now on."""
    order.customer_id = customer_id
    update(order, "customer")
    outbox.record(
        types.OrderClaimed(
            order_id=order.pk, number=order.number, customer_id=customer_id, how=how, occurred_at=now
        )
    )


def project_money(*, order: Order) -> None:
    """Write where the money of a locked order is, from its payment and refunds. Nobody else writes it."""
    status = _money(order)
    if order.payment_status != status:
        order.payment_status = status
        update(order, "payment_status")


def set_fulfilment_status(*, order: Order, status: FulfilmentStatus) -> None:
    """Project how far the parcels are onto a locked order; what arrived altogether is fulfilled.

    Raises:
        IllegalTransition: everything arrived of an order that is not paid.
    """
    if status == FulfilmentStatus.DELIVERED and order.status != Status.FULFILLED:
        _advance(order, Status.FULFILLED)
    order.fulfilment_status = status
    order.save(update_fields=["status", "fulfilment_status"])


def mark_confirmed(*, order: Order, how: types.ConfirmedBy, now: datetime) -> None:
    """Remember on a locked, delivered order that the shopper keeps it; `how` is `shopper` or `assumed`."""
    order.confirmed_at = now
    order.save(update_fields=["confirmed_at"])
    tell(order=order, kind="confirmed", now=now, how=how)
    outbox.record(types.OrderConfirmed(order_id=order.pk, number=order.number, how=how, occurred_at=now))


def set_open_claims(*, order: Order, count: int) -> None:
    """Project onto a locked order how many of its returns and exchanges are under way."""
    order.open_claims = count
    order.save(update_fields=["open_claims"])


def raise_flag(*, order: Order, why: str, now: datetime) -> bool:
    """Ask staff to look at a locked order; says so on its timeline once per reason.

    `why` begins with the kind of trouble; details after a colon stay on the timeline. Returns False when
    the flag says so already.
    """
    if order.flag == why[:200]:
        return False
    order.flag = why[:200]
    order.save(update_fields=["flag"])
    tell(order=order, kind="flagged", now=now, reason=why)
    kind = why.partition(":")[0]
    outbox.record(types.OrderFlagged(order_id=order.pk, number=order.number, reason=kind, occurred_at=now))
    return True


def lower_flag(*, order: Order, now: datetime) -> None:
    """Take the flag off a locked order: what it asked for has happened."""
    why, order.flag = order.flag, ""
    order.save(update_fields=["flag"])
    entry = tell(order=order, kind="looked_at", now=now, reason=why)
    outbox.record(
        types.OrderCleared(order_id=order.pk, number=order.number, entry_id=entry.pk, occurred_at=now)
    )


@transaction.atomic
def clear_flag(*, order_id: int, note: str, now: datetime) -> bool:
    """Take the flag off an order and keep on its timeline what staff found; return False when there is none."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if not order.flag:
        return False
    why, order.flag = order.flag, ""
    order.save(update_fields=["flag"])
    entry = tell(order=order, kind="looked_at", now=now, reason=why, note=note)
    outbox.record(
        types.OrderCleared(order_id=order.pk, number=order.number, entry_id=entry.pk, occurred_at=now)
    )
    return True


def flag_unbalanced(*, now: datetime) -> int:
    """Flag every order whose stored sums do not agree with its rows; return how many there are."""
    found = [(order.pk, problems[0]) for order, problems in balance.out_of_balance()]
    for order_id, problem in found:
        with transaction.atomic():
            order = Order.objects.select_for_update().get(pk=order_id)
            raise_flag(order=order, why=f"out of balance: {problem}", now=now)
    return len(found)


def add_note(*, order: Order, note: str, now: datetime) -> None:
    """Keep what staff says of a locked order on its timeline; the fact names the entry, not the words."""
    entry = tell(order=order, kind="noted", now=now, note=note)
    outbox.record(
        types.OrderNoteAdded(order_id=order.pk, number=order.number, entry_id=entry.pk, occurred_at=now)
    )


def tell(*, order: Order, kind: str, now: datetime, **data: Any) -> TimelineEntry:
    """Write an entry on the order's timeline, with who acts."""
    entry = TimelineEntry(order=order, kind=kind, at=now, actor=outbox.actor(), data=data)
    insert(rows=[entry])
    return entry


def _placed(order: Order) -> types.OrderPlaced:
    return types.OrderPlaced(
        order_id=order.pk,
        number=order.number,
        total=order.total,
        currency=amounts.CURRENCY,
        occurred_at=order.placed_at,
    )


def _consents(order: Order) -> list[types.CustomerConsented]:
    return [
        types.CustomerConsented(
            order_id=order.pk, kind=kind, text_version=order.terms_version, occurred_at=order.placed_at
        )
        for kind in _CONSENTS
    ]


def _money(order: Order) -> PaymentStatus:
    payment = one(Payment, "order_id = %s", order.pk)  # not what was read before somebody wrote
    hold(payment, refunds=read(Refund, "payment_id = %s", payment.pk))
    return balance.payment_status(order=order, payment=payment)


def _advance(order: Order, wanted: Status) -> None:
    states.check(number=order.number, current=order.status, wanted=wanted)
    order.status = wanted


def _number(now: datetime) -> str:
    return f"{now.astimezone(_SEOUL):%Y%m%d}-{code(alphabet=_NUMBER_ALPHABET, length=7)}"


def _line(order: Order, item: Item) -> OrderLine:
    total = item.unit_price * item.quantity
    return OrderLine(
        order=order,
        variant_id=item.variant_id,
        sku=item.sku,
        title=item.title,
        option_text=item.option_text,
        picture=item.picture,
        slug=item.slug,
        unit_price=item.unit_price,
        quantity=item.quantity,
        late=item.late,
        ships_on=item.ships_on if item.late else None,
        total=total,
        vat=amounts.vat_inside(total),
    )
