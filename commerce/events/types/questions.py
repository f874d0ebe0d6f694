"""Questions about products. Words, names and addresses stay with the question."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from commerce.events.base import Event, fact


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Event):
    """Somebody asks about a product; `shop_only`: for no other visitor."""

    name: ClassVar[str] = "question.asked"
    aggregate: ClassVar[tuple[str, str]] = ("question", "question_id")
    question_id: int
    product_key: UUID
    shop_only: bool


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(Event):
    """Staff answered a question; `again` when the answer was changed."""

    name: ClassVar[str] = "question.answered"
    aggregate: ClassVar[tuple[str, str]] = ("question", "question_id")
    question_id: int
    product_key: UUID
    again: bool


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionHidden(Event):
    """Staff took a question off the page, or put it back (`hidden` false)."""

    name: ClassVar[str] = "question.hidden"
    aggregate: ClassVar[tuple[str, str]] = ("question", "question_id")
    question_id: int
    product_key: UUID
    hidden: bool


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWithdrawn(Event):
    """Who asked deleted the question."""

    name: ClassVar[str] = "question.withdrawn"
    aggregate: ClassVar[tuple[str, str]] = ("question", "question_id")
    question_id: int
    product_key: UUID
