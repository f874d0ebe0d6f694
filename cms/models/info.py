"""Pages of plain text: terms, privacy, delivery and returns."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from cms import blocks
from cms.fields import BlocksField
from cms.models.base import BasePage


class InfoPage(BasePage):
    """What a shopper may want to look up."""

    body = BlocksField(blocks.INFO, blank=True, verbose_name=_("text"))

    template = "cms/info_page.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    content_panels = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("information page")

    def streams(self) -> list[Any]:
        """Return the text."""
        return [self.body]
