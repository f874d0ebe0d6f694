"""Stories: why a thing is as it is, with the thing itself at hand."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from cms import blocks, languages
from cms.blocks import needs
from cms.fields import BlocksField
from cms.models.base import BasePage
from commerce.catalog import keys

STORIES_PER_PAGE = 12


class StoryIndexPage(BasePage):
    """All stories, newest first."""

    intro = models.TextField(_("intro"), blank=True)

    template = "cms/story_index_page.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.StoryPage"]
    max_count_per_parent = 1
    content_panels = [*BasePage.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("list of stories")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of stories."""
        context = super().get_context(request, *args, **kwargs)
        stories = StoryPage.objects.child_of(self).live().select_related("hero_image")
        stories = stories.prefetch_related("hero_image__renditions").order_by("-first_published_at")
        context["stories"] = Paginator(stories, STORIES_PER_PAGE).get_page(request.GET.get("page"))
        return context


class StoryPage(BasePage):
    """A story whose product blocks show live prices."""

    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two sentences for cards."))
    hero_image = models.ForeignKey(
        "cms.ShopImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("opening picture"),
    )
    hero_alt = models.CharField(_("what the picture shows"), max_length=200, blank=True)
    author = models.CharField(_("author"), max_length=80, blank=True)
    body = BlocksField(blocks.STORY, blank=True, verbose_name=_("story"))
    search_keys = models.TextField(default="", db_default="", editable=False)  # see `commerce.catalog.keys`

    template = "cms/story_page.html"
    parent_page_types = ["cms.StoryIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("hero_image"), FieldPanel("hero_alt")], heading=_("Opening picture")),
        FieldPanel("author"),
        FieldPanel("body"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("summary")]

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what all blocks need, fetched together."""
        context = super().get_context(request, *args, **kwargs)
        language = languages.of(page=self)
        context["needs"] = needs.gather(bands=needs.bands_of(self.body), language=language)
        return context

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the keys by which the shop's search finds the story."""
        self.search_keys = keys.column(keys.entries([self.title, self.summary]))
        super().save(*args, **kwargs)

    def streams(self) -> list[Any]:
        """Return the story's blocks."""
        return [self.body]

    def social_choice(self) -> tuple[Any, str]:
        """Return the picture for messengers: the chosen one, or the opening one."""
        if self.hero_image and not self.social_image:
            return self.hero_image, self.hero_alt or self.title
        return super().social_choice()

    def images(self) -> list[Any]:
        """Return the opening picture and those within the story."""
        return ([self.hero_image] if self.hero_image else []) + super().images()
