"""Mails about reviews, questions and what is back, and what the clock does for them."""

from commerce.events import types
from commerce.orders import selectors as orders
from commerce.orders.models import Order
from commerce.questions.models import Question
from commerce.restock import services as restock
from commerce.restock.models import RestockRequest
from commerce.reviews import inviting
from commerce.reviews import selectors as reviews
from commerce.reviews.models import Review, ReviewOptOut
from commerce.reviews.states import State
from workers import mail, voice_letters
from workers.jobs import Context, Fact, Permanent
from workers.letters import Letter

PER_RUN = 500  # invitations; the rest follows the next day


def tell_of_rejection(fact: Fact, context: Context) -> None:
    """Tell an author why a review is not published; not when it was edited, deleted or published meanwhile."""
    told = fact.read(types.ReviewRejected)
    review = Review.objects.filter(pk=told.review_id, state=State.REJECTED).first()
    if review:
        _send(voice_letters.review_rejected(review=reviews.by_id(review_id=review.pk)), context)


def invite_to_review(fact: Fact, context: Context) -> None:
    """Ask a buyer for an opinion; not who said that she wants no such mail, or wrote one meanwhile."""
    order = _order(fact.read(types.ReviewInvited).order_id)
    stopped = ReviewOptOut.objects.filter(email=order.email.lower()).exists()
    open_ = reviews.reviewable(order=order, now=context.now)
    if open_ and not stopped and not reviews.of_order(order=order):
        lines = [line for line in order.lines.all() if line.pk in open_]
        _send(voice_letters.review_invitation(order=order, lines=lines), context)


def tell_of_answer(fact: Fact, context: Context) -> None:
    """Send an answer to who asked; not when the question was deleted meanwhile."""
    told = fact.read(types.QuestionAnswered)
    rows = Question.objects.select_related("product").prefetch_related("product__texts")
    question = rows.filter(pk=told.question_id).exclude(answer="").first()
    if question:
        _send(voice_letters.question_answered(question=question, again=told.again), context)


def tell_of_restock(fact: Fact, context: Context) -> None:
    """Tell who waited that it is back; not who gave up meanwhile."""
    told = fact.read(types.RestockNotified)
    rows = RestockRequest.objects.select_related("variant__product").prefetch_related(
        "variant__product__texts"
    )
    request = rows.filter(pk=told.request_id, state=RestockRequest.State.TOLD).first()
    if request and not (told.held and request.hold_over):
        _send(voice_letters.restocked(request=request), context)


def serve_restock(fact: Fact, context: Context) -> None:
    """Let those who wait know of units that are free."""
    sku = (
        fact.read(types.StockBack).sku
        if fact.type == types.StockBack.name
        else fact.read(types.RestockHoldEnded).sku
    )
    restock.serve(sku=sku, now=context.now)


def tend_restock(_fact: Fact, context: Context) -> None:
    """Pass on kept units that nobody came for."""
    restock.tick(now=context.now)


def invite_reviews(_fact: Fact, context: Context) -> None:
    """Find the buyers who may be asked today."""
    inviting.invite(now=context.now, limit=PER_RUN)


def _order(order_id: int) -> Order:
    try:
        return orders.by_id(order_id=order_id)
    except Order.DoesNotExist as gone:
        raise Permanent(f"no order {order_id}") from gone


def _send(letter: Letter, context: Context) -> None:
    mail.send_once(letter=letter, key=context.idempotency_key, now=context.now)
