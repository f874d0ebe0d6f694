"""Tags for the templates of pages and bands."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cms import languages, pictures, structured
from cms.context import shop_settings
from commerce.catalog.shapes import Shared

STILL = 1080  # pixels: a still picture of a film

register = template.Library()


@register.simple_tag
def shop_picture(
    image: Any, alt: str = "", *, sizes: str = "100vw", eager: bool = False, css: str = ""
) -> SafeString | str:
    """Show a picture in the sizes that exist by now; the original is the fallback. Nothing is resized here.

    `eager` marks the one picture that a page opens with.
    """
    if not image:
        return ""
    made = pictures.srcset(image)
    return format_html(
        '<img{} src="{}"{} alt="{}" width="{}" height="{}"{}>',
        format_html(' class="{}"', css) if css else "",
        image.file.url,
        format_html(' srcset="{}" sizes="{}"', made, sizes) if made else "",
        alt,
        image.width,
        image.height,
        SafeString(' fetchpriority="high"') if eager else SafeString(' loading="lazy" decoding="async"'),
    )


@register.simple_tag
def still_address(image: Any) -> str:
    """Return the address of a picture in the widest size that is no wider than 1080 pixels, or of the original."""
    made = [
        row for row in image.renditions.all() if row.width <= STILL and row.filter_spec.startswith("width-")
    ]
    return str(max(made, key=lambda row: row.width).url if made else image.file.url)


@register.simple_tag
def shop_in(language: str) -> dict[str, Any]:
    """Return what the shop says of itself in a language that is not the page's own."""
    return shop_settings(language=language)


@register.simple_tag(takes_context=True)
def href(context: dict[str, Any], link: Any) -> str:
    """Return the address of a band's link; empty when there is nothing to go to."""
    return str(link.href(context.get("request"))) if link else ""


@register.simple_tag
def category_address(path: str) -> str:
    """Return the address of a category in the language of the page."""
    return languages.address(kind="c", path=path, language=get_language() or languages.default())


@register.simple_tag
def social_picture(page: Any) -> Shared | None:
    """Return what messengers are shown of a page; nothing is resized here."""
    image, alt = page.social_choice()
    return pictures.social(image, alt=alt) if image else None


@register.simple_tag(takes_context=True)
def home_data(context: dict[str, Any]) -> SafeString:
    """Return the structured data of the first page."""
    return structured.home(page=context["page"], shop=context["shop_settings"])


@register.simple_tag(takes_context=True)
def story_data(context: dict[str, Any]) -> SafeString:
    """Return the structured data of a story."""
    return structured.story(page=context["page"], shop=context["shop_settings"])
