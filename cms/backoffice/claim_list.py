"""The list of returns and exchanges: what the shop owes first."""

from typing import Any

import django_filters
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.forms import RadioSelect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from cms.backoffice import claim_words
from cms.backoffice.columns import MomentColumn, TagColumn
from commerce.claims import selectors
from commerce.claims.models import Claim
from commerce.claims.states import Kind, State

_RANK = Case(
    When(state=State.RECEIVED, then=Value(0)),
    When(state=State.REQUESTED, then=Value(1)),
    When(state=State.REJECTED, received_at__isnull=False, shipment=None, then=Value(1)),
    When(state=State.APPROVED, then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)


class ClaimFilters(WagtailFilterSet):
    """What the desk asks for; the dashboard leads to some of it."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[("open", gettext_lazy("Open")), *State.choices],
        method="filter_state",
        widget=RadioSelect,
        empty_label=gettext_lazy("All"),
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=Kind.choices, widget=RadioSelect, empty_label=gettext_lazy("All")
    )
    clock = django_filters.ChoiceFilter(
        label=gettext_lazy("Refund"),
        choices=[("overdue", gettext_lazy("Overdue"))],
        method="filter_clock",
        widget=RadioSelect,
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Claim
        fields: list[str] = []

    def filter_state(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        """Keep one state, or all that are not over."""
        if value == "open":
            return rows.filter(pk__in=selectors.still_open().values("pk"))
        return rows.filter(state=value)

    def filter_clock(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        """Keep those whose money should be back by now."""
        return rows.filter(pk__in=selectors.overdue(now=timezone.now()).values("pk"))


class ClaimIndex(generic.IndexView):
    """The list."""

    default_ordering = ("pk",)
    is_searchable = False
    table_classname = "listing bo-listing"

    def get_base_queryset(self) -> QuerySet[Claim]:
        """Read claims with what the list shows."""
        return Claim.objects.select_related("order").prefetch_related("lines__order_line", "lines__wanted")

    def order_queryset(self, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        """Put what is owed first: money for goods that are here, then what must be decided."""
        return queryset.order_by(_RANK, Coalesce("received_at", "requested_at"), "pk")

    @cached_property
    def columns(self) -> list[Column]:
        """Order, kind, contents, reason, state, deadline, since when."""
        now = timezone.now()
        return [
            TitleColumn(
                "number",
                label=_("Order number"),
                accessor=lambda row: row.order.number,
                get_url=lambda row: reverse("claims:inspect", args=[row.pk]),
                classname="bo-whole",
            ),
            Column("kind", label=_("Kind"), accessor="get_kind_display"),
            Column(
                "contents",
                label=_("Contents"),
                accessor=lambda row: " · ".join(claim_words.contents(claim=row)),
                classname="bo-contents",
            ),
            Column("reason", label=_("Reason"), accessor="get_reason_display", classname="bo-whole"),
            TagColumn(
                "state",
                label=_("State"),
                accessor="get_state_display",
                tone=lambda row: claim_words.TONES.get(row.state, "calm"),
            ),
            TagColumn(
                "deadline",
                label=_("Deadline"),
                accessor=lambda row: claim_words.deadline(claim=row, now=now)[0],
                tone=lambda row: claim_words.deadline(claim=row, now=now)[1],
                classname="bo-clock",
            ),
            MomentColumn("requested_at", label=_("Requested")),
        ]

    @cached_property
    def no_results_message(self) -> str:
        """Say that there is none."""
        return _("No return or exchange matches.") if self.is_filtering else _("Nothing was returned yet.")

    def get_page_title(self) -> Any:
        """Call the page by what it lists."""
        return _("Returns and exchanges")
