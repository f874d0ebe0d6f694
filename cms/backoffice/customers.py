"""What the back office shows of a customer: everything, or as much as it takes to talk about an order."""

from dataclasses import dataclass

from cms.backoffice import people
from commerce.orders.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whom to call and where to send."""

    name: str
    phone: str
    email: str
    recipient_name: str
    recipient_phone: str
    postcode: str
    address: str
    delivery_note: str
    masked: bool


def of(*, order: Order, sees_people: bool) -> Customer:
    """Return the customer of an order, masked unless the reader may see people."""
    return _plain(order) if sees_people else _masked(order)


def _plain(order: Order) -> Customer:
    return Customer(
        name=order.name,
        phone=people.show_phone(order.phone),
        email=order.email,
        recipient_name=order.recipient_name,
        recipient_phone=people.show_phone(order.recipient_phone),
        postcode=order.postcode,
        address=f"{order.address1} {order.address2}".strip(),
        delivery_note=order.delivery_note,
        masked=False,
    )


def _masked(order: Order) -> Customer:
    return Customer(
        name=people.mask_name(order.name),
        phone=people.mask_phone(order.phone),
        email=people.mask_email(order.email),
        recipient_name=people.mask_name(order.recipient_name),
        recipient_phone=people.mask_phone(order.recipient_phone),
        postcode="***",
        address=people.mask_address(order.address1),
        delivery_note="***" if order.delivery_note else "",
        masked=True,
    )
