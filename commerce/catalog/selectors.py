"""What shop pages read of the catalog: plain values made for one page, in few queries."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import router
from django.db.models import Exists, Func, IntegerField, OuterRef, QuerySet, UUIDField, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commerce import rows
from commerce.catalog import bestsellers, prices, shelving
from commerce.catalog import cards as reading
from commerce.catalog.making import Known, product_view, rating_of, readable, text_in
from commerce.catalog.models import Category, CategoryText, PriceChange, Product, ProductText, Variant
from commerce.catalog.shapes import (
    DEFAULT_LANGUAGE,
    Card,
    CategoryLink,
    CategoryView,
    Crumb,
    Heading,
    Picture,
    ProductView,
)
from commerce.catalog.shelving import Shelf
from commerce.inventory.models import StockItem
from commerce.inventory.selectors import Supply
from commerce.near import Near

SORTS = {
    "recommended": (_("Recommended"), ("-rank", "-listed_at", "-pk")),
    "new": (_("Newest"), ("-listed_at", "-pk")),
    "rating": (_("Best rated"), ("-rating_score", "-rating_count", "-pk")),
    "price": (_("Price: low to high"), ("price_min", "-pk")),
    "price-desc": (_("Price: high to low"), ("-price_max", "-pk")),
}


BESIDE = 16  # of a category are remembered to stand beside a product
_near: Near[tuple[UUID, ...]] = Near(most=500)

_ON_SALE = "slug = %s AND listed"
_OF_IT = f"product_id = (SELECT id FROM commerce_product WHERE {_ON_SALE})"
_REDUCED = f"SELECT id FROM commerce_variant WHERE {_OF_IT} AND active AND sale_price IS NOT NULL"


def product_page(*, slug: str, language: str, now: datetime, sku: str = "") -> ProductView | None:
    """Return the product at `/p/<slug>/` as it is at a moment, or None when it is not on sale.

    `sku` chooses the variant; without it, or when it is unknown, the first that is in stock is chosen.
    """
    product = _product(slug, now)
    return _product_view(product, language=language, sku=sku, now=now) if product else None


def heading(*, slug: str, language: str) -> Heading | None:
    """Return what pages beside a product page say of it, or None when it is not on sale."""
    product = _listed().filter(slug=slug).prefetch_related("texts").first()
    if product is None or not readable(product.texts.all(), language):
        return None
    picture = Picture.of(product.pictures[0], language=language) if product.pictures else None
    return Heading(
        pk=product.pk,
        key=product.key,
        slug=product.slug,
        title=text_in(product.texts.all(), language).title,
        picture=picture,
        languages=tuple(row.language for row in product.texts.all()),
        rating=rating_of(product),
    )


def by_slugs(*, slugs: Sequence[str], language: str, now: datetime) -> list[Card]:
    """Return cards for products by their addresses in the order given; those not on sale are left out."""
    found = {
        card.slug: card for card in reading.read(_listed().filter(slug__in=slugs), language=language, now=now)
    }
    return [found[slug] for slug in slugs if slug in found]


def cards(*, keys: Sequence[UUID], language: str, now: datetime) -> list[Card]:
    """Return cards for hand-picked products in the order given; those not on sale are left out."""
    using = router.db_for_read(Product)
    found = {card.key: card for card in reading.read_known(keys, using=using, language=language, now=now)}
    return [found[key] for key in keys if key in found]


def newest(*, limit: int, language: str, now: datetime, category: UUID | None = None) -> list[Card]:
    """Return the products that came last, newest first, of one category and those below it if given."""
    products = _listed().order_by("-listed_at", "-pk")
    if category:
        shelf = Category.objects.filter(key=category, listed=True).first()
        products = _below(products, shelf.path) if shelf else products.none()
    return reading.read(products[:limit], language=language, now=now)


def beside_withdrawn(*, slug: str, limit: int, language: str, now: datetime) -> list[Card]:
    """Return what stands where a product stood that is not on sale any more, those recommended first."""
    paths = Category.objects.filter(
        listed=True, collection=False, products__slug=slug, products__listed=False
    )
    deepest = max(paths.values_list("path", flat=True), key=lambda path: path.count("/"), default="")
    if not deepest:
        return []
    beside = _below(_listed(), deepest).order_by(*SORTS["recommended"][1])
    return reading.read(beside[:limit], language=language, now=now)


def related(*, shown: ProductView, limit: int, language: str, now: datetime) -> tuple[list[Card], list[Card]]:
    """Return what goes with a product and what is like it, as the editor picked them; one further read.

    Where nothing like it was picked, others of its category take the place, those recommended first.
    """
    others = () if shown.similar else _beside(shown)[:limit]
    wanted = dict.fromkeys([*shown.matching, *shown.similar, *others])
    found = {card.key: card for card in cards(keys=list(wanted), language=language, now=now)}
    matching = [found[key] for key in shown.matching if key in found]
    similar = [found[key] for key in shown.similar or others if key in found]
    if not similar and shown.similar:  # what was picked is not on sale any more
        similar = cards(keys=_beside(shown), language=language, now=now)
    return matching[:limit], similar[:limit]


def _beside(shown: ProductView) -> tuple[UUID, ...]:
    """Return what else is in a product's category, those recommended first; it is asked once for each version."""
    if not shown.crumbs:
        return ()
    path = shown.crumbs[-1].path
    key = shelving.key_of("beside", path)
    found = _near.get(key)
    if found is None:
        rows = shelving.source(_below(_listed(), path)).order_by(*SORTS["recommended"][1])
        found = tuple(rows.values_list("key", flat=True)[:BESIDE])
        _near.keep(key, found, seconds=settings.PAGE_COPIES_NEAR and shelving.SECONDS)
    return tuple(each for each in found if each not in {shown.key, *shown.matching})


def listing(*, path: str, sort: str) -> QuerySet[Product]:
    """Return the products of the category at `path` ("" for all) and below it, sorted; unknown sorts are the first."""
    order = SORTS.get(sort, SORTS["recommended"])[1]
    products = _listed()
    return (_below(products, path) if path else products).order_by(*order)


def as_picked(products: QuerySet[Product], *, keys: Sequence[UUID]) -> QuerySet[Product]:
    """Return products in the order in which they were picked by hand; what was not picked follows as it was."""
    picked = Value(list(keys), output_field=ArrayField(UUIDField()))
    place = Func(picked, "key", function="array_position", output_field=IntegerField())
    return products.order_by(place.asc(nulls_last=True), *SORTS["recommended"][1])


def cards_in(products: QuerySet[Product], *, language: str, now: datetime) -> list[Card]:
    """Return cards for the products of a query, in its order, at the prices of a moment."""
    return reading.read(products, language=language, now=now)


def cards_of(products: Sequence[int], *, language: str, now: datetime) -> list[Card]:
    """Return cards for products that are known by the keys of their rows, in this order, at the prices of a moment."""
    return reading.read_keys(products, language=language, now=now)


def category_page(*, path: str, language: str) -> CategoryView | None:
    """Return the category at `/c/<path>/`, or None when it is not listed."""
    shelves = _shelves(language)
    shelf = next((shelf for shelf in shelves if shelf.row.path == path), None)
    if shelf is None:
        return None
    category, text = shelf.row, text_in(shelf.texts, language)
    return CategoryView(
        key=category.key,
        path=category.path,
        title=text.title,
        intro=text.intro,
        crumbs=_crumbs(category.path, shelves, language),
        children=_links(shelves, category.pk, language),
        siblings=_links(shelves, category.parent_id, language),
        seo_title=text.seo_title,
        seo_description=text.seo_description,
        picture=Picture.of(category.picture, language=language),
        languages=tuple(row.language for row in shelf.texts),
        picked=tuple(UUID(key) for key in category.rule.get("picked", ())) if category.rule else (),
    )


def category_tree(*, language: str) -> tuple[CategoryLink, ...]:
    """Return the menu: top categories with their children, no collections. Every page has it: only words are read."""
    key = shelving.key_of("menu", language)
    kept: tuple[CategoryLink, ...] | None = shelving.recall(key)
    if kept is None:
        kept = _tree(language)
        shelving.keep(key, kept)
    return kept


def on_sale() -> QuerySet[Product]:
    """Return every product on sale, in a fixed order: for the site map."""
    return _listed().order_by("pk")


def shelves() -> QuerySet[Category]:
    """Return every category that is shown, in a fixed order: for the site map."""
    return Category.objects.filter(listed=True).order_by("path")


def sellable(*, skus: Iterable[str]) -> dict[str, Variant]:
    """Return the variants on sale among `skus`, by SKU, with product and stock loaded."""
    rows = Variant.objects.filter(sku__in=list(skus), active=True, product__listed=True)
    return {row.sku: row for row in rows.select_related("product", "stock")}


def _listed() -> QuerySet[Product]:
    rows = Product.objects.filter(listed=True)
    return rows.defer("search_title", "search_keys", "search_initials")  # conditions read them, pages do not


def _below(products: QuerySet[Product], path: str) -> QuerySet[Product]:
    """Return those of a category and the ones below it; named by their keys, so that PostgreSQL knows how many that are."""
    linked = Product.categories.through.objects.filter(
        product_id=OuterRef("pk"), category_id__in=shelving.below(path)
    )
    return products.filter(Exists(linked))


def _product(slug: str, now: datetime) -> Any:
    """Return a product with all that its page says of it: six statements, one message."""
    found, texts, variants, stock, changes, links = rows.read_each(
        (Product, _ON_SALE, [slug]),
        (ProductText, _OF_IT, [slug]),  # every language: the page names those in which it exists
        (Variant, f"{_OF_IT} AND active ORDER BY position, id", [slug]),
        (
            StockItem,
            f"variant_id IN (SELECT id FROM commerce_variant WHERE {_OF_IT} AND active)",
            [slug],
        ),
        (PriceChange, f"variant_id IN ({_REDUCED}) AND at <= %s ORDER BY at, id", [slug, now]),
        (Product.categories.through, _OF_IT, [slug]),
        using=router.db_for_read(Product),
    )
    if not found:
        return None
    product = found[0]
    rows.hold(product, texts=texts)
    product.on_sale, product.stock, product.changes = variants, stock, changes
    product.shelves = {link.category_id for link in links}
    return product


def _product_view(product: Any, *, language: str, sku: str, now: datetime) -> ProductView | None:
    today = timezone.localdate(now)
    reduced = {variant.pk for variant in product.on_sale if prices.reduced(variant, now=now)}
    history: dict[int, list[tuple[datetime, int]]] = {}
    for change in product.changes:
        if change.variant_id in reduced:
            history.setdefault(change.variant_id, []).append((change.at, change.price))
    known = Known(
        now=now,
        stock={item.variant_id: Supply.of(item, today=today) for item in product.stock},
        history=history,
        best=bestsellers.top(today=today),
    )
    crumbs = _product_crumbs(product.shelves, language)
    return product_view(product, language=language, sku=sku, known=known, crumbs=crumbs)


def _product_crumbs(linked: set[int], language: str) -> tuple[Crumb, ...]:
    """Return the way to the deepest of the categories that a product is in; collections are no place of their own."""
    paths = [
        shelf.row.path for shelf in shelving.every() if shelf.row.pk in linked and not shelf.row.collection
    ]
    if not paths:
        return ()
    return _crumbs(max(paths, key=lambda path: path.count("/")), _shelves(language), language)


def _shelves(language: str) -> list[Shelf]:
    return [shelf for shelf in shelving.every() if readable(shelf.texts, language)]


def _crumbs(path: str, shelves: Sequence[Shelf], language: str) -> tuple[Crumb, ...]:
    by_path = {shelf.row.path: shelf for shelf in shelves}
    parts = path.split("/")
    paths = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
    return tuple(
        Crumb(title=text_in(by_path[step].texts, language).title, path=step)
        for step in paths
        if step in by_path
    )


def _links(shelves: Sequence[Shelf], parent: int | None, language: str) -> tuple[CategoryLink, ...]:
    return tuple(
        CategoryLink(
            title=text_in(shelf.texts, language).title,
            path=shelf.row.path,
            picture=Picture.of(shelf.row.picture, language=language),
            children=_links(shelves, shelf.row.pk, language),
        )
        for shelf in shelves
        if shelf.row.parent_id == parent
    )


def _tree(language: str) -> tuple[CategoryLink, ...]:
    words = shelving.source(CategoryText.objects.all()).filter(
        category__listed=True, category__collection=False, language__in={language, DEFAULT_LANGUAGE}
    )
    listed = words.order_by("category__position", "category_id").values_list(
        "category_id", "category__parent_id", "category__path", "category__picture", "language", "title"
    )
    titles: dict[int, dict[str, str]] = {}
    below: dict[int | None, dict[int, tuple[str, dict[str, Any]]]] = {}
    for key, parent, path, picture, spoken, title in listed:
        titles.setdefault(key, {})[spoken] = title
        below.setdefault(parent, {})[key] = (path, picture)

    def links(parent: int | None) -> tuple[CategoryLink, ...]:
        return tuple(
            CategoryLink(
                title=titles[key].get(language) or titles[key][DEFAULT_LANGUAGE],
                path=path,
                picture=Picture.of(picture, language=language),
                children=links(key),
            )
            for key, (path, picture) in below.get(parent, {}).items()
        )

    return links(None)
