"""What shop templates say over and over: money, pictures, the page in the other language, shared style sheets."""

from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit
from zlib import crc32

from django import template
from django.conf import settings
from django.forms import BoundField
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from commerce.cart.badge import badge
from commerce.catalog.shapes import Picture
from commerce.inventory import words
from commerce.money import amounts

register = template.Library()


@register.filter
def won(amount: int | None) -> str:
    """Return `amount` won in the page's language: 12,000원 or ₩12,000; nothing for None."""
    return "" if amount is None else amounts.show(amount, language=get_language() or "ko")


@register.filter
def phone(digits: str) -> str:
    """Return a Korean phone number as people write it: 010-1234-5678, 02-123-4567."""
    head = 2 if digits.startswith("02") else 4 if digits.startswith(("050", "1")) else 3
    rest = digits[head:]
    parts = [digits[:head], rest[:-4], rest[-4:]]
    return "-".join(part for part in parts if part)


@register.simple_tag(takes_context=True)
def cart_badge(context: dict[str, Any]) -> SafeString:
    """Return the number of things in the visitor's cart."""
    return badge(count=context.get("cart_count", 0))


@register.simple_tag
def field(bound: BoundField, message: str = "", must: bool = False) -> SafeString:
    """Return a labelled control of a form; `message` is what a script says of a wrong entry.

    It writes itself: as a template it was a fifth of the order sheet. `must`: required though the form says not.
    """
    note = gettext("(required)") if bound.field.required or must else gettext("(optional)")
    hint = bound.help_text
    return format_html(
        '<field-check class="field"{}>\n  <label class="field__label" for="{}">{} <em>{}</em></label>\n  {}\n'
        '  {}\n  <p class="field__error" id="{}_error">{}</p>\n</field-check>',
        format_html(' data-message="{}"', message) if message else "",
        bound.id_for_label,
        bound.label,
        note,
        bound,
        format_html('<p class="field__hint" id="{}_helptext">{}</p>', bound.auto_id, hint) if hint else "",
        bound.auto_id,
        next(iter(bound.errors), ""),
    )


@register.simple_tag
def dispatch(line: Any) -> str:
    """Return what a line says of its units that are not here yet; nothing when all are."""
    return words.dispatch(late=line.late, quantity=line.quantity, ships_on=line.ships_on)


@register.simple_tag
def picture(
    picture: Picture | None, sizes: str = "100vw", eager: bool = False, css: str = "", alt: str | None = None
) -> SafeString | str:
    """Return an `<img>` with every size that exists; `eager` is for the one picture that the eye waits for.

    `alt=""` marks a picture that only repeats what the text beside it says.
    """
    if picture is None:
        return ""
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}"{}{} decoding="async">',
        picture.url,
        picture.srcset or f"{picture.url} {picture.width}w",
        sizes,
        picture.width,
        picture.height,
        picture.alt if alt is None else alt,
        format_html(' class="{}"', css) if css else "",
        SafeString(' fetchpriority="high"' if eager else ' loading="lazy"'),
    )


@register.simple_tag(takes_context=True)
def translations(context: dict[str, Any]) -> Any:
    """Return a list of where this page is in each language: code, name, path to go to and absolute address.

    It is made where a template asks for it: the pages of an order do not.

    The absolute address is empty where the page has no words of that language. A page of the CMS brings its
    `alternates`; what the catalog shows brings `text_languages`; any other page exists in every language.
    """
    return SimpleLazyObject(lambda: _translations(context))


def _translations(context: dict[str, Any]) -> list[dict[str, Any]]:
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return []
    codes = [code for code, _name in settings.LANGUAGES]
    if "alternates" in context:
        twins = {twin["language"]: urlsplit(twin["url"]).path for twin in context["alternates"]}
        return [_translation(code, twins.get(code, ""), fallback=home(code)) for code in codes]
    written = context.get("text_languages") or codes
    addresses = _addresses(request.path, get_language() or "")
    query = request.META.get("QUERY_STRING", "")
    shown = urlsplit(context.get("canonical", "")).query  # `page=2`: a page of a list is a page of its own
    own = f"?{shown}" if shown else ""
    return [
        _translation(
            code,
            addresses[code] if code in written else "",
            fallback=f"{addresses[code]}?{query}" if query else addresses[code],
            query=query,
            own=own,
        )
        for code in codes
    ]


@lru_cache(maxsize=4000)
def _addresses(path: str, _language: str) -> dict[str, str]:
    """Return the address of a page in each language: finding it takes as long as a small page."""
    return {code: translate_url(path, code) for code, _name in settings.LANGUAGES}


def _translation(code: str, path: str, *, fallback: str, query: str = "", own: str = "") -> dict[str, Any]:
    return {
        "code": code,
        "name": LANGUAGE_NAMES.get(code, code),
        "first": code == settings.LANGUAGE_CODE,  # for whoever reads neither language
        "path": (f"{path}?{query}" if query else path) if path else fallback,
        "url": absolute(f"{path}{own}") if path else "",
    }


@register.simple_tag(takes_context=True)
def canonical_address(context: dict[str, Any]) -> str:
    """Return the one address of this page, absolute: what only narrows or sorts it is left out.

    A page that has no words in the language that was asked for is the page of the default language.
    """
    request = context["request"]
    written = context.get("text_languages")
    if written and get_language() not in written:
        return absolute(translate_url(request.path, settings.LANGUAGE_CODE))
    return absolute(context.get("canonical") or request.path)


@register.simple_tag(takes_context=True)
def open_graph_locales(context: dict[str, Any]) -> SafeString:
    """Return in which language the page is for messengers: `ko_KR`."""
    return format_html(
        '<meta property="og:locale" content="{}">', _LOCALES.get(get_language() or "ko", "ko_KR")
    )


@register.tag
def described(parser: Any, token: Any) -> "Described":
    """Render what the page is about once, for search engines and for messengers."""
    content = parser.parse(("enddescribed",))
    parser.delete_first_token()
    return Described(content)


class Described(template.Node):
    """The description of a page, twice in its head; without one there is none."""

    def __init__(self, content: template.NodeList) -> None:
        self.nodelist = content  # Django finds blocks in here by this name

    def render(self, context: Any) -> SafeString | str:
        """Write both elements."""
        text = " ".join(unescape(self.nodelist.render(context)).split())
        if not text:
            return ""
        return format_html(
            '<meta name="description" content="{0}">\n  <meta property="og:description" content="{0}">', text
        )


@register.filter
def absolute(path: str) -> str:
    """Return an absolute address of the shop for a path; addresses that are absolute stay as they are."""
    return path if path.startswith(("http://", "https://")) else f"{settings.SHOP_BASE_URL.rstrip('/')}{path}"


@register.simple_tag
def home(language: str = "") -> str:
    """Return the address of the first page in a language, by default the current one."""
    code = language or get_language() or settings.LANGUAGE_CODE
    return "/" if code == settings.LANGUAGE_CODE else f"/{code}/"


@register.simple_tag
def query(**parameters: str | int | tuple[str, ...] | None) -> str:
    """Return `?a=1&b=2` of those that have a value, or nothing: links that keep the state of a list.

    A tuple gives its parameter once for each of its values.
    """
    kept = {name: value for name, value in parameters.items() if value not in (None, "", ())}
    return f"?{urlencode(kept, doseq=True)}" if kept else ""


@register.simple_tag
def paged(kept: str, number: int, first: int = 0) -> str:
    """Return the address of a page of a list; `kept` is what `query` made of all else that is asked for.

    `first`: the page is shown with all from that one on.
    """
    address = f"{kept}&page={number}" if kept else f"?page={number}"
    return f"{address}&from={first}" if first else address


@register.filter
def anchor(text: str, group: str = "") -> str:
    """Return an id for something that is known by a text, the same on every page: letters and digits."""
    return f"{group}-{crc32(str(text).encode()):08x}".removeprefix("-")


_LOCALES = {"ko": "ko_KR", "en": "en_US"}
LANGUAGE_NAMES = {"ko": "한국어", "en": "English"}  # each in itself, whatever the page's language
