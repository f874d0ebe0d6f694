"""What every page of the shop has."""

from itertools import islice
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StructValue
from wagtail.models import Orderable, Page, PageViewRestriction

from cms import films
from cms.blocks import needs
from commerce import copies

DESCRIPTION = 155  # characters that search engines show of one
PAGE_SECONDS = 300  # a copy of a page lives so long at most; facts end it earlier


class BasePage(Page):
    """A page with what search engines and messengers show of it. Nothing in the shop is private."""

    social_image = models.ForeignKey(
        "cms.ShopImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture for messengers"),
    )

    private_page_options: list[str] = []
    show_in_menus_default = False
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("Search engines"),
        ),
        FieldPanel("social_image"),
    ]

    class Meta:
        abstract = True

    def get_view_restrictions(self) -> Any:
        """Return none, without asking the database: no page of the shop can be made private."""
        return PageViewRestriction.objects.none()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, which is alike for everybody; a preview is not served this way."""
        response: HttpResponse = super().serve(request, *args, **kwargs)
        gathered = (getattr(response, "context_data", None) or {}).get("needs")
        if not isinstance(gathered, needs.Needs):
            return copies.alike(response, seconds=PAGE_SECONDS)
        allow_frames(response, gathered)
        edge = gathered.changes_at()
        seconds = copies.seconds_until([edge], now=gathered.now, most=PAGE_SECONDS)
        return copies.alike(response, seconds=seconds, ends_at=edge)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show a draft under the same security policy as its page."""
        response: HttpResponse = super().serve_preview(request, mode_name)
        allow_frames(response, (getattr(response, "context_data", None) or {}).get("needs"))
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the same page in the other languages; it is read only where a template asks."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["alternates"] = SimpleLazyObject(lambda: self.alternates(request=request))
        return context

    def alternates(self, *, request: HttpRequest | None = None) -> list[dict[str, str]]:
        """Return the address of this page in every language in which it is published."""
        twins = Page.objects.filter(translation_key=self.translation_key).live().select_related("locale")
        return [
            {"language": page.locale.language_code, "url": page.specific_deferred.get_full_url(request)}
            for page in twins
        ]

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Name the page's address together with its other languages."""
        if self.alias_of_id:
            return []
        alternates = [
            {"lang_code": twin["language"], "location": twin["url"]}
            for twin in self.alternates(request=request)
        ]
        alternates += [
            {"lang_code": "x-default", "location": twin["location"]}
            for twin in alternates
            if twin["lang_code"] == settings.LANGUAGE_CODE
        ]
        return [{**entry, "alternates": alternates} for entry in super().get_sitemap_urls(request)]

    def described(self) -> str:
        """Return what search engines say of the page: as the editor wrote it, or else how the page begins."""
        own = self.search_description or getattr(self, "summary", "") or getattr(self, "intro", "")
        if own:
            return str(own)
        bands = (band for stream in self.streams() for band in needs.bands_of(stream))
        begun = islice((words for name, value in bands if (words := _written(name, value))), 3)
        return Truncator(" ".join(" ".join(begun).split())).chars(DESCRIPTION)

    def streams(self) -> list[Any]:
        """Return the streams of blocks of which the page is built."""
        return []

    def social_choice(self) -> tuple[Any, str]:
        """Return the picture for messengers and what it shows: the chosen one, or the first of the page; or nothing."""
        if self.social_image:
            return self.social_image, self.social_image.description or self.title
        for stream in self.streams():
            for _name, value in needs.bands_of(stream):
                if isinstance(value, StructValue) and (found := needs.images_in(value)):
                    return found[0], value.get("alt") or self.title
        return None, ""

    def images(self) -> list[Any]:
        """Return every picture that the page shows."""
        bands = [value for stream in self.streams() for _name, value in needs.bands_of(stream)]
        films_ = [value["film"] for value in bands if isinstance(value, StructValue) and value.get("film")]
        pictures = [image for value in bands for image in needs.images_in(value)]
        own = [self.social_image] if self.social_image else []
        return [*own, *pictures, *(film.poster for film in films_)]


class Row(Orderable):
    """A row of a page, in the order that an editor gave it."""

    class Meta(Orderable.Meta):
        abstract = True
        ordering = ["sort_order", "pk"]  # rows made by code have no order of their own but their age


def _written(name: str, value: Any) -> str:
    """Return what an editor wrote in a band, without what the shop shows beside it: goods, prices."""
    if name == "text":
        return strip_tags(str(value).replace("<", " <"))
    return f"{value['heading']} {value['text']}" if name in ("hero", "band") else ""


def allow_frames(response: HttpResponse, gathered: Any) -> None:
    """Let a page that shows films of other houses frame them, and no other page."""
    if isinstance(gathered, needs.Needs) and gathered.framed:
        response._csp_update = {"frame-src": list(films.FRAMES)}  # type: ignore[attr-defined]  # read by django-csp
