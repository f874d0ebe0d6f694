"""Read everything on sale, a few hundred products at a time: the memory it takes does not grow with the shop."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone, translation

from commerce.catalog import prices
from commerce.catalog import selectors as catalog
from commerce.catalog.making import word
from commerce.catalog.models import CategoryText, Product, ProductText, Variant
from commerce.feeds import plain
from commerce.feeds.shapes import Delivery, Goods, Item
from commerce.inventory.selectors import Supply
from commerce.shipping import selectors as shipping
from commerce.shipping.models import ShippingMethod

CHUNK = 500  # products that are in memory at once
_BARCODE = "barcode"  # the attribute of a variant that has its GTIN, where variants have one


def goods(
    *, language: str, base: str, now: datetime, going_on: Callable[[], None] = lambda: None
) -> Iterator[Goods]:
    """Yield the products on sale that have words of their own in a language, as they are at a moment.

    `base` is the shop's absolute address. `going_on` is called before each reading and may raise.
    """
    titles = _titles(language)
    last = 0
    while True:
        going_on()
        rows = list(_chunk(language).filter(pk__gt=last)[:CHUNK])
        if not rows:
            return
        last = rows[-1].pk
        shelves = _shelves([row.pk for row in rows])
        with translation.override(language):
            made = [_goods(row, titles, shelves[row.pk], language, base, now) for row in rows if row.words]
        yield from (one for one in made if one.items)


def delivery(*, language: str) -> Delivery | None:
    """Return what it costs to send a parcel to the mainland; None when staff switched every way off."""
    try:
        rate = shipping.rate(goods=0, language=language)
    except ShippingMethod.DoesNotExist:
        return None
    return Delivery(name=rate.name, fee=rate.parcel_fee, free_from=rate.free_from)


def _chunk(language: str) -> Any:
    words = ProductText.objects.filter(language=language)
    offers = Variant.objects.filter(active=True).select_related("stock")
    return catalog.on_sale().prefetch_related(
        Prefetch("texts", words, to_attr="words"), Prefetch("variants", offers, to_attr="offers")
    )


def _titles(language: str) -> dict[str, str]:
    """Return the titles of categories by their path, in a language or else in any."""
    rows = CategoryText.objects.filter(category__listed=True).values_list(
        "category__path", "language", "title"
    )
    found: dict[str, str] = {}
    for path, written, title in rows:
        if written == language or path not in found:
            found[path] = plain.text(title)
    return found


def _shelves(products: list[int]) -> dict[int, list[str]]:
    links = Product.categories.through.objects.filter(
        product_id__in=products, category__listed=True, category__collection=False
    )
    found: dict[int, list[str]] = defaultdict(list)
    ordered = links.order_by("category__position", "category_id")
    for product, path in ordered.values_list("product_id", "category__path"):
        found[product].append(path)
    return found


def _goods(
    row: Any, titles: dict[str, str], shelves: list[str], language: str, base: str, now: datetime
) -> Goods:
    text = row.words[0]
    deepest = max(shelves, key=lambda path: path.count("/")) if shelves else ""
    parts = deepest.split("/") if deepest else []
    paths = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
    by_name = {one["name"]: plain.address(one["url"], base=base) for one in row.pictures if "name" in one}
    summary, body = plain.text(text.summary), plain.of_html(text.body)
    return Goods(
        key=str(row.key),
        link=plain.address(reverse("product", args=[row.slug]), base=base),
        title=plain.text(text.title),
        description=" ".join(filter(None, (summary, body))) or plain.text(text.title),
        brand=plain.text(word(row.brand, language)),
        maker=plain.text(text.notice.get("maker", "") or text.notice.get("cosmetic_maker", "")),
        origin=plain.text(text.notice.get("origin", "")),
        pictures=tuple(plain.address(one["url"], base=base) for one in row.pictures),
        shelves=tuple(titles[path] for path in paths if path in titles),
        items=tuple(_item(offer, by_name, language, now) for offer in row.offers),
        reviews=row.rating_count,
        badges=tuple(filter(None, (plain.text(word(own, language)) for own in row.badges))),
        made_to_order=row.made_to_order,
    )


def _item(offer: Any, pictures: dict[str, str], language: str, now: datetime) -> Item:
    today = timezone.localdate(now)
    return Item(
        pk=offer.pk,
        sku=offer.sku,
        label=plain.text(" / ".join(word(value, language) for value in offer.options)),
        price=prices.effective(offer, now=now),
        terms=prices.Terms(offer.price, offer.sale_price, offer.sale_from, offer.sale_until),
        supply=Supply.of(offer.stock, today=today) if hasattr(offer, "stock") else Supply(0),
        picture=pictures.get(offer.picture, ""),
        barcode=str(getattr(offer, _BARCODE, "") or ""),
    )
