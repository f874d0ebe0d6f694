"""What a few groups of rows need to know of the shop, read with a handful of queries however many they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from cms import languages
from cms.importing import columns
from cms.importing import pictures as sources
from cms.models import (
    CatalogImport,
    CategoryPage,
    ImportRow,
    ProductDetail,
    ProductIndexPage,
    ProductPage,
    ProductPicture,
    ProductVariant,
    ShopImage,
)
from commerce.catalog import barcodes
from commerce.catalog.models import Variant
from commerce.inventory.models import StockItem

ENGLISH = "en"


@dataclass
class Shelf:
    """Pages by address and by SKU with their rows, and what cells point to."""

    pages: dict[str, ProductPage] = field(default_factory=dict)  # by slug
    by_sku: dict[str, ProductPage] = field(default_factory=dict)
    english: dict[Any, ProductPage] = field(default_factory=dict)  # by translation key
    variants: dict[int, list[ProductVariant]] = field(default_factory=dict)  # by page
    pictures: dict[int, list[ProductPicture]] = field(default_factory=dict)
    details: dict[int, list[ProductDetail]] = field(default_factory=dict)  # of both languages
    shelves: dict[int, list[str]] = field(default_factory=dict)  # paths by page
    paths: dict[str, int] = field(default_factory=dict)  # category pages by path
    categories: dict[str, CategoryPage] = field(default_factory=dict)  # those that rows name, by path
    images: dict[str, ShopImage] = field(default_factory=dict)  # by the name that a cell uses
    zipped: sources.Zip = field(default_factory=sources.Zip)
    foreign: dict[str, tuple[Any, str]] = field(default_factory=dict)  # who has a SKU: key and address
    twice: dict[str, list[int]] = field(default_factory=dict)  # lines of a SKU that is there more than once
    barcodes: dict[str, str] = field(default_factory=dict)  # SKUs of variants on sale that have these
    barcode_lines: dict[str, list[int]] = field(default_factory=dict)  # lines of a barcode of the file
    stock: dict[str, StockItem] = field(default_factory=dict)  # by SKU


def index_page() -> ProductIndexPage | None:
    """Return the list of products in the leading language."""
    pages = ProductIndexPage.objects.filter(locale__language_code=languages.default(), alias_of=None)
    found: ProductIndexPage | None = pages.first()
    return found


def products() -> Any:
    """Return the products as files speak of them: the leading pages."""
    return ProductPage.objects.filter(locale__language_code=languages.default(), alias_of=None)


def read(*, run: CatalogImport, rows: Sequence[ImportRow], zipped: sources.Zip) -> Shelf:
    """Read what these rows speak of."""
    shelf = Shelf(zipped=zipped)
    slugs, skus = {row.slug for row in rows if row.slug}, {row.sku for row in rows if row.sku}
    owners = ProductVariant.objects.filter(sku__in=skus, page__in=products().values("pk"))
    sku_pages = dict(owners.order_by("-pk").values_list("sku", "page_id"))
    found = list(products().filter(slug__in=slugs)) if slugs else []
    missing = set(sku_pages.values()) - {page.pk for page in found}
    found += list(products().filter(pk__in=missing))
    of_pages(shelf=shelf, pages=found)
    by_pk = {page.pk: page for page in found}
    shelf.by_sku = {sku: by_pk[pk] for sku, pk in sku_pages.items()}
    shelf.paths = paths()
    shelf.categories = _categories(rows, shelf.paths)
    shelf.foreign = {
        sku: (key, slug)
        for sku, key, slug in Variant.objects.filter(sku__in=skus).values_list(
            "sku", "product__key", "product__slug"
        )
    } | {sku: (page.translation_key, page.slug) for sku, page in shelf.by_sku.items()}
    shelf.twice = _twice(run, skus)
    _read_barcodes(shelf, run, rows)
    items = StockItem.objects.filter(variant__sku__in=skus).select_related("variant")
    shelf.stock = {item.variant.sku: item for item in items}
    shelf.images = sources.known(names=named(rows=rows), zipped=zipped)
    return shelf


def of_pages(*, shelf: Shelf, pages: Iterable[ProductPage]) -> Shelf:
    """Add pages with everything that an export says of them."""
    rows = list(pages)
    keys = [page.pk for page in rows]
    shelf.pages |= {page.slug: page for page in rows}
    twins = ProductPage.objects.filter(
        translation_key__in=[page.translation_key for page in rows],
        locale__language_code=ENGLISH,
        alias_of=None,
    )
    shelf.english |= {page.translation_key: page for page in twins}
    shelf.variants |= _by_page(ProductVariant.objects.filter(page__in=keys).select_related("image"))
    shelf.pictures |= _by_page(ProductPicture.objects.filter(page__in=keys).select_related("image"))
    both = [*keys, *(page.pk for page in twins)]
    shelf.details |= _by_page(ProductDetail.objects.filter(page__in=both))
    known = {pk: path for path, pk in paths().items()}
    links = ProductPage.categories.through.objects.filter(productpage_id__in=keys)
    grouped: dict[int, list[str]] = defaultdict(list)
    for page_id, category_id in links.values_list("productpage_id", "categorypage_id"):
        if category_id in known:
            grouped[page_id].append(known[category_id])
    shelf.shelves |= grouped
    return shelf


def paths() -> dict[str, int]:
    """Return the category pages by their addresses below `/c/`."""
    pages = CategoryPage.objects.filter(locale__language_code=languages.default(), alias_of=None)
    return {"/".join(path.strip("/").split("/")[2:]): pk for path, pk in pages.values_list("url_path", "pk")}


def _categories(rows: Sequence[ImportRow], paths: Mapping[str, int]) -> dict[str, CategoryPage]:
    cells = {row.values.get("categories", "") for row in rows}
    wanted = {path: paths[path] for cell in cells for path in columns.several(cell) if path in paths}
    found = CategoryPage.objects.in_bulk(set(wanted.values()))
    return {path: found[pk] for path, pk in wanted.items()}


def named(*, rows: Iterable[ImportRow]) -> set[str]:
    """Return the pictures that rows name."""
    names = (columns.several(row.values.get("pictures", "")) for row in rows)
    own = {row.values.get("variant_picture", "") for row in rows} - {""}
    return {name for cell in names for name in cell} | own


def _read_barcodes(shelf: Shelf, run: CatalogImport, rows: Sequence[ImportRow]) -> None:
    codes = {row.values.get("barcode", "") for row in rows} - {""}
    if not codes:
        return
    spelt = [spelling for code in codes for spelling in barcodes.spellings(code)]
    holders = Variant.objects.filter(barcode__in=spelt, active=True).values_list("barcode", "sku")
    shelf.barcodes = {barcodes.normalise(code): sku for code, sku in holders}
    found = ImportRow.objects.filter(run=run, values__barcode__in=codes).order_by("line")
    lines: dict[str, list[int]] = defaultdict(list)
    for code, line in found.values_list("values__barcode", "line"):
        lines[code].append(line)
    shelf.barcode_lines = lines


def _by_page(rows: Any) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.page_id].append(row)
    return grouped


def _twice(run: CatalogImport, skus: set[str]) -> dict[str, list[int]]:
    rows = ImportRow.objects.filter(run=run, sku__in=skus).order_by()
    often = rows.values("sku").annotate(times=Count("pk")).filter(times__gt=1).values("sku")
    lines: dict[str, list[int]] = defaultdict(list)
    for sku, line in (
        ImportRow.objects.filter(run=run, sku__in=often).order_by("line").values_list("sku", "line")
    ):
        if len(lines[sku]) < 3:
            lines[sku].append(line)
    return lines
