"""The first page of the shop, built of bands."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from cms import blocks, languages
from cms.blocks import needs
from cms.fields import BlocksField
from cms.models.base import BasePage


class HomePage(BasePage):
    """Everything below it is the shop in one language."""

    body = BlocksField(blocks.HOME, blank=True, verbose_name=_("bands"))

    template = "cms/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms.ProductIndexPage",
        "cms.CategoryIndexPage",
        "cms.StoryIndexPage",
        "cms.LandingPage",
        "cms.InfoPage",
    ]
    content_panels = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what all bands need, fetched together."""
        context = super().get_context(request, *args, **kwargs)
        language = languages.of(page=self)
        context["needs"] = needs.gather(bands=needs.bands_of(self.body), language=language)
        return context

    def streams(self) -> list[Any]:
        """Return the bands."""
        return [self.body]
