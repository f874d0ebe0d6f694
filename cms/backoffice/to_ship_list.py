"""The list of what must be sent, the most urgent first; with boxes to tick for printing and downloading."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import RadioSelect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from cms.backoffice import accesses, order_list, parcel_block, people, policies, words
from cms.backoffice.columns import NumberColumn, TagColumn
from commerce.fulfilment import dates, selectors
from commerce.fulfilment.selectors import Packed
from commerce.orders.models import Order
from commerce.orders.states import FulfilmentStatus


class ToShipFilters(WagtailFilterSet):
    """What the desk asks for; the dashboard leads to some of it."""

    stage = django_filters.ChoiceFilter(
        label=gettext_lazy("Stage"),
        choices=[
            ("new", gettext_lazy("Nothing sent yet")),
            ("partly", gettext_lazy("Partly sent")),
            ("overdue", gettext_lazy("Overdue")),
            ("waiting", gettext_lazy("Waits for stock")),
        ],
        method="filter_stage",
        widget=RadioSelect,
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Order
        fields: list[str] = []

    def filter_stage(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        """Keep one stage."""
        stages = {
            "new": Q(fulfilment_status=FulfilmentStatus.PREPARING),
            "partly": Q(fulfilment_status=FulfilmentStatus.PARTLY_SHIPPED),
            "overdue": selectors.overdue(now=timezone.now()),
            "waiting": selectors.waits_for_stock(),
        }
        return rows.filter(stages[value])


class TickColumn(Column):
    """A box to tick."""

    header_template_name = "backoffice/cells/tick_all.html"
    cell_template_name = "backoffice/cells/tick.html"


class ToShipIndex(generic.IndexView):
    """The list."""

    default_ordering = ("paid_at", "pk")
    is_searchable = True
    table_classname = "listing bo-listing"

    def get_base_queryset(self) -> QuerySet[Order]:
        """Read what must be sent, with its lines."""
        return selectors.to_ship().prefetch_related("lines")

    def order_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """Keep the most urgent first: the promise follows the payment."""
        return queryset

    @cached_property
    def columns(self) -> list[Column]:
        """Box, number, deadline, recipient, contents, stage, flag."""
        return [
            TickColumn("pk", label=_("Select")),
            TitleColumn("number", label=_("Order number"), get_url=_address, classname="bo-whole"),
            TagColumn("deadline", label=_("Send by"), tone=lambda order: order.tone),
            Column("recipient", label=_("Recipient"), accessor=self._name, classname="bo-whole"),
            Column("contents", label=_("To send"), classname="bo-contents"),
            NumberColumn("units", label=_("Units")),
            TagColumn(
                "stage",
                label=_("Stage"),
                accessor="get_fulfilment_status_display",
                tone=lambda order: words.TONES.get(order.fulfilment_status, "calm"),
            ),
            TagColumn("waiting", label=_("Waits for stock"), tone=lambda order: "wait"),
            TagColumn(
                "flag",
                label=_("Flag"),
                accessor=lambda order: _("Flagged") if order.flag else "",
                tone=lambda order: "bad",
            ),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer the upload."""
        if not self.request.user.has_perm(policies.ACT_ON_ORDERS):
            return []
        return [HeaderButton(_("Upload tracking numbers"), url=reverse("to-ship:upload"), icon_name="upload")]

    def get_page_title(self) -> str:
        """Call the page by what it is for: the model's name is taken."""
        return _("To ship")

    def search_queryset(self, rows: QuerySet[Order]) -> QuerySet[Order]:
        """Find as in the list of orders."""
        return order_list.find(rows, text=self.search_query.strip(), sees_people=self._sees_people)

    def get_table(self, object_list: Any) -> Any:
        """Add to each row what is left of it, read at once."""
        rows = list(object_list)
        left, ready = selectors.left_and_ready_of(orders=rows)
        today = dates.day_of(at=timezone.now())
        for row in rows:
            _describe(row, left[row.pk], ready[row.pk], today=today)
        return super().get_table(rows)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what may be done with ticked rows, and note who sees how many names."""
        may_export = self.request.user.has_perm(policies.EXPORT_ORDERS)
        may_act = self.request.user.has_perm(policies.ACT_ON_ORDERS)
        context = super().get_context_data(*args, **kwargs)
        if self._sees_people:
            accesses.note(self.request, act="orders", subject="to ship", count=len(context["object_list"]))
        return {**context, "may_export": may_export, "may_act": may_act}

    @cached_property
    def no_results_message(self) -> str:
        """Say that the work is done, or that nothing matches."""
        if self.is_searching or self.is_filtering:
            return _("No order that is to be sent matches.")
        return _("Everything is sent.")

    @cached_property
    def _sees_people(self) -> bool:
        return bool(self.request.user.has_perm(policies.SEE_PEOPLE))

    def _name(self, order: Order) -> str:
        return order.recipient_name if self._sees_people else people.mask_name(order.recipient_name)


def _address(order: Order) -> str:
    return f"{reverse('orders:inspect', args=[order.pk])}#bo-parcels"


def _describe(row: Any, left: dict[int, int], ready: dict[int, int], *, today: Any) -> None:
    packed = [Packed(line=line, quantity=left[line.pk]) for line in row.lines.all() if line.pk in left]
    deadline = dates.ship_by(paid_at=row.paid_at)
    row.contents = " · ".join(parcel_block.contents(packed))
    row.units = sum(left.values())
    row.waiting = _waiting(row, left, ready)
    row.deadline = f"{words.calendar_day(deadline)}{' · ' + _('Overdue') if deadline < today else ''}"
    row.tone = "bad" if deadline < today else "wait" if deadline == today else "calm"


def _waiting(row: Order, left: dict[int, int], ready: dict[int, int]) -> str:
    """Return how many units have not arrived here yet, and when they should."""
    count = sum(left.values()) - sum(ready.values())
    if not count:
        return ""
    days = [
        line.ships_on
        for line in row.lines.all()
        if line.ships_on and left.get(line.pk, 0) > ready.get(line.pk, 0)
    ]
    text = ngettext("%(count)d unit", "%(count)d units", count) % {"count": count}
    return f"{text} · {words.calendar_day(max(days))}" if days else text
