"""What the shop writes about reviews, questions and what is back, in the reader's language."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from commerce.catalog.models import Product
from commerce.orders.models import Order, OrderLine
from commerce.questions.models import Question
from commerce.restock.models import RestockRequest
from commerce.reviews.models import Review
from workers import letters, links
from workers.letters import Letter
from workers.sender import sender


def review_rejected(*, review: Review) -> Letter:
    """Compose the news that a review is not published, why, and how to object (전자상거래법 §21의4)."""
    order = review.order_line.order
    with letters.speaking(order):
        return letters.compose(
            order,
            "review_rejected",
            _("We could not publish your review"),
            review=review,
            title=review.order_line.title,
            page=_address("review-write", order.token, review.order_line_id),
            policy=_address("review-policy"),
        )


def review_invitation(*, order: Order, lines: Sequence[OrderLine]) -> Letter:
    """Compose the question how somebody likes what arrived; it advertises nothing and can be stopped."""
    with letters.speaking(order):
        stop = _address("review-stop", order.token)
        letter = letters.compose(
            order,
            "review_invitation",
            _("How do you like it?"),
            things=[(line, _address("review-write", order.token, line.pk)) for line in lines],
            stop=stop,
        )
        return replace(letter, stop=stop)


def question_answered(*, question: Question, again: bool) -> Letter:
    """Compose the answer to a question."""
    with translation.override(question.language):
        headline = (
            _("The answer to your question was changed")
            if again
            else _("Here is the answer to your question")
        )
        return _letter(
            "question_answered",
            to=question.email,
            language=question.language,
            headline=headline,
            title=_title(question.product, question.language),
            question=question,
            page=_address("question", question.token),
        )


def restocked(*, request: RestockRequest) -> Letter:
    """Compose the news that something is back, and until when a piece is kept."""
    language, variant = request.language, request.variant
    with translation.override(language):
        title = _title(variant.product, language)
        options = (option.get(language) or option.get("ko", "") for option in variant.options)
        until = ""
        if request.held_until:
            at = timezone.localtime(request.held_until)
            until = format_date(at, "Y년 n월 j일 H:i" if language == "ko" else "N j, Y, H:i")
        return _letter(
            "restocked",
            to=request.email,
            language=language,
            headline=_("%(title)s is back") % {"title": title},
            title=title,
            option=" / ".join(word for word in options if word),
            until=until,
            stop=_address("restock-stop", request.token),
            page=_address("restock", request.token)
            if until
            else _address("product", variant.product.slug, query=f"?variant={variant.sku}"),
        )


def _letter(kind: str, *, to: str, language: str, headline: str, stop: str = "", **more: Any) -> Letter:
    shop = sender(language=language)
    context = {"headline": headline, "shop": shop, "home": links.home(), **more}
    return Letter(
        kind=kind,
        order_id=None,
        to=to,
        language=language,
        subject=f"[{shop.brand}] {headline}",
        context=context,
        stop=stop,
    )


def _address(name: str, *parts: Any, query: str = "") -> str:
    return links.home() + reverse(name, args=parts) + query


def _title(product: Product, language: str) -> str:
    titles = {text.language: text.title for text in product.texts.all()}
    return titles.get(language) or titles.get("ko") or product.slug
