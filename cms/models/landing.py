"""Pages of campaigns, built of bands like the first page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from cms import blocks, languages
from cms.blocks import needs
from cms.fields import BlocksField
from cms.models.base import BasePage


class LandingPage(BasePage):
    """A page of its own for a season, a maker or a sale."""

    body = BlocksField(blocks.HOME, blank=True, verbose_name=_("bands"))

    template = "cms/landing_page.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    content_panels = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("landing page")
        verbose_name_plural = _("landing pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what all bands need, fetched together, and whether the first of them is the page's heading."""
        context = super().get_context(request, *args, **kwargs)
        bands = list(needs.bands_of(self.body))
        context["needs"] = needs.gather(bands=bands, language=languages.of(page=self))
        context["headed"] = bool(bands) and bands[0][0] == "hero"
        return context

    def streams(self) -> list[Any]:
        """Return the bands."""
        return [self.body]
