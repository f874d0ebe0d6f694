"""Slots of the schedule."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.events.base import Event, fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(Event):
    """A slot of the schedule is due."""

    aggregate: ClassVar[tuple[str, str]] = ("schedule", "slot")
    slot: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class UnpaidOrdersDue(Tick):
    name: ClassVar[str] = "schedule.unpaid_orders"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReconciliationDue(Tick):
    name: ClassVar[str] = "schedule.payment_reconciliation"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class DepositRemindersDue(Tick):
    name: ClassVar[str] = "schedule.deposit_reminders"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentComparisonDue(Tick):
    name: ClassVar[str] = "schedule.payment_comparison"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceCheckDue(Tick):
    name: ClassVar[str] = "schedule.balance_check"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class BackupDue(Tick):
    name: ClassVar[str] = "schedule.backup"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class BackupCheckDue(Tick):
    name: ClassVar[str] = "schedule.backup_check"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class BackupDrillDue(Tick):
    """The newest backup is restored on trial, if the last trial is a week old."""

    name: ClassVar[str] = "schedule.backup_drill"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogReconciliationDue(Tick):
    name: ClassVar[str] = "schedule.catalog_reconciliation"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledPublishingDue(Tick):
    name: ClassVar[str] = "schedule.publishing"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionDue(Tick):
    name: ClassVar[str] = "schedule.retention"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelsDue(Tick):
    """Parcels and purchases of which nobody speaks are settled."""

    name: ClassVar[str] = "schedule.parcels"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class StockCheckDue(Tick):
    name: ClassVar[str] = "schedule.stock_check"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewInvitationsDue(Tick):
    """Buyers are asked what they think of what arrived."""

    name: ClassVar[str] = "schedule.review_invitations"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsDue(Tick):
    """Feeds for shopping searches are made anew, if what they say changed."""

    name: ClassVar[str] = "schedule.feeds"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RestockDue(Tick):
    """Units that nobody came for go on to the next who wait."""

    name: ClassVar[str] = "schedule.restock"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentCheckDue(Tick):
    """Consents to advertisements that are two years old are confirmed again."""

    name: ClassVar[str] = "schedule.consent_check"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class PointsExpiryDue(Tick):
    name: ClassVar[str] = "schedule.points_expiry"
