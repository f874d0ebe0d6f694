"""Orders as a spreadsheet, for those who may take them away. Every download is on record."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from cms.backoffice import accesses, customers, policies, words
from commerce.orders.models import Order

HEADINGS: dict[str, words.Words] = {
    "number": _("Order number"),
    "placed": _("Placed at"),
    "status": _("Status"),
    "payment_status": _("Payment"),
    "fulfilment_status": _("Fulfilment"),
    "goods": _("Goods"),
    "shipping": _("Shipping"),
    "total": _("Total"),
    "vat": _("VAT included"),
    "name": _("Name"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "recipient": _("Recipient"),
    "recipient_phone": _("Recipient's phone"),
    "postcode": _("Postcode"),
    "address": _("Address"),
    "delivery_note": _("Delivery request"),
    "flag": _("Flag"),
}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what follows
_BYTE_ORDER_MARK = "\ufeff".encode()  # without it Excel takes Korean for Latin


class OrderExport:
    """The part of the list that makes CSV and XLSX."""

    list_export = list(HEADINGS)
    export_headings = HEADINGS
    export_filename = "orders"
    request: HttpRequest
    is_export: bool

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse downloads to those who may only look."""
        if self.is_export and not request.user.has_perm(policies.EXPORT_ORDERS):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    @cached_property
    def sees_people(self) -> bool:
        """Return whether this person may see customers."""
        return bool(self.request.user.has_perm(policies.SEE_PEOPLE))

    @cached_property
    def show_export_buttons(self) -> bool:
        """Offer downloads to those who may have them."""
        return bool(self.request.user.has_perm(policies.EXPORT_ORDERS))

    def as_spreadsheet(self, queryset: QuerySet[Order], spreadsheet_format: str) -> HttpResponseBase:
        """Write down who took how many orders away, and hand them over."""
        log(
            instance=self.request.user,
            action="backoffice.export_orders",
            user=self.request.user,
            data={"orders": len(queryset)},
        )
        if self.sees_people:
            accesses.note(self.request, act="export", subject="orders", count=len(queryset))
        response: HttpResponseBase = super().as_spreadsheet(queryset, spreadsheet_format)  # type: ignore[misc]
        return response

    def to_row_dict(self, order: Order) -> dict[str, Any]:
        """Return an order's cells, masked like the list."""
        customer = customers.of(order=order, sees_people=self.sees_people)
        return {
            "number": order.number,
            "placed": words.moment(order.placed_at),
            "status": order.get_status_display(),
            "payment_status": order.get_payment_status_display(),
            "fulfilment_status": order.get_fulfilment_status_display(),
            "goods": order.items_total,
            "shipping": order.shipping_total,
            "total": order.total,
            "vat": order.vat,
            "name": customer.name,
            "phone": customer.phone,
            "email": customer.email,
            "recipient": customer.recipient_name,
            "recipient_phone": customer.recipient_phone,
            "postcode": customer.postcode,
            "address": customer.address,
            "delivery_note": customer.delivery_note,
            "flag": str(words.reason(order.flag)),
        }

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Keep a spreadsheet from running what a shopper wrote."""
        return plain_cell(value)

    def stream_csv(self, queryset: QuerySet[Order]) -> Iterator[bytes]:
        """Begin with the mark that tells Excel it is Unicode."""
        yield from with_mark(super().stream_csv(queryset))  # type: ignore[misc]


def plain_cell(value: Any) -> Any:
    """Return a cell that no spreadsheet runs."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def with_mark(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Put the mark before a file that tells Excel it is Unicode."""
    yield _BYTE_ORDER_MARK
    yield from lines
