"""Mails about reviews, questions and what is back: what they say, when they stay away, and that each leaves once."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outgoing

from commerce.catalog.models import Variant
from commerce.events import types
from commerce.events.models import OutboxEvent
from commerce.inventory import stockroom
from commerce.questions import services as questions
from commerce.restock import services as restock
from commerce.restock.models import RestockRequest
from commerce.reviews import inviting
from commerce.reviews import services as reviews
from commerce.tests.factories import NOW, product
from commerce.tests.parcels import arrive, line, paid, send
from workers import mail, voice_letters
from workers.handlers import voices
from workers.jobs import Context, Fact

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
KEY = uuid.UUID("0b1f4a1e-7d5c-4e0c-9d6b-0d2b6b1f6a02")


def handle(function: Any, type_: str) -> list[Any]:
    """Run a handler with the newest fact of a type, and return the mails that left."""
    row = OutboxEvent.objects.filter(type=type_).latest("pk")
    fact = Fact(
        pk=row.pk,
        event_id=row.event_id,
        type=row.type,
        version=row.version,
        payload=row.payload,
        occurred_at=row.occurred_at,
        correlation_id=row.correlation_id,
        trace={},
    )
    before = len(outgoing.outbox)
    function(fact, Context(handler="test", attempt=1, idempotency_key=row.event_id, now=NOW + 6 * DAY))
    return outgoing.outbox[before:]


def bought(language: str = "en") -> Any:
    order = paid(language=language)
    arrive(send(order))
    return order


def both(message: Any) -> tuple[str, str]:
    return str(message.body), str(message.alternatives[0][0])


def test_an_author_reads_why_and_how_to_object_once() -> None:
    order = bought()
    review = reviews.post(
        order_id=order.pk, line_id=line(order), rating=1, text="Call 010-1", language="en", now=NOW + 2 * DAY
    )
    reviews.reject(review_id=review.pk, reason="It shows a <b>number</b>.", now=NOW + 3 * DAY)

    (message,) = handle(voices.tell_of_rejection, "review.rejected")
    assert handle(voices.tell_of_rejection, "review.rejected") == []

    plain, html = both(message)
    assert message.to == ["hana@example.com"]
    assert "It shows a <b>number</b>." in plain
    assert "It shows a &lt;b&gt;number&lt;/b&gt;." in html
    assert f"/en/orders/{order.token}/reviews/{line(order)}/" in plain
    assert "somebody else then looks at it" in plain


def test_an_author_who_was_quicker_gets_no_mail() -> None:
    order = bought()
    review = reviews.post(
        order_id=order.pk, line_id=line(order), rating=1, text="Call 010-1", language="en", now=NOW + 2 * DAY
    )
    reviews.reject(review_id=review.pk, reason="x", now=NOW + 3 * DAY)
    reviews.edit(review_id=review.pk, rating=1, text="Better words", now=NOW + 3 * DAY)

    assert handle(voices.tell_of_rejection, "review.rejected") == []


def test_a_buyer_is_asked_with_a_link_for_each_thing_and_one_to_stop() -> None:
    order = bought()
    assert inviting.invite(now=NOW + 6 * DAY + timedelta(hours=1)) == 1

    (message,) = handle(voices.invite_to_review, "review.invited")

    for text in both(message):
        assert f"/en/orders/{order.token}/reviews/{line(order)}/" in text
        assert f"/en/orders/{order.token}/reviews/{line(order, 'POT')}/" in text
        assert f"/en/orders/{order.token}/reviews/stop/" in text
        assert "it is no advertisement" in text


def test_who_stopped_in_the_last_moment_is_not_asked() -> None:
    bought()
    inviting.invite(now=NOW + 6 * DAY + timedelta(hours=1))
    inviting.stop(email="hana@example.com", now=NOW)

    assert handle(voices.invite_to_review, "review.invited") == []


def test_an_answer_goes_to_who_asked() -> None:
    (cup,) = product()
    question = questions.ask(
        product_id=cup.product_id,
        name="Hana Kim",
        email="hana@example.com",
        text="Is it heavy?",
        secret=True,
        language="en",
        key=KEY,
        now=NOW,
    )
    questions.answer(question_id=question.pk, text="No & never.", now=NOW)

    (message,) = handle(voices.tell_of_answer, "question.answered")

    plain, html = both(message)
    assert message.subject.endswith("Here is the answer to your question")
    assert "No & never." in plain
    assert "No &amp; never." in html
    assert f"/en/questions/{question.token}/" in plain
    questions.withdraw(question_id=question.pk, now=NOW)
    assert handle(voices.tell_of_answer, "question.answered") == []


def test_who_waited_first_reads_until_when_a_piece_is_kept_and_the_next_that_none_is() -> None:
    product(units=0)
    for name in ("a", "b"):
        restock.ask(sku="CUP", email=f"{name}@example.com", language="en", now=NOW)
    stockroom.receive(variant_id=Variant.objects.get().pk, quantity=2, reason="", now=NOW)
    assert handle(voices.serve_restock, "stock.back") == []
    first, second = RestockRequest.objects.order_by("pk")

    kept, free = (both(mail_of(row)) for row in (first, second))
    (last,) = handle(voices.tell_of_restock, "restock.notified")

    assert last.to == ["b@example.com"]
    assert handle(voices.tell_of_restock, "restock.notified") == []
    assert last.extra_headers["List-Unsubscribe"].endswith("/stop/>")
    assert last.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for text in kept:
        assert "One piece is kept for you until Dec. 1, 2026, 00:00" in text
        assert f"/en/restock/{first.token}/" in text
    for text in free:
        assert "nothing is kept" in text
        assert "/en/p/cup/?variant=CUP" in text


def mail_of(request: RestockRequest) -> Any:
    return mail.compose(letter=voice_letters.restocked(request=request), message_id="<1@maru.example>")


def test_the_clock_passes_units_on() -> None:
    product(units=0)
    restock.ask(sku="CUP", email="a@example.com", language="ko", now=NOW)
    restock.ask(sku="CUP", email="b@example.com", language="ko", now=NOW)
    stockroom.receive(variant_id=Variant.objects.get().pk, quantity=1, reason="", now=NOW)
    restock.serve(sku="CUP", now=NOW)

    restock.tick(now=NOW + timedelta(hours=12))

    assert list(RestockRequest.objects.order_by("pk").values_list("state", "hold_over")) == [
        ("told", True),
        ("told", False),
    ]
    assert types.RestockHoldEnded.name in set(OutboxEvent.objects.values_list("type", flat=True))
