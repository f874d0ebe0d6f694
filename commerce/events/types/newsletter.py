"""What happens to subscriptions of the shop's news. Addresses stay with the rows."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.events.base import Event, fact


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterAsked(Event):
    """An address is to be asked whether it wants the news."""

    name: ClassVar[str] = "newsletter.asked"
    aggregate: ClassVar[tuple[str, str]] = ("newsletter", "subscription_id")
    subscription_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterJoined(Event):
    """Its owner confirmed: from now on it gets them."""

    name: ClassVar[str] = "newsletter.joined"
    aggregate: ClassVar[tuple[str, str]] = ("newsletter", "subscription_id")
    subscription_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterLeft(Event):
    """It does not want them any more."""

    name: ClassVar[str] = "newsletter.left"
    aggregate: ClassVar[tuple[str, str]] = ("newsletter", "subscription_id")
    subscription_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterDueAgain(Event):
    """Its consent is two years old: its owner is told of it, and how to take it back."""

    name: ClassVar[str] = "newsletter.due_again"
    aggregate: ClassVar[tuple[str, str]] = ("newsletter", "subscription_id")
    subscription_id: int
