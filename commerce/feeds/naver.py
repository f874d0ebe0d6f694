"""Naver Shopping: the engine page (EP) 3.0 of all products, one line for each, columns parted by tabs, UTF-8."""

from collections.abc import Iterable, Iterator

from commerce.catalog import prices
from commerce.feeds import plain
from commerce.feeds.google import gtin
from commerce.feeds.shapes import Goods, Item, Shop

COLUMNS = (
    "id",
    "title",
    "price_pc",
    "price_mobile",
    "normal_price",
    "link",
    "mobile_link",
    "image_link",
    "add_image_link",
    "category_name1",
    "category_name2",
    "category_name3",
    "category_name4",
    "condition",
    "order_made",
    "product_flag",
    "barcode",
    "brand",
    "maker",
    "origin",
    "event_words",
    "point",
    "review_count",
    "shipping",
)
TITLE, ADDRESS, SHELF, NAME, ORIGIN, EVENT, BARCODE = 100, 255, 50, 60, 30, 100, 13  # characters, at most
PICTURES = 10  # beside the first


def lines(*, goods: Iterable[Goods], shop: Shop) -> Iterator[tuple[str, int]]:
    """Yield the parts of the file, each with how many entries it has.

    Left out is what cannot be ordered, what has no picture or stands on no shelf, and what has an address longer than
    a column takes: Naver would refuse it.
    """
    yield "\t".join(COLUMNS) + "\n", 0
    for one in goods:
        wanted = [item for item in one.items if item.supply.available > 0]
        if wanted and one.shelves and one.pictures and max(len(one.link), len(one.pictures[0])) <= ADDRESS:
            told = _told(one, min(wanted, key=lambda item: item.price), shop)
            yield "\t".join(told.get(column, "") for column in COLUMNS) + "\n", 1


def _told(one: Goods, item: Item, shop: Shop) -> dict[str, str]:
    """Return the columns of a product; `item` is the cheapest of its variants that can be ordered."""
    reduced = prices.reduced(item.terms, now=shop.now)
    others = [picture for picture in one.pictures[1:] if len(picture) <= ADDRESS][:PICTURES]
    later = not item.supply.on_shelf and item.supply.ships_on is not None
    return {
        "id": one.key,
        "title": plain.text(one.title, most=TITLE),
        "price_pc": str(item.price),
        "price_mobile": str(item.price),
        "normal_price": str(item.terms.price) if reduced else "",
        "link": one.link,
        "mobile_link": one.link,
        "image_link": one.pictures[0],
        "add_image_link": "|".join(others),
        **{f"category_name{n}": title[:SHELF] for n, title in enumerate(one.shelves[:4], start=1)},
        "condition": "신상품",
        "order_made": "Y" if one.made_to_order else "",
        "product_flag": "예약판매" if later else "",
        "barcode": code if len(code := gtin(item.barcode)) <= BARCODE else "",
        "brand": plain.text(one.brand, most=NAME),
        "maker": plain.text(one.maker, most=NAME),
        "origin": plain.text(one.origin, most=ORIGIN),
        "event_words": plain.text(", ".join(one.badges), most=EVENT),
        "point": _points(item.price, shop.points_percent),
        "review_count": str(one.reviews),
        "shipping": str(shop.delivery.of(goods=item.price)) if shop.delivery else "",
    }


def _points(price: int, percent: int) -> str:
    points = price * percent // 100
    return f"쇼핑몰자체포인트^{points}" if points else ""
