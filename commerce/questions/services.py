"""Ask, answer, hide and take back questions."""

import uuid
from datetime import datetime
from uuid import UUID

from django.db import transaction

from commerce.catalog.models import Product
from commerce.events import outbox, types
from commerce.masking import mask
from commerce.questions.models import TEXT_LENGTH, Question


class UnableToAsk(Exception):
    """Nothing was changed."""


class NoProduct(UnableToAsk):
    """The product is not on sale."""


class Gone(UnableToAsk):
    """There is no such question any more."""


@transaction.atomic
def ask(
    *,
    product_id: int,
    name: str,
    email: str,
    text: str,
    secret: bool,
    language: str,
    key: uuid.UUID,
    customer_id: int | None = None,
    now: datetime,
) -> Question:
    """Ask about a product, once per `key`: asked again, it returns the same question.

    Raises:
        NoProduct: it is not on sale.
        ValueError: there are no words, or too many.
    """
    if not 0 < len(text.strip()) <= TEXT_LENGTH:
        raise ValueError("a question has some words, and not too many")
    product = Product.objects.filter(pk=product_id, listed=True).only("pk", "key").first()
    if product is None:
        raise NoProduct(product_id)
    question, new = Question.objects.get_or_create(
        key=key,
        defaults={
            "product": product,
            "customer_id": customer_id,
            "author": mask(name=name),
            "email": email,
            "language": language,
            "text": text,
            "secret": secret,
            "asked_at": now,
        },
    )
    if new:
        outbox.record(
            types.QuestionAsked(
                question_id=question.pk, product_key=product.key, shop_only=secret, occurred_at=now
            )
        )
    return question


@transaction.atomic
def answer(*, question_id: int, text: str, now: datetime) -> bool:
    """Answer a question, or change the answer; return False when it says so already.

    Raises:
        Gone: its asker deleted it.
        ValueError: there are no words.
    """
    if not text.strip():
        raise ValueError("an answer has some words")
    question = _lock(question_id)
    if question.answer == text:
        return False
    again = question.answered_at is not None
    question.answer, question.answered_at = text, now
    question.save(update_fields=["answer", "answered_at"])
    outbox.record(
        types.QuestionAnswered(
            question_id=question.pk, product_key=_key(question), again=again, occurred_at=now
        )
    )
    return True


@transaction.atomic
def hide(*, question_id: int, hidden: bool, now: datetime) -> bool:
    """Take a question off the page, or put it back; return False when it is so already.

    Raises:
        Gone: its asker deleted it.
    """
    question = _lock(question_id)
    if question.hidden == hidden:
        return False
    question.hidden = hidden
    question.save(update_fields=["hidden"])
    outbox.record(
        types.QuestionHidden(
            question_id=question.pk, product_key=_key(question), hidden=hidden, occurred_at=now
        )
    )
    return True


@transaction.atomic
def withdraw(*, question_id: int, now: datetime) -> None:
    """Delete a question and its answer for who asked it.

    Raises:
        Gone: it was deleted before.
    """
    question = _lock(question_id)
    key = _key(question)
    question.delete()
    outbox.record(types.QuestionWithdrawn(question_id=question_id, product_key=key, occurred_at=now))


def _lock(question_id: int) -> Question:
    question = Question.objects.select_for_update().filter(pk=question_id).first()
    if question is None:
        raise Gone(question_id)
    return question


def _key(question: Question) -> UUID:
    return Product.objects.values_list("key", flat=True).get(pk=question.product_id)
