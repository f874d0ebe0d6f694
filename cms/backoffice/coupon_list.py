"""The list of coupons: filters, search, and a spreadsheet of it. It holds nothing about people."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import RadioSelect
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from cms.backoffice import coupon_words, policies, words
from cms.backoffice.columns import NumberColumn, TagColumn
from cms.backoffice.order_export import plain_cell, with_mark
from commerce.coupons import rules, selectors
from commerce.coupons import words as shop_words
from commerce.coupons.models import Coupon

_HOW = {
    "code": Q(code__isnull=False),
    "joining": Q(on_joining=True),
    "staff": Q(code__isnull=True, on_joining=False),
}
HEADINGS: dict[str, words.Words] = {
    "title": _("Coupon"),
    "value": _("What it takes off"),
    "condition": _("On condition"),
    "starts": _("Begins at"),
    "ends": _("Ends at"),
    "code": _("Coupon code"),
    "issued": _("Number given out"),
    "limit": _("How many at most"),
    "used": _("Number used"),
    "took": _("Won taken off"),
    "state": _("State"),
}


class CouponFilters(WagtailFilterSet):
    """What the desk asks for."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=list(coupon_words.STATES.items()),
        method="filter_state",
        widget=RadioSelect,
        empty_label=_("All"),
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of coupon"), choices=Coupon.Kind.choices, widget=RadioSelect, empty_label=_("All")
    )
    how = django_filters.ChoiceFilter(
        label=_("How people get it"),
        choices=[("code", _("By a code")), ("joining", _("On joining")), ("staff", _("From staff only"))],
        method="filter_how",
        widget=RadioSelect,
        empty_label=_("All"),
    )

    class Meta:
        model = Coupon
        fields: list[str] = []

    def filter_state(self, rows: QuerySet[Coupon], name: str, value: str) -> QuerySet[Coupon]:
        """Keep a state, as it is now."""
        return rows.filter(coupon_words.in_state(state=value, now=timezone.now()))

    def filter_how(self, rows: QuerySet[Coupon], name: str, value: str) -> QuerySet[Coupon]:
        """Keep one way to get it."""
        return rows.filter(_HOW[value])


class WindowColumn(Column):
    """Begin and end; a line breaks between them only."""

    cell_template_name = "backoffice/cells/window.html"


class CouponIndex(generic.IndexView):
    """The list."""

    default_ordering = ("-offered_at", "-pk")
    is_searchable = True
    table_classname = "listing bo-listing"
    list_export = list(HEADINGS)
    export_headings = HEADINGS
    export_filename = "coupons"
    request: HttpRequest

    def get_base_queryset(self) -> QuerySet[Coupon]:
        """Read coupons with how often they were used."""
        return selectors.offered()

    def search_queryset(self, rows: QuerySet[Coupon]) -> QuerySet[Coupon]:
        """Find by title or code."""
        text = self.search_query.strip()
        if not text:
            return rows
        wanted = Q(title_ko__icontains=text) | Q(title_en__icontains=text)
        if code := rules.plain(text) or text.upper():
            wanted |= Q(code__icontains=code)
        return rows.filter(wanted)

    @cached_property
    def columns(self) -> list[Column]:
        """Title, what it takes off, when, how many, and how it stands."""
        now = timezone.now()
        return [
            TitleColumn(
                "title",
                label=_("Coupon"),
                accessor=lambda row: row.title(get_language() or "ko"),
                get_url=lambda row: reverse("coupons:inspect", args=[row.pk]),
            ),
            Column("value", label=_("What it takes off"), accessor=lambda row: shop_words.value(coupon=row)),
            Column(
                "condition", label=_("On condition"), accessor=lambda row: shop_words.condition(coupon=row)
            ),
            WindowColumn(
                "window",
                label=_("When it is good"),
                accessor=lambda row: (words.moment(row.starts_at), words.moment(row.ends_at)),
                sort_key="ends_at",
            ),
            Column("code", label=_("Coupon code"), accessor=lambda row: row.code or "", classname="bo-code"),
            NumberColumn(
                "issued",
                label=_("Number given out"),
                accessor=lambda row: coupon_words.count(coupon=row),
                sort_key="issued",
            ),
            NumberColumn("used", label=_("Number used"), sort_key="used"),
            TagColumn(
                "state",
                label=_("State"),
                accessor=lambda row: coupon_words.STATES[coupon_words.state(coupon=row, now=now)],
                tone=lambda row: coupon_words.TONES[coupon_words.state(coupon=row, now=now)],
            ),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Let those offer a coupon who may."""
        if not self.request.user.has_perm(policies.OFFER_COUPONS):
            return []
        return [HeaderButton(_("Offer a coupon"), url=reverse("coupons:add"), icon_name="plus")]

    @cached_property
    def no_results_message(self) -> Any:
        """Say that there is none, and what one is."""
        if self.is_filtering or self.is_searching:
            return _("No coupon matches.")
        return _(
            "There is no coupon yet. A coupon takes won or per cent off the goods of a member's order: "
            "members enter its code, get it on joining, or you give it to them."
        )

    def get_page_title(self) -> Any:
        """Call the page by what it lists."""
        return _("Coupons")

    def to_row_dict(self, row: Any) -> dict[str, Any]:
        """Return a coupon's cells."""
        return {
            "title": row.title(get_language() or "ko"),
            "value": shop_words.value(coupon=row),
            "condition": shop_words.condition(coupon=row),
            "starts": words.moment(row.starts_at),
            "ends": words.moment(row.ends_at),
            "code": row.code or "",
            "issued": row.issued,
            "limit": row.issue_limit if row.issue_limit is not None else "",
            "used": row.used,
            "took": row.took,
            "state": str(coupon_words.STATES[coupon_words.state(coupon=row, now=timezone.now())]),
        }

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Keep a spreadsheet from running what somebody called a coupon."""
        return plain_cell(value)

    def stream_csv(self, queryset: QuerySet[Coupon]) -> Iterator[bytes]:
        """Begin with the mark that tells Excel it is Unicode."""
        yield from with_mark(super().stream_csv(queryset))
