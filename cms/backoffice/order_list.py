"""The list of orders: filters and search. Customers are masked for those who may not see them."""

import re
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from cms.backoffice import accesses, people, words
from cms.backoffice.columns import MomentColumn, TagColumn, WonColumn
from cms.backoffice.order_export import OrderExport
from commerce.fulfilment.models import Shipment
from commerce.orders.models import Order
from commerce.orders.states import FulfilmentStatus, PaymentStatus, Status


class OrderFilters(WagtailFilterSet):
    """What the desk asks for; the dashboard leads to some of it."""

    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=Status.choices, widget=CheckboxSelectMultiple
    )
    payment_status = django_filters.MultipleChoiceFilter(
        label=_("Payment"), choices=PaymentStatus.choices, widget=CheckboxSelectMultiple
    )
    fulfilment_status = django_filters.MultipleChoiceFilter(
        label=_("Fulfilment"), choices=FulfilmentStatus.choices, widget=CheckboxSelectMultiple
    )
    flagged = django_filters.ChoiceFilter(
        label=_("Flag"),
        choices=[("true", _("Flagged")), ("false", _("Not flagged"))],
        method="filter_flagged",
        widget=RadioSelect,
        empty_label=_("All"),
    )
    placed_at = django_filters.DateFromToRangeFilter(label=_("Placed at"), widget=DateRangePickerWidget)
    paid_at = django_filters.DateFromToRangeFilter(label=_("Paid at"), widget=DateRangePickerWidget)

    class Meta:
        model = Order
        fields: list[str] = []

    def filter_flagged(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        """Keep what staff must look at, or everything else."""
        return rows.exclude(flag="") if value == "true" else rows.filter(flag="")


class OrderIndex(OrderExport, generic.IndexView):
    """The list."""

    default_ordering = "-placed_at"
    is_searchable = True
    table_classname = "listing bo-listing"

    @cached_property
    def columns(self) -> list[Column]:
        """Number, time, customer, sum, the three states, and why it is flagged."""
        return [
            TitleColumn(
                "number", label=_("Order number"), get_url=_address, sort_key="number", classname="bo-whole"
            ),
            MomentColumn("placed_at", label=_("Placed at"), sort_key="placed_at", classname="bo-moment"),
            Column("name", label=_("Name"), accessor=self._name, classname="bo-whole"),
            WonColumn("total", label=_("Total"), sort_key="total", classname="bo-won"),
            _tag("status", _("Status")),
            _tag("payment_status", _("Payment")),
            _tag("fulfilment_status", _("Fulfilment")),
            TagColumn(
                "flag",
                label=_("Flag"),
                accessor=lambda order: _("Flagged") if order.flag else "",
                tone=lambda order: "bad",
            ),
        ]

    def search_queryset(self, rows: QuerySet[Order]) -> QuerySet[Order]:
        """Find by number; by phone, e-mail and name only for those who may see them."""
        return find(rows, text=self.search_query.strip(), sees_people=self.sees_people)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Note who sees how many names."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        if self.sees_people:
            accesses.note(self.request, act="orders", subject="orders", count=len(context["object_list"]))
        return context

    def _name(self, order: Order) -> str:
        return order.name if self.sees_people else people.mask_name(order.name)


def find(rows: QuerySet[Order], *, text: str, sees_people: bool) -> QuerySet[Order]:
    """Keep the orders with this number or tracking number; for those who may see people, also by person."""
    if not text:
        return rows
    digits = re.sub(r"\D", "", text)
    numeric = len(digits) >= 4 and len(digits) == len(re.sub(r"[\s-]", "", text))
    wanted = Q(number__icontains=text)
    if numeric and len(digits) >= 8:
        wanted |= Q(pk__in=Shipment.objects.filter(tracking_number=digits).values("order"))
    if sees_people:
        wanted |= Q(name__icontains=text) | Q(recipient_name__icontains=text) | Q(email__icontains=text)
    if sees_people and numeric:
        wanted |= Q(phone__contains=digits) | Q(recipient_phone__contains=digits)
    return rows.filter(wanted)


def _address(order: Order) -> str:
    return reverse("orders:inspect", args=[order.pk])


def _tag(field: str, label: Any) -> TagColumn:
    return TagColumn(
        field,
        label=label,
        accessor=lambda order: words.status(order, field),
        tone=lambda order: words.TONES.get(getattr(order, field), "calm"),
    )
