"""The list of product feeds: where Google and Naver read them, how much is in them, and how old they are."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from cms.backoffice.columns import MomentColumn, NumberColumn
from cms.backoffice.read_only import ReadOnlyViewSet
from commerce.feeds import kinds
from commerce.feeds.models import Feed


class FeedIndex(generic.IndexView):
    """Every feed that was made."""

    table_classname = "listing bo-listing"

    @cached_property
    def columns(self) -> list[Column]:
        """Whose it is, its address to copy, how many entries, when it was true."""
        return [
            Column("name", label=_("Feed"), accessor=lambda row: _kind(row, "title") or row.name),
            Column("address", label=_("Address"), accessor=_address),
            NumberColumn("entries", label=_("Entries")),
            MomentColumn("made_at", label=_("Made")),
        ]


class FeedViewSet(ReadOnlyViewSet):
    """A list that workers write."""

    model = Feed
    name = "product-feeds"
    icon = "download"
    menu_label = _("Product feeds")
    form_fields = ["entries"]  # no form is ever made of it: there is no edit view
    index_view_class = FeedIndex
    inspect_view_enabled = False

    def get_urlpatterns(self) -> list[URLPattern]:
        """Have the list and nothing else."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]


def _kind(row: Feed, name: str) -> Any:
    return getattr(kinds.KINDS.get(row.name), name, "")


def _address(row: Feed) -> str:
    return kinds.address(name=row.name) if row.name in kinds.KINDS else ""
