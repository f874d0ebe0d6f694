"""What buyers say of what they bought. Words and names stay with the review."""

from dataclasses import dataclass
from typing import ClassVar, Literal
from uuid import UUID

from commerce.events.base import Event, fact

ReviewComplaint = Literal["rude", "private", "advert", "untrue", "other"]


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPosted(Event):
    """A buyer wrote a review, or wrote it anew (`edited`): staff looks at it before anybody else does."""

    name: ClassVar[str] = "review.posted"
    aggregate: ClassVar[tuple[str, str]] = ("review", "review_id")
    review_id: int
    order_id: int
    product_key: UUID
    rating: int
    photos: int
    edited: bool


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPublished(Event):
    """Staff let everybody read a review: it counts from now on."""

    name: ClassVar[str] = "review.published"
    aggregate: ClassVar[tuple[str, str]] = ("review", "review_id")
    review_id: int
    product_key: UUID
    rating: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRejected(Event):
    """Staff does not publish a review, or no longer, for a reason that its author reads."""

    name: ClassVar[str] = "review.rejected"
    aggregate: ClassVar[tuple[str, str]] = ("review", "review_id")
    review_id: int
    product_key: UUID


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAnswered(Event):
    """The shop answered a review, changed its answer or took it back."""

    name: ClassVar[str] = "review.answered"
    aggregate: ClassVar[tuple[str, str]] = ("review", "review_id")
    review_id: int
    product_key: UUID


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewReported(Event):
    """Somebody finds a review wrong; staff decides."""

    name: ClassVar[str] = "review.reported"
    aggregate: ClassVar[tuple[str, str]] = ("review", "review_id")
    review_id: int
    kind: ReviewComplaint


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewWithdrawn(Event):
    """Its author deleted a review."""

    name: ClassVar[str] = "review.withdrawn"
    aggregate: ClassVar[tuple[str, str]] = ("review", "review_id")
    review_id: int
    product_key: UUID


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewInvited(Event):
    """A buyer is asked what she thinks of what arrived some days ago; once per order."""

    name: ClassVar[str] = "review.invited"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
