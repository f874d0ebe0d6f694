"""What merchants may be told: the public facts and, of each, the fields that leave the shop.

Fields are listed, never taken over: what a fact learns later stays inside until somebody decides. Ids and
plain values only; whoever wants more asks the shop. `docs/webhooks.md` says what each field means.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEST = "webhook.test"  # what the button of the back office sends; nobody subscribes to it

_CANCELLED_BECAUSE = {
    "not paid in time": "unpaid",
    "sold out": "sold_out",
    "refunded": "refunded",
    "refunded at the provider": "refunded",
    "cancelled by the shop": "shop",
    "payment mismatch": "payment_mismatch",
    "cancelled by the shopper": "shopper",
    "ordered by mistake": "shopper",
    "another product": "shopper",
    "takes too long": "shopper",
}


def _why_cancelled(stored: Any) -> str:
    """Return a reason as a stable word; what a person wrote stays inside."""
    return _CANCELLED_BECAUSE.get(str(stored), "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A public fact: how the back office calls it, its group there, and its fields."""

    label: Promise
    group: Promise
    fields: tuple[str, ...]
    told_as: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def data(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return what leaves the shop of a fact's payload; an older fact may lack a field."""
        return {
            name: self.told_as.get(name, _unchanged)(payload[name]) for name in self.fields if name in payload
        }


def _unchanged(value: Any) -> Any:
    return value


_ORDERS, _PARCELS, _MONEY = _("Orders"), _("Parcels"), _("Payments and refunds")
_STOCK, _CATALOGUE = _("Stock"), _("Catalogue")
_CLAIMS = _("Returns and exchanges")
_VOICES = _("Reviews and questions")
_CLAIM = ("order_id", "number", "claim_id", "kind")
_TOTALS = ("order_id", "number", "total", "currency")

PUBLIC: dict[str, Kind] = {
    "order.placed": Kind(label=_("An order was placed"), group=_ORDERS, fields=_TOTALS),
    "order.deposit_awaited": Kind(
        label=_("An order waits for its deposit"), group=_ORDERS, fields=("order_id", "number")
    ),
    "order.paid": Kind(label=_("An order was paid"), group=_ORDERS, fields=_TOTALS),
    "order.cancelled": Kind(
        label=_("An order was cancelled"),
        group=_ORDERS,
        fields=("order_id", "number", "reason"),
        told_as={"reason": _why_cancelled},
    ),
    "order.confirmed": Kind(
        label=_("A purchase was confirmed"), group=_ORDERS, fields=("order_id", "number")
    ),
    "shipment.dispatched": Kind(
        label=_("A parcel is on its way"),
        group=_PARCELS,
        fields=("order_id", "number", "shipment_id", "courier", "tracking_number", "units", "purpose"),
    ),
    "shipment.corrected": Kind(
        label=_("A parcel's courier or number was corrected"),
        group=_PARCELS,
        fields=("order_id", "number", "shipment_id", "courier", "tracking_number"),
    ),
    "shipment.taken_back": Kind(
        label=_("A parcel did not leave after all"),
        group=_PARCELS,
        fields=("order_id", "number", "shipment_id"),
    ),
    "shipment.delivered": Kind(
        label=_("A parcel was delivered"), group=_PARCELS, fields=("order_id", "number", "shipment_id")
    ),
    "claim.requested": Kind(
        label=_("A return or exchange was requested"), group=_CLAIMS, fields=(*_CLAIM, "reason", "units")
    ),
    "claim.approved": Kind(label=_("A return or exchange was approved"), group=_CLAIMS, fields=_CLAIM),
    "claim.rejected": Kind(label=_("A return or exchange was refused"), group=_CLAIMS, fields=_CLAIM),
    "claim.received": Kind(label=_("Returned goods arrived"), group=_CLAIMS, fields=_CLAIM),
    "claim.settled": Kind(
        label=_("A return or exchange was settled"),
        group=_CLAIMS,
        fields=(*_CLAIM, "outcome", "refund_id"),
    ),
    "claim.withdrawn": Kind(label=_("A return or exchange was withdrawn"), group=_CLAIMS, fields=_CLAIM),
    "payment.failed": Kind(
        label=_("An attempt to pay failed"), group=_MONEY, fields=("order_id", "payment_id")
    ),
    "refund.requested": Kind(
        label=_("A refund was begun"), group=_MONEY, fields=("order_id", "refund_id", "amount")
    ),
    "refund.completed": Kind(
        label=_("A refund is complete"), group=_MONEY, fields=("order_id", "refund_id", "amount")
    ),
    "review.published": Kind(
        label=_("A review was published"), group=_VOICES, fields=("review_id", "product_key", "rating")
    ),
    "review.withdrawn": Kind(
        label=_("A review was deleted by its author"), group=_VOICES, fields=("review_id", "product_key")
    ),
    "question.asked": Kind(
        label=_("A question was asked"), group=_VOICES, fields=("question_id", "product_key", "shop_only")
    ),
    "question.answered": Kind(
        label=_("A question was answered"), group=_VOICES, fields=("question_id", "product_key")
    ),
    "stock.changed": Kind(
        label=_("Stock was received or counted"),
        group=_STOCK,
        fields=("sku", "on_hand", "difference", "kind"),
    ),
    "stock.sold_out": Kind(label=_("A variant is sold out"), group=_STOCK, fields=("sku",)),
    "stock.back": Kind(label=_("A variant can be ordered again"), group=_STOCK, fields=("sku", "available")),
    "product.listed": Kind(
        label=_("A product is on sale or was changed"),
        group=_CATALOGUE,
        fields=("product_key", "slug", "language", "source_version", "skus"),
    ),
    "product.repriced": Kind(
        label=_("A price changed"),
        group=_CATALOGUE,
        fields=("product_key", "sku", "price_before", "price_after"),
    ),
    "product.withdrawn": Kind(
        label=_("A product was withdrawn"), group=_CATALOGUE, fields=("product_key", "slug")
    ),
    "category.listed": Kind(
        label=_("A category is shown or was changed"),
        group=_CATALOGUE,
        fields=("category_key", "path", "language"),
    ),
    "category.withdrawn": Kind(
        label=_("A category was withdrawn"), group=_CATALOGUE, fields=("category_key", "path")
    ),
}

# Facts that stay inside: ticks of the clock, hints that nobody verified yet, and what only the shop reacts to.
INTERNAL = frozenset(
    {
        "account.letter_written",
        "cart.changed",
        "catalog.import_asked",
        "cart.merged",
        "category.translation_withdrawn",
        "content.changed",
        "coupon.changed",
        "coupon.issued",
        "coupon.offered",
        "coupon.returned",
        "coupon.taken_back",
        "coupon.used",
        "coupon.withdrawn",
        "customer.address_changed",
        "customer.consented",
        "customer.withdrew",
        "export.ready",
        "export.requested",
        "order.claimed",
        "consent.due_again",
        "consent.given",
        "consent.withdrawn",
        "customer.linked",
        "customer.farewell_due",
        "customer.signed_in",
        "customer.signed_up",
        "customer.unlinked",
        "newsletter.asked",
        "newsletter.due_again",
        "newsletter.joined",
        "newsletter.left",
        "order.cleared",
        "order.deposit_due_soon",
        "order.flagged",
        "order.note_added",
        "payment.changed",
        "payment.method_changed",
        "payment.noticed",
        "payment.refused",
        "points.changed",
        "product.translation_withdrawn",
        "question.hidden",
        "question.withdrawn",
        "receipt.cancelled",
        "receipt.failed",
        "receipt.issued",
        "refund.accepted",
        "refund.account_given",
        "refund.account_needed",
        "refund.allocated",
        "refund.failed",
        "restock.cancelled",
        "restock.hold_ended",
        "restock.notified",
        "restock.requested",
        "review.answered",
        "review.invited",
        "review.posted",
        "review.rejected",
        "review.reported",
        "schedule.backup",
        "schedule.backup_check",
        "schedule.backup_drill",
        "schedule.balance_check",
        "schedule.catalog_reconciliation",
        "schedule.consent_check",
        "schedule.deposit_reminders",
        "schedule.feeds",
        "schedule.parcels",
        "schedule.payment_comparison",
        "schedule.payment_reconciliation",
        "schedule.points_expiry",
        "schedule.publishing",
        "schedule.restock",
        "schedule.retention",
        "schedule.review_invitations",
        "schedule.stock_check",
        "schedule.unpaid_orders",
        "shipping.changed",
        "shipping_zone.changed",
        "staff.changed",
        "staff.second_factor_reset",
        "webhook_endpoint.disabled",
        "wishlist.changed",
    }
)
