"""The list of reviews: what waits for a look first; with boxes to tick for publishing many."""

from typing import Any

import django_filters
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.forms import CheckboxInput, RadioSelect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from cms.backoffice import policies
from cms.backoffice.columns import MomentColumn, NumberColumn, TagColumn
from commerce.reviews.models import STARS, Review
from commerce.reviews.states import State

TONES: dict[str, str] = {State.PENDING: "wait", State.PUBLISHED: "good", State.REJECTED: "mute"}
_RANK = Case(
    When(state=State.PUBLISHED, reports__gt=0, then=Value(0)),
    When(state=State.PENDING, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


class ReviewFilters(WagtailFilterSet):
    """What the desk asks for."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=State.choices,
        widget=RadioSelect,
        empty_label=gettext_lazy("All"),
    )
    rating = django_filters.ChoiceFilter(
        label=gettext_lazy("Stars"),
        choices=[(stars, stars) for stars in STARS],
        widget=RadioSelect,
        empty_label=gettext_lazy("All"),
    )
    reported = django_filters.BooleanFilter(
        label=gettext_lazy("Reported"), method="filter_reported", widget=CheckboxInput, initial=False
    )

    class Meta:
        model = Review
        fields: list[str] = []

    def filter_reported(self, rows: QuerySet[Review], name: str, value: bool) -> QuerySet[Review]:
        """Keep what somebody finds wrong and nobody has looked at."""
        return rows.filter(reports__gt=0) if value else rows


class TickColumn(Column):
    """A box to tick."""

    header_template_name = "backoffice/cells/tick_all.html"
    cell_template_name = "backoffice/cells/tick_review.html"


class ReviewIndex(generic.IndexView):
    """The list."""

    default_ordering = ("pk",)
    is_searchable = True
    table_classname = "listing bo-listing"

    def get_base_queryset(self) -> QuerySet[Review]:
        """Read reviews with what the list shows."""
        return Review.objects.select_related("order_line__order", "product").prefetch_related("photos")

    def order_queryset(self, queryset: QuerySet[Review]) -> QuerySet[Review]:
        """Put what waits first, the oldest of it on top."""
        return queryset.order_by(
            _RANK, Case(When(state=State.PENDING, then="posted_at")), "-posted_at", "-pk"
        )

    def search_queryset(self, rows: QuerySet[Review]) -> QuerySet[Review]:
        """Find by words, by what was bought or by the order's number."""
        text = self.search_query.strip()
        if not text:
            return rows
        return (
            rows.filter(text__icontains=text)
            | rows.filter(order_line__title__icontains=text)
            | rows.filter(order_line__order__number__iexact=text)
        )

    @cached_property
    def columns(self) -> list[Column]:
        """Box, product, stars, words, photos, state, reports, when."""
        return [
            TickColumn("pk", label=_("Select")),
            TitleColumn(
                "title",
                label=_("Product"),
                accessor="order_line.title",
                get_url=lambda row: reverse("reviews:inspect", args=[row.pk]),
            ),
            NumberColumn("rating", label=_("Stars")),
            Column("text", label=_("Review"), accessor=lambda row: _short(row.text), classname="bo-contents"),
            NumberColumn("photos", label=_("Photos"), accessor=lambda row: len(row.photos.all()) or ""),
            Column("author", label=_("Author"), classname="bo-whole"),
            TagColumn(
                "state",
                label=_("State"),
                accessor="get_state_display",
                tone=lambda row: TONES.get(row.state, "calm"),
            ),
            TagColumn(
                "reports",
                label=_("Reports of readers"),
                accessor=lambda row: row.reports or "",
                tone=lambda row: "bad",
            ),
            MomentColumn("posted_at", label=_("Written")),
        ]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add whether ticked rows may be judged."""
        may = self.request.user.has_perm(policies.ACT_ON_REVIEWS)
        return {**super().get_context_data(*args, **kwargs), "may_act": may}

    @cached_property
    def no_results_message(self) -> str:
        """Say that there is none."""
        return _("No review matches.") if self.is_filtering else _("Nobody has written a review yet.")

    def get_page_title(self) -> Any:
        """Call the page by what it lists."""
        return _("Reviews")


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
