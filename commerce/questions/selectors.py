"""What pages read of questions."""

from django.db.models import QuerySet

from commerce import rows
from commerce.questions.models import Question

_SHOWN = "product_id = %s AND NOT hidden ORDER BY asked_at DESC, id DESC LIMIT %s"


def shown(*, product_id: int) -> QuerySet[Question]:
    """Return a product's questions, secret ones among them, newest first; whoever shows them hides what is secret."""
    return Question.objects.filter(product=product_id, hidden=False).order_by("-asked_at", "-pk")


def first_shown(*, product_id: int, limit: int) -> list[Question]:
    """Return the first of them, as a product page has them."""
    return rows.read(Question, _SHOWN, product_id, limit)


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
