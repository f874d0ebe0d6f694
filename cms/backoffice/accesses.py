"""Who saw or took away what identifies customers: noted by the screens, and shown to administrators."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from cms.backoffice import people, words
from cms.backoffice.columns import MomentColumn, NumberColumn
from cms.backoffice.read_only import ReadOnlyViewSet
from commerce import limits
from commerce.privacy import access
from commerce.privacy.models import PersonalDataAccess, RetainedRecord, RetentionReport

ACTS: dict[str, words.Words] = {
    "order": gettext_lazy("Saw an order"),
    "orders": gettext_lazy("Saw a list of orders"),
    "export": gettext_lazy("Downloaded orders"),
    "print": gettext_lazy("Printed orders"),
    "person": gettext_lazy("Saw an account"),
    "coupon": gettext_lazy("Saw who has a coupon"),
    "person-coupons": gettext_lazy("Saw a customer's coupons"),
    "photo": gettext_lazy("Saw a photo of a return"),
    "retained": gettext_lazy("Saw a retained record"),
}


def note(request: HttpRequest, *, act: str, subject: str, count: int = 1) -> None:
    """Note that who is signed in saw whom: `order:12`, `user:7`, or the kind of a list of `count` people."""
    if count:
        access.note(
            user_id=int(request.user.pk or 0),
            act=act,
            subject=subject,
            people=count,
            address=limits.client(request),
            now=timezone.now(),
        )


class Rows(generic.IndexView):
    """A list that nobody adds to by hand."""

    table_classname = "listing bo-listing"

    def get_add_url(self) -> None:
        """Have none."""


class AccessIndex(Rows):
    """The rows, the latest first."""

    default_ordering = "-pk"

    @cached_property
    def columns(self) -> list[Column]:
        """When, who, what, whose, how many, from where."""
        return [
            MomentColumn("at", label=_("When")),
            Column("user_id", label=_("Who"), accessor=self._who),
            Column("act", label=_("What"), accessor=lambda row: ACTS.get(row.act, row.act)),
            Column("subject", label=_("Whose")),
            NumberColumn("people", label=_("People")),
            Column("address", label=pgettext("access", "From")),
        ]

    @cached_property
    def _names(self) -> dict[str, str]:
        return people.names(f"user:{row.user_id}" for row in self.object_list)

    def _who(self, row: PersonalDataAccess) -> str:
        actor = f"user:{row.user_id}"
        return self._names.get(actor) or people.names([actor])[actor]


class AccessViewSet(ReadOnlyViewSet):
    """A list; nobody writes here."""

    model = PersonalDataAccess
    name = "accesses"
    icon = "view"
    menu_label = gettext_lazy("Access to personal data")
    list_per_page = 50
    list_filter = ["act", "user_id", "subject"]
    search_fields = ["subject"]
    form_fields = ["act"]  # no form is ever made of it: there is no edit view
    index_view_class = AccessIndex
    inspect_view_enabled = False


class ReportIndex(Rows):
    """The nights, the latest first."""

    default_ordering = "-at"

    @cached_property
    def columns(self) -> list[Column]:
        """When, and how many of what."""
        return [
            MomentColumn("at", label=_("When")),
            Column("counts", label=_("Forgotten"), accessor=_told),
        ]


class ReportViewSet(ReadOnlyViewSet):
    """A list; the clock writes it."""

    model = RetentionReport
    name = "retention"
    icon = "bin"
    menu_label = gettext_lazy("Retention reports")
    list_per_page = 31
    form_fields = ["counts"]  # no form is ever made of it: there is no edit view
    index_view_class = ReportIndex
    inspect_view_enabled = False


class RetainedPage(generic.InspectView):
    """One record; whoever opens it is noted."""

    fields = ["kind", "basis", "kept_from", "kept_until", "data"]
    object: RetainedRecord

    def get_edit_url(self) -> None:
        """Have none."""

    def get_delete_url(self) -> None:
        """Have none: the clock deletes."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the template shows, and note who sees it."""
        note(self.request, act="retained", subject=f"order:{self.object.order_id}")
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context


class RetainedViewSet(ReadOnlyViewSet):
    """What the law makes the shop keep of those who left."""

    model = RetainedRecord
    name = "retained"
    icon = "lock"
    menu_label = gettext_lazy("Retained records")
    list_per_page = 50
    list_display = ["kind", "order", "kept_from", "kept_until"]
    list_filter = ["kind"]
    form_fields = ["kind"]  # no form is ever made of it: there is no edit view
    index_view_class = Rows
    inspect_view_class = RetainedPage


def _told(row: RetentionReport) -> str:
    return ", ".join(f"{name} {count}" for name, count in row.counts.items() if count) or _("nothing")
