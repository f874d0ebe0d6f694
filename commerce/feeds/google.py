"""Google Merchant: RSS 2.0 with the names of Google's product data specification, one item for each variant.

https://support.google.com/merchants/answer/7052112
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from xml.sax.saxutils import escape

from django.utils import timezone

from commerce.catalog.prices import Terms
from commerce.feeds import plain
from commerce.feeds.shapes import Goods, Item, Shop
from commerce.inventory.selectors import Supply
from commerce.money.amounts import CURRENCY

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>\n'
FOOT = "</channel>\n</rss>\n"
ID, TITLE, DESCRIPTION, TYPE, BRAND = 50, 150, 5000, 750, 70  # characters, at most
PICTURES = 10  # beside the first
_YEAR = timedelta(days=365)  # a day further off is no day of a preorder


def lines(*, goods: Iterable[Goods], shop: Shop) -> Iterator[tuple[str, int]]:
    """Yield the parts of the file, each with how many entries it has. What has no picture is left out: it must."""
    yield HEAD + _elements([("title", shop.brand), ("link", shop.home), ("description", shop.brand)]), 0
    for one in goods:
        for item in one.items:
            if one.pictures:
                facts = _elements(_facts(one, item, shop))
                yield f"<item>\n{facts}{_shipping(item, shop)}</item>\n", 1
    yield FOOT, 0


def identifier(item: Item) -> str:
    """Return the id of a variant: its SKU, or its number where that is longer than Google takes."""
    return item.sku if len(item.sku) <= ID else f"V{item.pk}"


def gtin(barcode: str) -> str:
    """Return a barcode that is a GTIN of 8, 12, 13 or 14 digits with its check digit; nothing otherwise."""
    if len(barcode) not in (8, 12, 13, 14) or not (barcode.isascii() and barcode.isdigit()):
        return ""
    weighed = (
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(barcode[:-1]))
    )
    return barcode if (10 - sum(weighed) % 10) % 10 == int(barcode[-1]) else ""


def _facts(one: Goods, item: Item, shop: Shop) -> list[tuple[str, str]]:
    first = item.picture or one.pictures[0]
    others = [picture for picture in one.pictures if picture != first][:PICTURES]
    title = f"{one.title} – {item.label}" if item.label and len(one.items) > 1 else one.title
    code = gtin(item.barcode)
    return [
        ("g:id", identifier(item)),
        *([("g:item_group_id", one.key)] if len(one.items) > 1 else []),
        ("g:title", plain.text(title, most=TITLE)),
        ("g:description", plain.text(one.description, most=DESCRIPTION)),
        ("g:link", f"{one.link}?variant={item.sku}"),
        ("g:image_link", first),
        *(("g:additional_image_link", picture) for picture in others),
        *_availability(item.supply, shop),
        *_price(item.terms, now=shop.now),
        ("g:brand", plain.text(one.brand or shop.brand, most=BRAND)),
        ("g:gtin", code) if code else ("g:identifier_exists", "no"),
        ("g:condition", "new"),
        *([("g:product_type", plain.text(" > ".join(one.shelves), most=TYPE))] if one.shelves else []),
    ]


def _availability(supply: Supply, shop: Shop) -> list[tuple[str, str]]:
    if supply.on_shelf:
        return [("g:availability", "in_stock")]
    if not supply.to_come:
        return [("g:availability", "out_of_stock")]
    if supply.ships_on is None:
        return [("g:availability", "backorder")]
    noon = timezone.make_aware(datetime.combine(supply.ships_on, time()))
    if noon - shop.now > _YEAR:
        return [("g:availability", "out_of_stock")]
    return [("g:availability", "preorder"), ("g:availability_date", _moment(noon))]


def _price(terms: Terms, *, now: datetime) -> list[tuple[str, str]]:
    """Return the regular price, and a lower one that counts now or has a window still ahead.

    Google wants both ends of a window: one that began without a beginning begins now, and one without an end that is
    not open yet is told of when it opens.
    """
    told = [("g:price", f"{terms.price} {CURRENCY}")]
    over = terms.sale_until is not None and terms.sale_until <= now
    unbounded = terms.sale_until is None and terms.sale_from is not None and terms.sale_from > now
    if terms.sale_price is None or over or unbounded:
        return told
    told.append(("g:sale_price", f"{terms.sale_price} {CURRENCY}"))
    if terms.sale_until:
        window = f"{_moment(terms.sale_from or now)}/{_moment(terms.sale_until)}"
        told.append(("g:sale_price_effective_date", window))
    return told


def _shipping(item: Item, shop: Shop) -> str:
    if shop.delivery is None:
        return ""
    fee = shop.delivery.of(goods=item.price)
    parts = [("g:country", "KR"), ("g:service", shop.delivery.name), ("g:price", f"{fee} {CURRENCY}")]
    return f"<g:shipping>{_elements(parts, between='')}</g:shipping>\n"


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M%z")


def _elements(facts: Iterable[tuple[str, str]], *, between: str = "\n") -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>{between}" for name, value in facts)
