"""The report that everybody hopes to find empty: our books beside PortOne's, night by night."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from cms.backoffice import words
from cms.backoffice.columns import MomentColumn, NumberColumn, TagColumn
from cms.backoffice.read_only import ReadOnlyViewSet
from commerce.orders.models import Order
from commerce.payments.models import PaymentComparison
from commerce.payments.states import PaymentState

_FIELDS = {
    "payment": gettext_lazy("payment"),
    "state": gettext_lazy("state"),
    "amount": gettext_lazy("amount"),
    "refunded": gettext_lazy("refunded amount"),
}


class ComparisonIndex(generic.IndexView):
    """The nights, the latest first."""

    default_ordering = "-since"
    table_classname = "listing bo-listing"

    @cached_property
    def columns(self) -> list[Column]:
        """Day, when, how many, result."""
        return [
            TitleColumn(
                "since",
                label=_("Day"),
                accessor=lambda row: words.day(row.since),
                get_url=lambda row: reverse("comparisons:inspect", args=[row.pk]),
            ),
            NumberColumn("checked", label=_("Payments")),
            TagColumn("differences", label=_("Result"), accessor=result_text, tone=result_tone),
            MomentColumn("at", label=_("Compared")),
        ]

    @cached_property
    def no_results_message(self) -> str:
        """Say when the first one comes."""
        return _("Nothing was compared yet. The clock does it every night.")


class ComparisonPage(generic.InspectView):
    """One night: every difference, and where its order is."""

    template_name = "backoffice/comparison.html"
    fields = ["checked"]
    object: PaymentComparison

    def get_page_title(self) -> str:
        """Call the page by the day."""
        return words.day(self.object.since)

    def get_page_subtitle(self) -> str:
        """Say nothing twice."""
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Payment comparisons")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the template shows."""
        numbers = {one["order_number"] for one in self.object.differences}
        orders = dict(Order.objects.filter(number__in=numbers).values_list("number", "pk"))
        return {
            **super().get_context_data(**kwargs),
            "row": self.object,
            "tag": (result_text(self.object), result_tone(self.object)),
            "compared": words.moment(self.object.at),
            "differences": [_shown(one, orders) for one in self.object.differences],
        }


class ComparisonViewSet(ReadOnlyViewSet):
    """A list and a page; the clock writes them."""

    model = PaymentComparison
    name = "comparisons"
    icon = "check"
    menu_label = gettext_lazy("Payment comparisons")
    list_per_page = 31
    form_fields = ["checked"]  # no form is ever made of it: there is no edit view
    index_view_class = ComparisonIndex
    inspect_view_class = ComparisonPage


def result_text(row: PaymentComparison) -> str:
    """Say how many differences a comparison found."""
    count = len(row.differences)
    return ngettext("%(count)s difference", "%(count)s differences", count) % {"count": count}


def result_tone(row: PaymentComparison) -> str:
    """Return the colour of a result."""
    return "bad" if row.differences else "good"


def _shown(one: dict[str, str], orders: dict[str, int]) -> dict[str, Any]:
    order = orders.get(one["order_number"])
    return {
        "payment_id": one["payment_id"],
        "number": one["order_number"],
        "address": reverse("orders:inspect", args=[order]) if order else "",
        "field": _FIELDS.get(one["field"], one["field"]),
        "ours": _told(one["field"], one["ours"]),
        "theirs": _told(one["field"], one["theirs"]),
    }


def _told(field: str, value: str) -> Any:
    if not value:
        return "–"
    if field in ("amount", "refunded"):
        return words.won(int(value))
    return PaymentState(value).label if value in PaymentState.values else value
