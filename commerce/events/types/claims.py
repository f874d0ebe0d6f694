"""How returns and exchanges go. `kind` is `return` or `exchange`; who wrote what stays with the claim."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from commerce.events.base import Event, fact

ClaimKind = Literal["return", "exchange"]
ClaimReason = Literal["changed_mind", "defective", "wrong_item", "damaged", "other"]
ClaimEnd = Literal["refund", "replacement"]


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRequested(Event):
    """A shopper wants to return or exchange `units` pieces of what was delivered."""

    name: ClassVar[str] = "claim.requested"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    claim_id: int
    kind: ClaimKind
    reason: ClaimReason
    units: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimApproved(Event):
    """The shop agrees: the shopper may send the goods."""

    name: ClassVar[str] = "claim.approved"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    claim_id: int
    kind: ClaimKind


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRejected(Event):
    """The shop refuses, with a reply to the shopper."""

    name: ClassVar[str] = "claim.rejected"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    claim_id: int
    kind: ClaimKind


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimReceived(Event):
    """The goods are back: the money must follow within three business days (Act §18(2))."""

    name: ClassVar[str] = "claim.received"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    claim_id: int
    kind: ClaimKind


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSettled(Event):
    """It is over. `outcome`: a refund, which has its own facts, or a replacement that was sent."""

    name: ClassVar[str] = "claim.settled"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    claim_id: int
    kind: ClaimKind
    outcome: ClaimEnd
    refund_id: int | None


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWithdrawn(Event):
    """The shopper keeps the goods after all."""

    name: ClassVar[str] = "claim.withdrawn"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    claim_id: int
    kind: ClaimKind
