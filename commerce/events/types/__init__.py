"""Every fact of the shop. `docs/events.md` has one heading for each; a test keeps the two in step."""

from commerce.events import upcasting
from commerce.events.base import registry
from commerce.events.types.cart import CartChanged
from commerce.events.types.catalog import (
    CategoryListed,
    CategoryTranslationWithdrawn,
    CategoryWithdrawn,
    ProductListed,
    ProductRepriced,
    ProductTranslationWithdrawn,
    ProductWithdrawn,
)
from commerce.events.types.clock import (
    CatalogReconciliationDue,
    DepositRemindersDue,
    PaymentComparisonDue,
    PaymentReconciliationDue,
    RetentionDue,
    ScheduledPublishingDue,
    StockCheckDue,
    Tick,
    UnpaidOrdersDue,
)
from commerce.events.types.content import ContentChanged
from commerce.events.types.orders import (
    Canceller,
    CustomerConsented,
    DepositAwaited,
    DepositDueSoon,
    OrderCancelled,
    OrderCleared,
    OrderFlagged,
    OrderNoteAdded,
    OrderPaid,
    OrderPlaced,
)
from commerce.events.types.payments import (
    PaymentChanged,
    PaymentFailed,
    PaymentMethodChanged,
    PaymentNoticed,
    PaymentRefused,
    RefundAccepted,
    RefundCompleted,
    RefundFailed,
    RefundRequested,
)
from commerce.events.types.shop import ShippingChanged, StaffChanged
from commerce.events.types.stock import StockBack, StockChanged, StockSoldOut
from commerce.events.types.webhooks import WebhookEndpointDisabled

__all__ = [
    "Canceller",
    "CartChanged",
    "CatalogReconciliationDue",
    "CategoryListed",
    "CategoryTranslationWithdrawn",
    "CategoryWithdrawn",
    "ContentChanged",
    "CustomerConsented",
    "DepositAwaited",
    "DepositDueSoon",
    "DepositRemindersDue",
    "OrderCancelled",
    "OrderCleared",
    "OrderFlagged",
    "OrderNoteAdded",
    "OrderPaid",
    "OrderPlaced",
    "PaymentChanged",
    "PaymentComparisonDue",
    "PaymentFailed",
    "PaymentMethodChanged",
    "PaymentNoticed",
    "PaymentReconciliationDue",
    "PaymentRefused",
    "ProductListed",
    "ProductRepriced",
    "ProductTranslationWithdrawn",
    "ProductWithdrawn",
    "RefundAccepted",
    "RefundCompleted",
    "RefundFailed",
    "RefundRequested",
    "RetentionDue",
    "ScheduledPublishingDue",
    "ShippingChanged",
    "StaffChanged",
    "StockBack",
    "StockChanged",
    "StockCheckDue",
    "StockSoldOut",
    "Tick",
    "UnpaidOrdersDue",
    "WebhookEndpointDisabled",
]

upcasting.STEPS.check(registry())  # a gap stops whoever would read or record facts
