"""Copies of personal data, and what the queue itself forgets of a customer who left."""

from commerce.events import types
from commerce.orders.models import Order
from commerce.privacy import exporting
from workers.jobs import Context, Fact
from workers.models import OutboundEmail


def make_copy(fact: Fact, context: Context) -> None:
    """Make the copy that a customer asked for."""
    exporting.make(export_id=fact.read(types.ExportRequested).export_id, now=context.now)


def forget_mails(fact: Fact, _context: Context) -> None:
    """Take the address out of the memory of mails; that they were sent, and when, stays."""
    customer_id = fact.read(types.CustomerWithdrew).customer_id
    orders = Order.objects.filter(customer_id=customer_id)
    OutboundEmail.objects.filter(order__in=orders).update(to="")
