"""Where a band leads to."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, StructValue

from cms.blocks.choosers import PageChooser


class LinkValue(StructValue):
    """A link; it is empty when its page was deleted or taken down."""

    def href(self, request: Any = None) -> str:
        """Return the address, or an empty text when there is nothing to go to."""
        page = self.get("page")
        if page is not None and page.live:
            return str(page.specific_deferred.get_url(request) or "")
        return str(self.get("address") or "")


class LinkBlock(StructBlock):
    """A page of the shop, or any address; the words of the link."""

    page = PageChooser(required=False, label=_("Page"))
    address = CharBlock(
        required=False, label=_("Address"), help_text=_("Used when no page is chosen: /c/tea/ or https://…")
    )
    text = CharBlock(required=False, max_length=60, label=_("Words of the link"))

    class Meta:
        label = _("Link")
        icon = "link"
        value_class = LinkValue
        collapsed = True
