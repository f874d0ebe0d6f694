"""The demo shop has been bought from: orders in order, stars that count, questions of every kind."""

import pytest
from django.core.management import call_command
from django.test import Client

from cms.demo.content.voices import BUYERS, QUESTIONS
from cms.tests import test_pages
from commerce.catalog.models import Product
from commerce.events.outbox import OutboxEvent
from commerce.inventory.models import StockItem
from commerce.orders.models import Order
from commerce.payments.models import Payment
from commerce.questions.models import Question
from commerce.reviews import services as reviews
from commerce.reviews.models import Review, ReviewPhoto

pytestmark = pytest.mark.django_db


def counts() -> dict[str, int]:
    models = (Order, Payment, Review, ReviewPhoto, Question, OutboxEvent)
    return {model.__name__: model.objects.count() for model in models} | test_pages.counts()


def test_buyers_spoke_and_the_shop_answered(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [one for buyer in BUYERS for one in buyer.said]
    with monkeypatch.context() as cut, pytest.raises(RuntimeError):
        cut.setattr(reviews, "answer", _stop)  # a run that is cut off in its second order
        call_command("seed_demo", verbosity=0)
    assert Order.objects.filter(confirmed_at__isnull=False).count() == 1
    call_command("seed_demo", verbosity=0)
    first = counts()
    call_command("seed_demo", verbosity=0)

    assert counts() == first
    assert (first["Order"], first["Review"], first["ReviewPhoto"], first["Question"]) == (
        len(BUYERS), len(said), 2, len(QUESTIONS),
    )  # fmt: skip
    assert Order.objects.filter(status="fulfilled", payment_status="paid", flag="").count() == len(BUYERS)
    assert sorted(Review.objects.values_list("state", flat=True)) == [
        "pending",
        *["published"] * (len(said) - 1),
    ]
    assert Review.objects.exclude(reply="").count() == 2
    assert list(Question.objects.filter(secret=True).values_list("hidden", flat=True)) == [False]
    assert Question.objects.filter(answer="").count() == 2
    cup = Product.objects.get(slug="celadon-cup")
    assert (cup.rating_count, cup.rating_sum) == (4, 17)
    assert StockItem.objects.get(variant__sku="CUP-CELADON").on_hand == 24
    assert StockItem.objects.get(variant__sku="MOON-JAR-S").on_hand == 7

    html = client.get("/en/p/celadon-cup/").content.decode()
    assert '"reviewCount": 4' in html or '"reviewCount":4' in html
    assert "they are the cups I reach for every day" in html
    assert "선물로 보냈는데" not in html
    assert "지난번 주문에" not in html


def _stop(**_arguments: object) -> None:
    raise RuntimeError("cut off")
