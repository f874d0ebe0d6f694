"""What pages read of questions."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from commerce import rows
from commerce.questions.models import Question

_SHOWN = "product_id = %s AND NOT hidden ORDER BY asked_at DESC, id DESC LIMIT %s"


def shown(*, product_id: int) -> QuerySet[Question]:
    """Return a product's questions, secret ones among them, newest first; whoever shows them hides what is secret."""
    return Question.objects.filter(product=product_id, hidden=False).order_by("-asked_at", "-pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as a product page has it; of a secret one nobody needs the words."""

    author: str
    language: str
    asked_at: datetime
    answered_at: datetime | None
    secret: bool
    text: str
    answer: str


def first_shown(*, product_id: int, limit: int) -> rows.Question[tuple[Asked, ...]]:
    """Ask for the first of them, as plain values: the same ones are put together once (`templatetags.parts`)."""
    statement = rows.selection(Question, _SHOWN, product_id, limit)
    return rows.Question(
        (statement,), lambda brought: tuple(_asked(row) for row in rows.made(Question, brought[0]))
    )


def _asked(row: Question) -> Asked:
    return Asked(
        author=row.author,
        language=row.language,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        secret=row.secret,
        text="" if row.secret else row.text,
        answer="" if row.secret else row.answer,
    )


def by_token(*, token: str) -> Question | None:
    """Return the question at this address, which only its asker knows."""
    found = Question.objects.filter(token=token).select_related("product").prefetch_related("product__texts")
    return found.first()


def of_person(*, customer_id: int) -> QuerySet[Question]:
    """Return what a signed-in customer asked, newest first."""
    found = Question.objects.filter(customer=customer_id).select_related("product")
    return found.prefetch_related("product__texts").order_by("-asked_at", "-pk")


def waiting() -> QuerySet[Question]:
    """Return the questions that nobody answered, the oldest first."""
    return Question.objects.filter(answered_at=None, hidden=False).order_by("asked_at", "pk")
