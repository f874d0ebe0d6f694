"""What buyers and askers say, on product and order pages."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from commerce import rows
from commerce.catalog import structured
from commerce.catalog.shapes import ProductView, Rating
from commerce.fulfilment import dates, promise
from commerce.fulfilment.promise import Promise
from commerce.orders.models import Order
from commerce.questions import selectors as questions
from commerce.questions.selectors import Asked
from commerce.reviews import selectors as reviews
from commerce.reviews import shown
from commerce.reviews.shown import Shown
from commerce.shipping.selectors import Rate
from commerce.templatetags import parts
from commerce.wishlist import heart as hearts

register = template.Library()
FIRST = 3  # reviews on a product page
_READ = "voices of the page"

_STAR = '<svg viewBox="0 0 20 20" aria-hidden="true"{}><path d="m10 1.800 2.550 5.300 5.800.750-4.250 4.050 1.050 5.800L10 14.900l-5.150 2.800 1.050-5.800L1.650 7.850l5.800-.750z"/></svg>'

_HEART = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 20S4 15 4 9.300A4.300 4.300 0 0 1 12 7a4.300 4.300 0 0 1 8 2.300C20 15 12 20 12 20z"/></svg>'


@register.simple_tag
def stars(count: int) -> SafeString:
    """Return a row of five stars, `count` of them full, with words for those who do not see it."""
    row = format_html_join(
        "", _STAR, ((SafeString(' class="is-full"') if n < count else "",) for n in range(5))
    )
    text = gettext("%(count)d of 5 stars") % {"count": count}
    return format_html('<span class="stars">{}<span class="visually-hidden">{}</span></span>', row, text)


@register.simple_tag
def rated(rating: Rating) -> SafeString | str:
    """Return what buyers think in one line, `★ 4.6 (12)`; nothing without reviews."""
    if not rating.count:
        return ""
    text = gettext("%(average)s of 5 stars, %(count)d reviews") % {
        "average": rating.average,
        "count": rating.count,
    }
    return format_html(
        '<p class="rated">{}<span aria-hidden="true">{} ({})</span><span class="visually-hidden">{}</span></p>',
        format_html(_STAR, SafeString(' class="is-full"')),
        rating.average,
        rating.count,
        text,
    )


@register.filter
def photo_slug(name: str) -> str:
    """Return what the address of a photo says of it: the name without folder and ending."""
    return name.removeprefix("reviews/").removesuffix(".jpg")


@register.simple_tag(takes_context=True)
def product_data(context: Any, product: ProductView) -> SafeString:
    """Return the block of structured data of a product page, with the reviews that it shows."""
    voices = tuple(
        structured.Voice(author=review.author, stars=review.rating, text=review.text, at=review.posted_at)
        for review in _reviews(context, product)
    )
    return parts.part(
        "commerce/product_data.html", product=_told(product), rate=context.get("rate"), voices=voices
    )


@register.simple_tag
def structured_product(
    product: ProductView, rate: Rate | None, voices: tuple[structured.Voice, ...]
) -> SafeString:
    """Return what search engines are told of a product."""
    return structured.product(product, rate=rate, return_days=dates.WITHDRAWAL_DAYS, voices=voices)


@register.simple_tag(takes_context=True)
def product_reviews(context: Any, product: ProductView) -> SafeString:
    """Show what buyers think and some of what they wrote."""
    count = product.rating.count if product.pk else 0
    return parts.part(
        "commerce/product_reviews.html",
        slug=product.slug,
        summary=reviews.summary(rating=product.rating) if count else None,
        reviews=_reviews(context, product),
    )


@register.simple_tag(takes_context=True)
def product_questions(context: Any, product: ProductView) -> SafeString:
    """Show the last questions about a product; nothing for one that was never published."""
    if not product.pk:
        return SafeString()
    asked = _voices(context, product)[1]
    return parts.part(
        "commerce/product_questions.html",
        slug=product.slug,
        questions=asked[:FIRST],
        more=len(asked) > FIRST,
    )


def _told(product: ProductView) -> ProductView:
    """Return a product as search engines are told of it: without its long texts, whichever variant a page shows."""
    variants = tuple(replace(variant, selected=False) for variant in product.variants)
    return replace(product, variants=variants, body="", details=(), attributes=(), notice=(), guides=())


def _reviews(context: Any, product: ProductView) -> tuple[Shown, ...]:
    """Return the reviews that a product page begins with; a product without reviews costs no query."""
    return _voices(context, product)[0] if product.pk and product.rating.count else ()


def _voices(context: Any, product: ProductView) -> tuple[tuple[Shown, ...], tuple[Asked, ...]]:
    """Return the first reviews and questions; head and body of the page read them once, with one message."""
    if _READ not in context.render_context:
        asked = questions.first_shown(product_id=product.pk, limit=FIRST + 1)
        written = shown.first(product_id=product.pk, limit=FIRST)
        wanted = (asked, written) if product.rating.count else (asked,)
        found, *rest = rows.ask(*wanted)
        context.render_context[_READ] = (rest[0] if rest else (), found)
    read: tuple[tuple[Shown, ...], tuple[Asked, ...]] = context.render_context[_READ]
    return read


@register.inclusion_tag("commerce/order_reviews.html")
def order_reviews(order: Order, now: datetime) -> dict[str, Any]:
    """Offer to review what arrived, and show what was written."""
    if order.holds_everything:
        return {"order": order, "rows": []}
    open_ = reviews.reviewable(order=order, now=now)
    written = reviews.of_order(order=order) if open_ or order.fulfilment_status == "delivered" else {}
    rows = [
        (line, written.get(line.pk)) for line in order.lines.all() if line.pk in open_ or line.pk in written
    ]
    return {"order": order, "rows": rows}


@register.simple_tag(takes_context=True)
def heart(context: dict[str, Any], slug: str, title: str) -> SafeString:
    """Return the button that puts a product on the wishlist or takes it off; it belongs to the form `wish`."""
    on = slug in context.get("wished", ())
    return format_html(
        '<button class="heart" form="wish" {}>{}<span class="visually-hidden">{}</span></button>',
        SafeString(hearts.attributes(slug=slug, on=on)),
        SafeString(_HEART),
        gettext("Wishlist: %(title)s") % {"title": title},
    )


@register.filter
def short_day(day: date) -> str:
    """Return a day with its weekday as people say it: 12월 2일(수), Dec 2 (Wed)."""
    if get_language() == "ko":
        return format_date(day, "n월 j일") + f"({format_date(day, 'D').removesuffix('요일')})"
    return format_date(day, "M j (D)")


@register.simple_tag
def leaving(rate: Rate | None) -> Promise | None:
    """Return when an order leaves that is paid now; None when the shop promises nothing."""
    if rate is None:
        return None
    now = timezone.now()  # noqa: TID251  # a page is shown now
    return promise.leaves(cut_off=rate.cut_off, handling_days=rate.handling_days, now=now)
