"""Two at the same moment: one review, right ratings, one mail for one unit. Twins show what the locks prevent."""

import threading
from typing import Any

import pytest

from commerce.catalog import ratings
from commerce.catalog.models import Product, Variant
from commerce.inventory import stockroom
from commerce.restock import services as restock
from commerce.restock.models import RestockRequest
from commerce.reviews import services
from commerce.reviews.models import Review
from commerce.tests.factories import NOW, product, shelf
from commerce.tests.reviewing import TODAY, bought, write
from commerce.tests.test_stock_race import at_once

pytestmark = pytest.mark.usefixtures("committed")


def rating() -> tuple[int, int]:
    row = Product.objects.get()
    return row.rating_count, row.rating_sum


def test_two_reviews_of_one_line_are_one() -> None:
    order = bought()

    results = at_once([lambda: write(order)] * 2)

    assert sorted(type(result).__name__ for result in results) == ["AlreadyReviewed", "Review"]
    assert Review.objects.count() == 1


def publish_both() -> None:
    order = bought()
    one, other = write(order, rating=5), write(order, sku="POT", rating=2)
    at_once([lambda pk=row.pk: services.publish(review_id=pk, now=TODAY) for row in (one, other)])


def test_two_reviews_published_at_once_both_count() -> None:
    publish_both()

    assert rating() == (2, 7)


def test_without_the_lock_one_of_them_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_counted = threading.Barrier(2)
    write_ratings = ratings.write

    def wait_and_write(**how: Any) -> None:
        both_have_counted.wait(timeout=30)
        write_ratings(**how)

    monkeypatch.setattr(ratings, "lock", lambda **_how: None)
    monkeypatch.setattr(ratings, "write", wait_and_write)

    publish_both()

    assert rating()[0] == 1


def two_wait_for_one() -> Variant:
    (cup,) = product(units=0)
    for name in ("a", "b"):
        restock.ask(sku="CUP", email=f"{name}@example.com", language="ko", now=NOW)
    stockroom.receive(variant_id=cup.pk, quantity=1, reason="", now=NOW)
    return cup


def test_two_workers_tell_one_address_of_one_unit() -> None:
    two_wait_for_one()

    results = at_once([lambda: restock.serve(sku="CUP", now=NOW)] * 2)

    assert sorted(results) == [0, 1]
    assert RestockRequest.objects.filter(state="told").count() == 1
    assert shelf() == (1, 1)


def test_the_button_pressed_twice_at_once_is_one_request() -> None:
    product(units=0)

    def ask() -> RestockRequest:
        return restock.ask(sku="CUP", email="a@example.com", language="ko", now=NOW)

    one, other = at_once([ask] * 2)

    assert one == other
    assert RestockRequest.objects.count() == 1
