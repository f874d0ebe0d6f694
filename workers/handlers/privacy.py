"""Copies of personal data, and what the queue itself forgets of a customer who left."""

from commerce.events import types
from commerce.orders.models import Order
from commerce.privacy import exporting
from workers import account_letters, mail
from workers.jobs import Context, Fact, Withdrawn
from workers.models import OutboundEmail


def make_copy(fact: Fact, context: Context) -> None:
    """Make the copy that a customer asked for."""
    exporting.make(export_id=fact.read(types.ExportRequested).export_id, now=context.now)


def tell_of_copy(fact: Fact, context: Context) -> None:
    """Tell a customer that the copy can be fetched on my page; the mail has nothing of it."""
    told = fact.read(types.ExportReady)
    row = exporting.newest(customer_id=told.customer_id, now=context.now)
    if row is None or row.pk != told.export_id or row.expires_at is None or not row.customer.is_active:
        raise Withdrawn("it cannot be fetched any more")
    letter = account_letters.copy_ready(to=row.customer.email, language=row.language, until=row.expires_at)
    mail.send_once(letter=letter, key=context.idempotency_key, now=context.now)


def forget_mails(fact: Fact, _context: Context) -> None:
    """Take the address out of the memory of mails; that they were sent, and when, stays."""
    customer_id = fact.read(types.CustomerWithdrew).customer_id
    orders = Order.objects.filter(customer_id=customer_id)
    OutboundEmail.objects.filter(order__in=orders).update(to="")
