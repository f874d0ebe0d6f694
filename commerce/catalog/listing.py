"""Write what published pages tell into the catalog: many products with as many statements as one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from commerce.catalog import barcodes, indexing, prices, pricing, projecting
from commerce.catalog.models import Category, Product, ProductText, Variant
from commerce.catalog.payloads import (
    BarcodeTaken,
    GoodsPayload,
    NoVariants,
    ProductPayload,
    SkuTaken,
    SlugTaken,
    VariantPayload,
)
from commerce.catalog.sku import normalise_sku
from commerce.events import outbox, types
from commerce.events.base import Event
from commerce.inventory import stock

_Goods = list[tuple[Product, GoodsPayload]]
_TEXT = (
    "title", "summary", "body", "keywords", "details", "notice", "guides", "seo_title", "seo_description",
    "source_version",
)  # fmt: skip
_PRODUCT = (
    "slug", "rank", "option_names", "pictures", "price_min", "price_max", "brand", "attributes", "notice",
    "made_to_order", "badges", "related", "listed", "listed_at",
)  # fmt: skip
_VARIANT = (
    "options", "price", "sale_price", "sale_from", "sale_until", "content", "content_unit", "picture", "weight",
    "active", "position", "price_told", "barcode",
)  # fmt: skip


def write(*, payloads: Sequence[ProductPayload], now: datetime) -> list[bool]:
    """Write products within the caller's transaction; return which payloads were not old, in their order.

    Products are locked in the order of their keys. A product that gives its address to another one of the same
    call must have been written before.

    Raises:
        NoVariants: a page has no variant.
        SkuTaken: a SKU belongs to another product.
        BarcodeTaken: a barcode belongs to another variant.
        SlugTaken: another product lives at an address.
    """
    products = _lock(payloads)
    texts = {
        (row.product_id, row.language): row
        for row in ProductText.objects.filter(product__in=list(products.values()))
    }
    fresh: list[ProductPayload] = []
    changed: list[ProductPayload] = []
    for payload in payloads:
        product = products[payload.key]
        place = product.pk, payload.language
        text = texts.get(place) or ProductText(product=product, language=payload.language)
        if payload.version < text.source_version:
            continue
        if payload.version > text.source_version or (payload.goods is not None and not product.listed):
            changed.append(payload)
        texts[place] = _read_text(text, payload)
        fresh.append(payload)
    _write_texts(texts[products[one.key].pk, one.language] for one in fresh)
    goods = {one.key: (products[one.key], one.goods) for one in fresh if one.goods is not None}
    repriced = _write_goods(list(goods.values()), now=now)
    keys = {products[one.key].pk for one in fresh}
    indexing.index(products=keys)
    projecting.project(products=keys)
    outbox.record_all([*repriced, *_listed(changed, products, now=now)])
    written = set(map(id, fresh))
    return [id(payload) in written for payload in payloads]


def _lock(payloads: Iterable[ProductPayload]) -> dict[UUID, Product]:
    slugs = {one.key: one.goods.slug if one.goods else f"unlisted-{one.key}" for one in payloads}
    slugs |= {one.key: one.goods.slug for one in payloads if one.goods}
    keys = {slug: key for key, slug in slugs.items()}
    for taken in Product.objects.filter(slug__in=keys).exclude(key__in=slugs):
        _give_way(taken)
    found = _locked(slugs)
    missing = [Product(key=key, slug=slug) for key, slug in slugs.items() if key not in found]
    if missing:
        Product.objects.bulk_create(missing, ignore_conflicts=True)
        found |= _locked([row.key for row in missing])
    for key, slug in slugs.items():
        if key not in found:  # somebody took the address meanwhile
            raise SlugTaken(slug)
    return found


def _give_way(taken: Product) -> None:
    """Let a withdrawn product give its address to the one that asks for it."""
    if taken.listed:
        raise SlugTaken(taken.slug)
    Product.objects.filter(pk=taken.pk).update(slug=f"withdrawn-{taken.key}")


def _locked(keys: Iterable[UUID]) -> dict[UUID, Product]:
    rows = Product.objects.select_for_update(no_key=True).filter(key__in=list(keys)).order_by("pk")
    return {row.key: row for row in rows}


def _read_text(text: ProductText, payload: ProductPayload) -> ProductText:
    told = payload.text
    text.title, text.summary, text.body = told.title, told.summary, told.body
    text.keywords = told.keywords
    text.details = [list(row) for row in told.details]
    text.notice, text.guides = told.notice, list(told.guides)
    text.seo_title, text.seo_description = told.seo_title, told.seo_description
    text.source_version = payload.version
    return text


def _write_texts(texts: Iterable[ProductText]) -> None:
    rows = list({(row.product_id, row.language): row for row in texts}.values())
    new, known = [row for row in rows if row.pk is None], [row for row in rows if row.pk]
    ProductText.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["product", "language"], update_fields=_TEXT
    )
    ProductText.objects.bulk_create(known, update_conflicts=True, unique_fields=["pk"], update_fields=_TEXT)


def _listed(
    payloads: Sequence[ProductPayload], products: Mapping[UUID, Product], *, now: datetime
) -> list[Event]:
    skus: dict[int, list[str]] = {}
    rows = Variant.objects.filter(product__in=[products[one.key] for one in payloads], active=True)
    for pk, sku in rows.values_list("product_id", "sku"):
        skus.setdefault(pk, []).append(sku)
    return [
        types.ProductListed(
            product_key=one.key,
            slug=products[one.key].slug,
            language=one.language,
            source_version=one.version,
            skus=tuple(skus.get(products[one.key].pk, ())),
            occurred_at=now,
        )
        for one in payloads
    ]


# --- what is sold -----------------------------------------------------------------------------------------


def _write_goods(goods: _Goods, *, now: datetime) -> list[Event]:
    """Write what the leading pages say; return the facts of prices that moved."""
    if not goods:
        return []
    for product, told in goods:
        _read_goods(product, told, now=now)
    Product.objects.bulk_create(
        [product for product, _ in goods], update_conflicts=True, unique_fields=["pk"], update_fields=_PRODUCT
    )
    _put_on_shelves(goods)
    return _write_variants(goods, now=now)


def _read_goods(product: Product, goods: GoodsPayload, *, now: datetime) -> None:
    if not goods.variants:
        raise NoVariants(goods.slug)
    costs = [prices.effective(variant, now=now) for variant in goods.variants]
    product.slug, product.rank = goods.slug, goods.rank
    product.option_names, product.pictures = list(goods.option_names), list(goods.pictures)
    product.price_min, product.price_max = min(costs), max(costs)
    product.brand, product.attributes = goods.brand, list(goods.attributes)
    product.notice, product.made_to_order = goods.notice, goods.made_to_order
    product.badges, product.related = list(goods.badges), goods.related
    product.listed, product.listed_at = True, product.listed_at or now


def _put_on_shelves(goods: _Goods) -> None:
    """Link products with their categories; what collections filled by their rules stays."""
    links = Product.categories.through
    asked = {key for _, told in goods for key in told.categories}
    shelves = dict(Category.objects.filter(key__in=asked, collection=False).values_list("key", "pk"))
    wanted = {
        (product.pk, shelves[key]) for product, told in goods for key in told.categories if key in shelves
    }
    rows = links.objects.filter(product__in=[product for product, _ in goods], category__collection=False)
    there = {
        (product, shelf): pk for pk, product, shelf in rows.values_list("pk", "product_id", "category_id")
    }
    if gone := [pk for place, pk in there.items() if place not in wanted]:
        links.objects.filter(pk__in=gone).delete()
    new = sorted(wanted - there.keys())
    links.objects.bulk_create([links(product_id=product, category_id=shelf) for product, shelf in new])


def _write_variants(goods: _Goods, *, now: datetime) -> list[Event]:
    owners: dict[str, int] = {}
    for product, told in goods:
        for variant in told.variants:
            sku = normalise_sku(variant.sku)
            if owners.setdefault(sku, product.pk) != product.pk:
                raise SkuTaken(sku)
    left = Variant.objects.filter(product__in=[product for product, _ in goods], active=True)
    left.exclude(sku__in=owners).update(active=False)
    # Never FOR UPDATE, as update_or_create would: orders being placed refer to these rows, and two of them
    # would wait for each other.
    rows = Variant.objects.select_for_update(no_key=True).filter(sku__in=owners).order_by("pk")
    known = {row.sku: row for row in rows}
    for sku, row in known.items():
        if row.product_id != owners[sku]:
            raise SkuTaken(sku)
    _free_barcodes(goods, known)
    return _write_known_and_new(goods, known, now=now)


def _free_barcodes(goods: _Goods, known: Mapping[str, Variant]) -> None:
    """Take barcodes off the variants that have others from now on, so that they may change hands within these."""
    told: dict[str, str] = {}
    for _, payload in goods:
        for variant in payload.variants:
            sku = normalise_sku(variant.sku)
            if variant.barcode and told.setdefault(variant.barcode, sku) != sku:
                raise BarcodeTaken(variant.barcode, told[variant.barcode])
    spelt = [spelling for barcode in told for spelling in barcodes.spellings(barcode)]
    holders = Variant.objects.filter(barcode__in=spelt, active=True).exclude(sku__in=known)
    for barcode, sku in holders.values_list("barcode", "sku"):
        raise BarcodeTaken(barcode, sku)
    moving = [row for sku, row in known.items() if row.barcode and told.get(row.barcode) not in (None, sku)]
    if moving:
        Variant.objects.filter(pk__in=[row.pk for row in moving]).update(barcode="")


def _write_known_and_new(goods: _Goods, known: Mapping[str, Variant], *, now: datetime) -> list[Event]:
    told: dict[UUID, list[pricing.Told]] = {}
    new: list[Variant] = []
    changed: list[Variant] = []
    for product, payload in goods:
        for position, variant in enumerate(payload.variants):
            sku = normalise_sku(variant.sku)
            row = known.get(sku) or Variant(sku=sku, product=product)
            before, stood = pricing.told(row), _standing(row)
            _read_variant(row, variant, position, now=now)
            if row.pk is None:
                new.append(row)
            elif _standing(row) != stood:
                changed.append(row)
            told.setdefault(product.key, []).append((row, before))
    Variant.objects.bulk_create(new)
    Variant.objects.bulk_create(changed, update_conflicts=True, unique_fields=["pk"], update_fields=_VARIANT)
    stock.open_items(variant_ids=[row.pk for rows in told.values() for row, _ in rows])
    pricing.remember([one for rows in told.values() for one in rows], at=now, now=now)
    return [fact for key, rows in told.items() for fact in pricing.facts(rows, product_key=key, now=now)]


def _standing(row: Variant) -> Collection[object]:
    return [getattr(row, name) for name in _VARIANT]


def _read_variant(row: Variant, variant: VariantPayload, position: int, *, now: datetime) -> None:
    row.options, row.price = list(variant.options), variant.price
    row.sale_price, row.sale_from, row.sale_until = pricing.window(variant)
    row.content, row.content_unit = variant.content, variant.content_unit
    row.picture, row.weight, row.barcode = variant.picture, variant.weight, variant.barcode
    row.active, row.position = True, position
    row.price_told = prices.effective(variant, now=now)
