"""Give the demo's products what they are beyond words and pictures."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from cms.demo.content import extras
from cms.demo.kinds import Extra, Good, Words
from cms.models import Brand, Guide, ProductAttribute, ProductPage, ProductRelation, ProductType
from commerce.catalog import notices
from commerce.catalog.models import PriceChange, Product, Variant

NOTHING = Extra()
_OLDER = timedelta(days=60)  # so long the demo shop has had its regular prices
_WINDOW = timedelta(days=21)
_NEW = 3  # products


class Vocabulary:
    """The words that the demo's products share; what exists already is left as its editors made it."""

    def __init__(self) -> None:
        self.brands = {key: _brand(key, *names) for key, names in extras.BRANDS.items()}
        self.types = {name: _type(name, rows) for name, rows in extras.TYPES.items()}
        self.care, self.size = _guide("care", extras.CARE), _guide("size", extras.SIZE)


def of(good: Good) -> Extra:
    """Return what is known of a product besides."""
    return extras.EXTRAS.get(good.slug, NOTHING)


def add(*, page: ProductPage, good: Good, words: Vocabulary, now: datetime) -> None:
    """Put onto an unsaved page what is known of its product; a sale began just now."""
    extra = of(good)
    page.brand, page.product_type = words.brands.get(extra.brand), words.types.get(extra.kind)
    page.attribute_values, page.notice_kind = dict(extra.values), extra.notice
    page.notice_values, page.notice_in_description = notice_of(good.ko, extra, maker=0), True
    page.badge, page.badge_en = extra.badge
    page.made_to_order = extra.made_to_order
    if extra.guides:
        page.care_guide, page.size_guide = words.care, words.size
    for row in page.variants.all():
        row.content, row.content_unit = extra.content or (None, "")
        if extra.percent:
            row.sale_price = row.price * (100 - extra.percent) // 100
            row.sale_from, row.sale_until = now, now + _WINDOW


def notice_of(words: Words, extra: Extra, *, maker: int) -> dict[str, str]:
    """Return the rows that the law asks for, as far as the product information says them; `maker` is a language."""
    known = notices.KINDS.get(extra.notice)
    wanted = {row.code for row in known.rows} if known else set()
    found = {code: value for name, value in words.details for code in extras.ROWS.get(name, ())}
    found |= {"name": words.title, "maker": extras.BRANDS[extra.brand][maker] if extra.brand else ""}
    return {code: value for code, value in found.items() if code in wanted and value}


def relate(*, page: ProductPage, good: Good, goods: dict[str, ProductPage]) -> bool:
    """Name what goes with a product and what is like it, unless its editors did; return whether anything is new."""
    extra = of(good)
    picked = [("matching", slug) for slug in extra.matching] + [("similar", slug) for slug in extra.similar]
    if not picked or page.relations.exists():
        return False
    page.relations = [
        ProductRelation(product=goods[slug], kind=kind, sort_order=place)
        for place, (kind, slug) in enumerate(picked)
    ]
    return True


def remember_regular_prices(*, now: datetime) -> None:
    """Let the shop remember what its reduced goods cost before, as one that is older than a minute would."""
    reduced = Variant.objects.filter(active=True, sale_price__isnull=False)
    fresh = [row for row in reduced if row.price_changes.count() == 1]
    PriceChange.objects.bulk_create(
        PriceChange(variant=row, price=row.price, regular=row.price, at=now - _OLDER) for row in fresh
    )
    if fresh:  # and let only a few things be new
        newest = Product.objects.order_by("-listed_at").values_list("pk", flat=True)[:_NEW]
        Product.objects.exclude(pk__in=list(newest)).update(listed_at=F("listed_at") - _OLDER)


def _brand(key: str, name: str, english: str) -> Brand:
    return Brand.objects.get_or_create(key=key, defaults={"name": name, "name_en": english})[0]


def _type(name: str, rows: tuple[Any, ...]) -> ProductType:
    found: ProductType | None = ProductType.objects.filter(name=name).first()
    if found:
        return found
    fields = ("code", "name", "name_en", "kind", "unit", "choices", "bounds", "facet")
    made = ProductType(name=name)
    made.attributes = [
        ProductAttribute(sort_order=place, **dict(zip(fields, row, strict=True)))
        for place, row in enumerate(rows)
    ]
    made.save()
    return made


def _guide(kind: str, words: tuple[str, str, str, str]) -> Guide:
    title, title_en, body, body_en = words
    defaults = {"title_en": title_en, "body": body, "body_en": body_en}
    return Guide.objects.get_or_create(kind=kind, title=title, defaults=defaults)[0]
