"""Which facts change what every visitor sees: kept copies of pages are thrown away with each of them."""

from commerce.events import types

SHOWN = frozenset(
    fact.name
    for fact in (
        types.ProductListed,
        types.ProductWithdrawn,
        types.ProductTranslationWithdrawn,
        types.ProductRepriced,
        types.CategoryListed,
        types.CategoryWithdrawn,
        types.CategoryTranslationWithdrawn,
        types.ContentChanged,
        types.StockChanged,
        types.StockSoldOut,
        types.StockBack,
        types.ReviewPublished,
        types.ReviewRejected,
        types.ReviewAnswered,
        types.ReviewWithdrawn,
        types.QuestionAnswered,
        types.QuestionHidden,
        types.ShippingChanged,
        types.ShippingZoneChanged,
    )
)
