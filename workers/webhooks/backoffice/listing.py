"""The list of webhooks."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from cms.backoffice.columns import TagColumn
from workers.webhooks.backoffice import words


class WebhookIndex(generic.IndexView):
    """The list: everything about one webhook is on its page."""

    default_ordering = "name"
    is_searchable = False
    table_classname = "listing bo-listing"
    page_title = _("Webhooks")

    @cached_property
    def columns(self) -> list[Column]:
        """Name, address, events and state."""
        return [
            TitleColumn("name", label=_("Name"), get_url=_page, sort_key="name", classname="bo-whole"),
            Column("url", label=_("Address"), classname="bo-code"),
            Column("types", label=_("Events"), accessor=_events),
            TagColumn(
                "state",
                label=_("State"),
                accessor=lambda row: words.endpoint_state(row)[0],
                tone=lambda row: words.endpoint_state(row)[1],
            ),
        ]

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        """Have none: the page has them."""
        return []

    @cached_property
    def add_item_label(self) -> Any:
        """Call the button by what comes of it."""
        return _("Add webhook")


def _page(row: Any) -> str:
    return reverse("webhooks:inspect", args=[row.pk])


def _events(row: Any) -> str:
    first, rest = ", ".join(row.types[:2]), len(row.types) - 2
    return f"{first} +{rest}" if rest > 0 else first
