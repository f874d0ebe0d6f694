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
    BalanceCheckDue,
    CatalogReconciliationDue,
    DepositRemindersDue,
    ParcelsDue,
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
from commerce.events.types.parcels import (
    ConfirmedBy,
    KnownFrom,
    OrderConfirmed,
    ShipmentCorrected,
    ShipmentDelivered,
    ShipmentDispatched,
    ShipmentTakenBack,
)
from commerce.events.types.payments import (
    PaymentChanged,
    PaymentFailed,
    PaymentMethodChanged,
    PaymentNoticed,
    PaymentRefused,
    RefundAccepted,
    RefundAccountGiven,
    RefundAccountNeeded,
    RefundCompleted,
    RefundFailed,
    RefundRequested,
)
from commerce.events.types.shop import ShippingChanged, StaffChanged
from commerce.events.types.stock import StockBack, StockChanged, StockSoldOut
from commerce.events.types.webhooks import WebhookEndpointDisabled

__all__ = [
    "BalanceCheckDue",
    "Canceller",
    "CartChanged",
    "CatalogReconciliationDue",
    "CategoryListed",
    "CategoryTranslationWithdrawn",
    "CategoryWithdrawn",
    "ConfirmedBy",
    "ContentChanged",
    "CustomerConsented",
    "DepositAwaited",
    "DepositDueSoon",
    "DepositRemindersDue",
    "KnownFrom",
    "OrderCancelled",
    "OrderCleared",
    "OrderConfirmed",
    "OrderFlagged",
    "OrderNoteAdded",
    "OrderPaid",
    "OrderPlaced",
    "ParcelsDue",
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
    "RefundAccountGiven",
    "RefundAccountNeeded",
    "RefundCompleted",
    "RefundFailed",
    "RefundRequested",
    "RetentionDue",
    "ScheduledPublishingDue",
    "ShipmentCorrected",
    "ShipmentDelivered",
    "ShipmentDispatched",
    "ShipmentTakenBack",
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
