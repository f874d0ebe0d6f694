"""What is for sale, and for how much."""

from dataclasses import dataclass
from typing import ClassVar, Literal
from uuid import UUID

from commerce.events.base import Event, fact


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ProductListed(Event):
    """A product is on sale as `skus`; said again with every publication."""

    name: ClassVar[str] = "product.listed"
    aggregate: ClassVar[tuple[str, str]] = ("product", "product_key")
    product_key: UUID
    slug: str
    language: str
    source_version: int
    skus: tuple[str, ...]


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ProductWithdrawn(Event):
    """A product is not for sale any more."""

    name: ClassVar[str] = "product.withdrawn"
    aggregate: ClassVar[tuple[str, str]] = ("product", "product_key")
    product_key: UUID
    slug: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTranslationWithdrawn(Event):
    """A product lost its words in one language and stays on sale in the others."""

    name: ClassVar[str] = "product.translation_withdrawn"
    aggregate: ClassVar[tuple[str, str]] = ("product", "product_key")
    product_key: UUID
    slug: str
    language: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRepriced(Event):
    """A variant that was known costs something else from now on; prices in won, VAT included."""

    name: ClassVar[str] = "product.repriced"
    aggregate: ClassVar[tuple[str, str]] = ("product", "product_key")
    product_key: UUID
    sku: str
    price_before: int
    price_after: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryListed(Event):
    """A shelf is shown; said again with every publication."""

    name: ClassVar[str] = "category.listed"
    aggregate: ClassVar[tuple[str, str]] = ("category", "category_key")
    category_key: UUID
    path: str
    language: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryWithdrawn(Event):
    """A shelf is not shown any more; its products stay on sale."""

    name: ClassVar[str] = "category.withdrawn"
    aggregate: ClassVar[tuple[str, str]] = ("category", "category_key")
    category_key: UUID
    path: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryTranslationWithdrawn(Event):
    """A shelf lost its words in one language."""

    name: ClassVar[str] = "category.translation_withdrawn"
    aggregate: ClassVar[tuple[str, str]] = ("category", "category_key")
    category_key: UUID
    path: str
    language: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogImportAsked(Event):
    """Somebody wants a file of products to be checked or carried out, or one that stands still to go on."""

    name: ClassVar[str] = "catalog.import_asked"
    aggregate: ClassVar[tuple[str, str]] = ("catalog_import", "import_id")
    import_id: int
    step: Literal["checking", "applying"]
