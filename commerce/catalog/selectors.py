"""What shop pages read of the catalog: plain values made for one page, in few queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Category, CategoryText, Product, ProductText, Variant
from commerce.catalog.shapes import (
    DEFAULT_LANGUAGE,
    Card,
    CategoryLink,
    CategoryView,
    Crumb,
    Heading,
    Picture,
    ProductView,
    Rating,
    VariantView,
)
from commerce.inventory import selectors as inventory

SORTS = {
    "recommended": (_("Recommended"), ("-rank", "-listed_at", "-pk")),
    "new": (_("Newest"), ("-listed_at", "-pk")),
    "rating": (_("Best rated"), ("-rating_score", "-rating_count", "-pk")),
    "price": (_("Price: low to high"), ("price_min", "-pk")),
    "price-desc": (_("Price: high to low"), ("-price_max", "-pk")),
}


@dataclass(frozen=True, slots=True)
class _Shelf:
    row: Category
    texts: list[CategoryText] = field(default_factory=list)


def product_page(*, slug: str, language: str, today: date, sku: str = "") -> ProductView | None:
    """Return the product at `/p/<slug>/`, or None when it is not on sale; `today` on the shop's calendar.

    `sku` chooses the variant; without it, or when it is unknown, the first that is in stock is chosen.
    """
    product = (
        _listed()
        .filter(slug=slug)
        .prefetch_related(
            "texts",  # every language: the page names those in which it exists
            Prefetch("variants", Variant.objects.filter(active=True), to_attr="on_sale"),
            Prefetch("categories", Category.objects.filter(listed=True)),
        )
        .first()
    )
    return _product_view(product, language=language, sku=sku, today=today) if product else None


def heading(*, slug: str, language: str) -> Heading | None:
    """Return what pages beside a product page say of it, or None when it is not on sale."""
    product = _listed().filter(slug=slug).prefetch_related("texts").first()
    if product is None or not _readable(product.texts.all(), language):
        return None
    picture = Picture.of(product.pictures[0], language=language) if product.pictures else None
    return Heading(
        pk=product.pk,
        key=product.key,
        slug=product.slug,
        title=_text(product.texts.all(), language).title,
        picture=picture,
        languages=tuple(row.language for row in product.texts.all()),
        rating=_rating(product),
    )


def by_slugs(*, slugs: Sequence[str], language: str) -> list[Card]:
    """Return cards for products by their addresses in the order given; those not on sale are left out."""
    found = {card.slug: card for card in _cards(_listed().filter(slug__in=slugs), language=language)}
    return [found[slug] for slug in slugs if slug in found]


def cards(*, keys: Sequence[UUID], language: str) -> list[Card]:
    """Return cards for hand-picked products in the order given; those not on sale are left out."""
    found = {card.key: card for card in _cards(_listed().filter(key__in=keys), language=language)}
    return [found[key] for key in keys if key in found]


def newest(*, limit: int, language: str, category: UUID | None = None) -> list[Card]:
    """Return the products that came last, newest first, of one category and those below it if given."""
    products = _listed().order_by("-listed_at", "-pk")
    if category:
        shelf = Category.objects.filter(key=category, listed=True).first()
        products = _below(products, shelf.path) if shelf else products.none()
    return _cards(products[:limit], language=language)


def listing(*, path: str, sort: str) -> QuerySet[Product]:
    """Return the products of the category at `path` ("" for all) and below it, sorted; unknown sorts are the first."""
    order = SORTS.get(sort, SORTS["recommended"])[1]
    products = _listed()
    return (_below(products, path) if path else products).order_by(*order)


def cards_in(products: QuerySet[Product], *, language: str) -> list[Card]:
    """Return cards for the products of a query, in its order."""
    return _cards(products, language=language)


def category_page(*, path: str, language: str) -> CategoryView | None:
    """Return the category at `/c/<path>/`, or None when it is not listed."""
    shelves = _shelves(language)
    shelf = next((shelf for shelf in shelves if shelf.row.path == path), None)
    if shelf is None:
        return None
    category, text = shelf.row, _text(shelf.texts, language)
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
    )


def category_tree(*, language: str) -> tuple[CategoryLink, ...]:
    """Return the menu: top categories with their children. Every page has it, so only its words are read."""
    words = CategoryText.objects.filter(category__listed=True, language__in={language, DEFAULT_LANGUAGE})
    rows = words.order_by("category__position", "category_id").values_list(
        "category_id", "category__parent_id", "category__path", "category__picture", "language", "title"
    )
    titles: dict[int, dict[str, str]] = {}
    below: dict[int | None, dict[int, tuple[str, dict[str, Any]]]] = {}
    for key, parent, path, picture, spoken, title in rows:
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


def _rating(product: Any) -> Rating:
    return Rating(product.rating_count, product.rating_sum, tuple(product.rating_bars))


def _listed() -> QuerySet[Product]:
    rows = Product.objects.filter(listed=True)
    return rows.defer("search_title", "search_keys", "search_initials")  # conditions read them, pages do not


def _below(products: QuerySet[Product], path: str) -> QuerySet[Product]:
    shelves = Category.objects.filter(listed=True, path=path) | Category.objects.filter(
        listed=True, path__startswith=f"{path}/"
    )
    linked = Product.categories.through.objects.filter(
        product_id=OuterRef("pk"), category_id__in=shelves.values("pk")
    )
    return products.filter(Exists(linked))


def _text(rows: Iterable[Any], language: str) -> Any:
    by_language = {row.language: row for row in rows}
    return by_language.get(language) or by_language.get(DEFAULT_LANGUAGE) or next(iter(by_language.values()))


def _cards(products: QuerySet[Product], *, language: str) -> list[Card]:
    return [card for _pk, card in _cards_by_id(products, language=language)]


def _cards_by_id(products: QuerySet[Product], *, language: str) -> list[tuple[int, Card]]:
    in_stock = Variant.objects.filter(product_id=OuterRef("pk"), active=True).filter(
        stock__on_hand__gt=F("stock__reserved") + F("stock__owed") - F("stock__backorder_limit")
    )
    rows = products.annotate(in_stock=Exists(in_stock)).prefetch_related(
        Prefetch(
            "texts", ProductText.objects.filter(language__in={language, DEFAULT_LANGUAGE}).defer("body")
        ),
        Prefetch("variants", Variant.objects.filter(active=True), to_attr="on_sale"),
    )
    return [(row.pk, _card(row, language)) for row in rows if row.texts.all()]


def _card(product: Any, language: str) -> Card:
    text = _text(product.texts.all(), language)
    pictures = [Picture.of(data, language=language) for data in product.pictures[:2]]
    firsts = dict.fromkeys(
        _word(variant.options[0], language) for variant in product.on_sale if variant.options
    )
    return Card(
        key=product.key,
        slug=product.slug,
        title=text.title,
        summary=text.summary,
        price=product.price_min,
        price_varies=product.price_max > product.price_min,
        picture=pictures[0] if pictures else None,
        second_picture=pictures[1] if len(pictures) > 1 else None,
        sold_out=not product.in_stock,
        options=tuple(firsts),
        rating=_rating(product),
    )


def _product_view(product: Any, *, language: str, sku: str, today: date) -> ProductView | None:
    texts = list(product.texts.all())
    if not _readable(texts, language):
        return None
    text = _text(texts, language)
    stock = inventory.supplies(variant_ids=[variant.pk for variant in product.on_sale], today=today)
    chosen = _choose(product.on_sale, stock, sku)
    pictures = [Picture.of(data, language=language) for data in product.pictures]
    return ProductView(
        key=product.key,
        slug=product.slug,
        title=text.title,
        summary=text.summary,
        body=text.body,
        details=tuple((name, value) for name, value in text.details),
        option_names=tuple(_word(name, language) for name in product.option_names),
        variants=tuple(
            VariantView(
                pk=variant.pk,
                sku=variant.sku,
                options=tuple(_word(value, language) for value in variant.options),
                price=variant.price,
                supply=stock.get(variant.pk, inventory.Supply(0)),
                picture=variant.picture,
                selected=variant.pk == chosen,
            )
            for variant in product.on_sale
        ),
        pictures=tuple(picture for picture in pictures if picture),
        crumbs=_product_crumbs(product, language),
        seo_title=text.seo_title,
        seo_description=text.seo_description,
        languages=tuple(row.language for row in texts),
        pk=product.pk,
        rating=_rating(product),
    )


def _choose(variants: Sequence[Variant], stock: dict[int, inventory.Supply], sku: str) -> int | None:
    asked = next((variant.pk for variant in variants if variant.sku == sku), None)
    having = (variant.pk for variant in variants if variant.pk in stock and stock[variant.pk].available)
    return asked or next(having, None) or (variants[0].pk if variants else None)


def _word(words: dict[str, str], language: str) -> str:
    return words.get(language) or words.get(DEFAULT_LANGUAGE, "")


def _product_crumbs(product: Any, language: str) -> tuple[Crumb, ...]:
    shelves = list(product.categories.all())
    if not shelves:
        return ()
    return _crumbs(max(shelves, key=lambda shelf: shelf.path.count("/")).path, _shelves(language), language)


def _shelves(language: str) -> list[_Shelf]:
    texts = CategoryText.objects.filter(category__listed=True).select_related("category")
    rows: dict[int, _Shelf] = {}
    for text in texts.order_by("category__position", "category_id", "pk"):
        rows.setdefault(text.category_id, _Shelf(text.category)).texts.append(text)
    return [shelf for shelf in rows.values() if _readable(shelf.texts, language)]


def _readable(texts: Iterable[Any], language: str) -> bool:
    return any(text.language in (language, DEFAULT_LANGUAGE) for text in texts)


def _crumbs(path: str, shelves: Sequence[_Shelf], language: str) -> tuple[Crumb, ...]:
    by_path = {shelf.row.path: shelf for shelf in shelves}
    parts = path.split("/")
    paths = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
    return tuple(
        Crumb(title=_text(by_path[step].texts, language).title, path=step)
        for step in paths
        if step in by_path
    )


def _links(shelves: Sequence[_Shelf], parent: int | None, language: str) -> tuple[CategoryLink, ...]:
    return tuple(
        CategoryLink(
            title=_text(shelf.texts, language).title,
            path=shelf.row.path,
            picture=Picture.of(shelf.row.picture, language=language),
            children=_links(shelves, shelf.row.pk, language),
        )
        for shelf in shelves
        if shelf.row.parent_id == parent
    )
