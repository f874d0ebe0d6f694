"""Keep the columns that search reads in step with what a product is called."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from commerce.catalog import keys
from commerce.catalog.models import CategoryText, Product, ProductText, Variant
from commerce.rows import send

BATCH = 500  # products that are read and written at once
# Lines of the product information that people search by: who made it, and of what.
_SEARCHED_LINES = {
    "제조자",
    "제조사",
    "만든 이",
    "브랜드",
    "소재",
    "재질",
    "maker",
    "brand",
    "made by",
    "material",
}
_COLUMNS = ("search_title", "search_keys", "search_initials")
_WRITE = """
    UPDATE commerce_product product
    SET search_title = found.title, search_keys = found.keys, search_initials = found.initials
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS found (id, title, keys, initials)
    WHERE product.id = found.id
"""
_COMMAS = re.compile(r"[,;/·\n]")


def columns(
    *, titles: Collection[str], words: Collection[str], codes: Collection[str] = ()
) -> dict[str, str]:
    """Return the search columns of a product: its titles, other words by which it is found, and its SKUs.

    In the column of titles a whole title stands between equals signs once more.
    """
    title = keys.entries(titles)
    rest = keys.entries([*words, *codes])
    shown = keys.entries([*titles, *words], initial=True)
    return {
        "search_title": keys.column([*title, *(f"={keys.of(text)}=" for text in titles)]),
        "search_keys": keys.column(dict.fromkeys([*title, *rest])),
        "search_initials": keys.column(shown),
    }


def index(*, products: Collection[int]) -> int:
    """Write the search columns of products where they differ; return how many rows were written.

    Products are locked in the order of their keys.
    """
    rows = _read(products).select_for_update(no_key=True)
    shelves = _shelf_titles()
    stale = []
    for row in rows:
        wanted = _columns_of(row, shelves)
        if any(getattr(row, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(row, name, value)
            stale.append(row)
    if stale:
        send(
            (
                _WRITE,
                [[row.pk for row in stale], *([getattr(row, name) for row in stale] for name in _COLUMNS)],
            )
        )
    return len(stale)


def index_all(*, path: str = "") -> int:
    """Write the columns of all products that differ, or of those in and below a category; return how many.

    Each batch is a transaction of its own: shoppers and editors wait for none.
    """
    written = 0
    for chunk in batches(path=path):
        with transaction.atomic():
            written += index(products=chunk)
    return written


def searched_words(*, products: Collection[int]) -> list[str]:
    """Return the words that products are found by, once each, as they are written, without codes."""
    found: dict[str, None] = {}
    shelves = _shelf_titles()
    for row in _read(products):
        titles, rest = _titles(row), _words(row, shelves)
        for text in (*titles, *rest):
            found.update(dict.fromkeys(keys.words(text)))
    return list(found)


def all_texts() -> Iterator[str]:
    """Yield every title, keyword, option and searched line of what is on sale."""
    rows = ProductText.objects.filter(product__listed=True).values_list("title", "keywords", "details")
    for title, keywords, details in rows.iterator(chunk_size=2000):
        yield from (title, keywords, *_facts(details))
    options = Variant.objects.filter(active=True, product__listed=True).values_list("options", flat=True)
    for values in options.order_by("options").distinct().iterator(chunk_size=2000):
        yield from (word for option in values for word in option.values())


def batches(*, path: str = "") -> Iterator[list[int]]:
    """Yield the keys of products, those of the category at `path` and below if given, some hundred at a time."""
    rows = Product.objects.filter(categories__path__startswith=path) if path else Product.objects.all()
    last = 0
    while chunk := list(
        rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True).distinct()[:BATCH]
    ):
        yield chunk
        last = chunk[-1]


def _read(products: Collection[int]) -> Any:
    texts = ProductText.objects.only("product_id", "language", "title", "keywords", "details")
    variants = Variant.objects.filter(active=True).only("product_id", "sku", "barcode", "options")
    return (
        Product.objects.filter(pk__in=products)
        .only("pk", "search_title", "search_keys", "search_initials")
        .order_by("pk")
        .prefetch_related(
            Prefetch("texts", texts.order_by("-language")),  # Korean first
            Prefetch("variants", variants, to_attr="on_sale"),
            "categories",
        )
    )


def _shelf_titles() -> dict[str, list[str]]:
    """Return the titles of every listed category by its path."""
    rows = CategoryText.objects.filter(category__listed=True).values_list("category__path", "title")
    titles: dict[str, list[str]] = {}
    for path, title in rows:
        titles.setdefault(path, []).append(title)
    return titles


def _columns_of(row: Any, shelves: dict[str, list[str]]) -> dict[str, str]:
    codes = [code for variant in row.on_sale for code in (variant.sku, *_scanned(variant.barcode)) if code]
    return columns(titles=_titles(row), words=_words(row, shelves), codes=codes)


def _scanned(barcode: str) -> tuple[str, ...]:
    """Return what a scanner may read: of twelve digits some tell the zero in front and some do not."""
    return (barcode, barcode[1:]) if len(barcode) == 13 and barcode.startswith("0") else (barcode,)


def _titles(row: Any) -> list[str]:
    return [text.title for text in row.texts.all()]


def _words(row: Any, shelves: dict[str, list[str]]) -> list[str]:
    return [
        *(word for variant in row.on_sale for option in variant.options for word in option.values()),
        *(
            title
            for shelf in row.categories.all()
            if not shelf.collection
            for title in _titles_up(shelf.path, shelves)
        ),
        *(part for text in row.texts.all() for part in _COMMAS.split(text.keywords)),
        *(part for text in row.texts.all() for part in _facts(text.details)),
    ]


def _titles_up(path: str, shelves: dict[str, list[str]]) -> list[str]:
    steps = path.split("/")
    paths = ("/".join(steps[: depth + 1]) for depth in range(len(steps)))
    return [title for step in paths for title in shelves.get(step, [])]


def _facts(details: list[list[str]]) -> list[str]:
    return [
        part
        for name, value in details
        if name.strip().lower() in _SEARCHED_LINES
        for part in _COMMAS.split(value)
    ]
