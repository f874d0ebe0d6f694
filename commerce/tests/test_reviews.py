"""Reviews: who may write one, what counts, what a refusal leaves alone, and whose they are."""

from datetime import timedelta
from typing import Any

import pytest

from commerce.catalog import ratings
from commerce.catalog import selectors as catalog
from commerce.catalog.models import Product
from commerce.catalog.shapes import Rating
from commerce.masking import mask
from commerce.orders.models import Order
from commerce.reviews import inviting, selectors, services
from commerce.reviews.models import Review, ReviewInvitation, ReviewReport
from commerce.reviews.states import Complaint
from commerce.tests.factories import NOW
from commerce.tests.parcels import arrive, line, paid, send
from commerce.tests.reviewing import DAY, TODAY, WORDS, bought, everything, kept, photo, rating, write
from commerce.tests.told import names, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    """Keep photos in a folder of the test's own."""
    private = dict(settings.STORAGES["private"])
    private["OPTIONS"] = private.get("OPTIONS", {}) | {"location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "private": private}


def test_a_review_counts_once_it_is_published_and_no_longer_when_it_is_not() -> None:
    order = bought()
    review = write(order, rating=4)
    assert (review.state, review.author, rating()) == ("pending", "김*나", (0, 0, 0))

    assert services.publish(review_id=review.pk, now=TODAY)
    assert not services.publish(review_id=review.pk, now=TODAY)
    assert rating() == (1, 4, 358)  # (4 + 5 × 3.5) / 6
    other = write(order, sku="POT", rating=1)
    services.publish(review_id=other.pk, now=TODAY)
    assert rating() == (2, 5, 321)

    services.reject(review_id=other.pk, reason="전화번호가 있어요.", now=TODAY)
    assert rating() == (1, 4, 358)
    services.edit(review_id=review.pk, rating=5, text=WORDS, now=TODAY)
    assert rating() == (0, 0, 0)  # it waits for another look
    services.publish(review_id=review.pk, now=TODAY)
    assert rating() == (1, 5, 375)
    services.withdraw(review_id=review.pk, now=TODAY)
    assert rating() == (0, 0, 0)
    assert names(after=0)[-1] == "review.withdrawn"


def test_facts_say_what_happened_and_no_words() -> None:
    order = bought()
    key = str(Product.objects.get().key)
    review = write(order)
    services.publish(review_id=review.pk, now=TODAY)
    services.answer(review_id=review.pk, reply="고맙습니다.", now=TODAY)

    assert told("review.posted") == [
        {
            "review_id": review.pk,
            "order_id": order.pk,
            "product_key": key,
            "rating": 5,
            "photos": 0,
            "edited": False,
        }
    ]
    assert told("review.published") == [{"review_id": review.pk, "product_key": key, "rating": 5}]
    assert told("review.answered") == [{"review_id": review.pk, "product_key": key}]


@pytest.mark.parametrize("changes", [{"rating": 0}, {"rating": 6}, {"text": "  "}, {"text": "가" * 2_001}])
def test_nonsense_is_refused_and_changes_nothing(changes: dict[str, Any]) -> None:
    order = bought()
    before = everything()

    with pytest.raises(ValueError, match="stars"):
        write(order, **changes)

    assert everything() == before


def test_only_what_arrived_and_was_kept_is_reviewed() -> None:
    order = paid()
    with pytest.raises(services.NotBought):
        write(order)  # not sent
    parcel = send(order, cup=2)
    with pytest.raises(services.NotBought):
        write(order)  # on its way
    arrive(parcel)
    write(order)
    with pytest.raises(services.NotBought):
        write(order, sku="POT")  # still to be sent
    assert Review.objects.count() == 1


def test_the_time_to_write_ends() -> None:
    order = bought()
    arrived = NOW + DAY

    with pytest.raises(services.NotBought):
        write(order, now=arrived + selectors.POSTING)

    write(order, now=arrived + selectors.POSTING - timedelta(seconds=1))


def test_the_line_of_another_order_is_not_reviewed() -> None:
    mine = bought()
    other = bought()
    before = everything()

    with pytest.raises(services.NotBought):
        services.post(order_id=mine.pk, line_id=line(other), rating=1, text=WORDS, language="ko", now=TODAY)

    assert everything() == before


def test_a_line_has_one_review() -> None:
    order = bought()
    write(order)
    before = everything()

    with pytest.raises(services.AlreadyReviewed):
        write(order, pictures=[photo()])

    assert everything() == before


def test_the_database_refuses_a_second_review_without_the_service() -> None:
    order = bought()
    review = write(order)
    review.pk = None

    with pytest.raises(Exception, match="order_line"):
        review.save(force_insert=True)


def test_photos_come_and_go_with_their_review(django_capture_on_commit_callbacks: Any) -> None:
    order = bought()
    review = write(order, pictures=[photo(), photo()])
    assert len(kept()) == 4
    first = review.photos.all()[0]
    assert (first.width, first.height) == (320, 213)

    with django_capture_on_commit_callbacks(execute=True):
        services.edit(review_id=review.pk, rating=5, text=WORDS, without=[first.pk], now=TODAY)
    assert len(kept()) == 2
    before = everything()
    with pytest.raises(services.TooManyPhotos):
        services.edit(review_id=review.pk, rating=1, text=WORDS, pictures=[photo()] * 5, now=TODAY)
    assert everything() == before
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw(review_id=review.pk, now=TODAY)

    assert kept() == set()


def test_nothing_stays_of_photos_when_the_review_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    order = bought()
    before = everything()

    def breaks(*_arguments: Any, **_more: Any) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(services, "_record_posted", breaks)
    with pytest.raises(RuntimeError):
        write(order, pictures=[photo()])

    assert kept() == before["files"]


def test_a_report_counts_once_for_an_address_and_is_done_with_when_staff_looked() -> None:
    order = bought()
    review = write(order)
    report: dict[str, Any] = {"review_id": review.pk, "kind": Complaint.RUDE, "text": "", "now": TODAY}
    with pytest.raises(services.Gone):
        services.report(address="10.0.0.1", **report)  # nobody can see it
    services.publish(review_id=review.pk, now=TODAY)

    assert services.report(address="10.0.0.1", **report)
    assert not services.report(address="10.0.0.1", **report)
    assert services.report(address="10.0.0.2", **report)
    review.refresh_from_db()
    assert review.reports == 2
    assert "10.0.0.1" not in {row.who for row in ReviewReport.objects.all()}
    services.keep(review_id=review.pk, now=TODAY)

    review.refresh_from_db()
    assert (review.reports, review.state) == (0, "published")
    assert list(selectors.waiting()) == []


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("김하나", "김*나"),
        ("남궁하나", "남**나"),
        ("김솔", "김*"),
        ("김", "김*"),
        ("Hana Kim", "H*** K***"),
        ("", "*"),
    ],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask(name=name) == masked


@pytest.mark.parametrize(("count", "total", "score"), [(0, 0, 0), (1, 5, 375), (40, 200, 483), (1, 1, 308)])
def test_one_five_does_not_beat_forty(count: int, total: int, score: int) -> None:
    assert ratings.score(count=count, total=total) == score


def test_the_histogram_and_its_filters() -> None:
    order = bought()
    for sku, stars, pictures in (("CUP", 5, [photo()]), ("POT", 2, [])):
        services.publish(review_id=write(order, sku=sku, rating=stars, pictures=pictures).pk, now=TODAY)
    product = Product.objects.get()

    found = selectors.summary(
        rating=Rating(product.rating_count, product.rating_sum, tuple(product.rating_bars))
    )

    assert (found.count, found.average, found.with_photos) == (2, "3.5", 1)
    assert [(bar.stars, bar.count, bar.percent) for bar in found.bars] == [
        (5, 1, 50),
        (4, 0, 0),
        (3, 0, 0),
        (2, 1, 50),
        (1, 0, 0),
    ]
    published = selectors.published
    assert [row.rating for row in published(product_id=product.pk, stars=2)] == [2]
    assert [row.rating for row in published(product_id=product.pk, photos=True)] == [5]
    assert [row.rating for row in published(product_id=product.pk, sort="low")] == [2, 5]
    assert [row.rating for row in published(product_id=product.pk, sort="high")] == [5, 2]


def test_a_listing_is_sorted_by_rating() -> None:
    order = bought()
    services.publish(review_id=write(order).pk, now=TODAY)

    rows = catalog.listing(path="", sort="rating")

    assert [card.rating.average for card in catalog.cards_in(rows, language="ko", now=NOW)] == ["5.0"]


def test_a_buyer_is_asked_once_some_days_after_the_last_parcel() -> None:
    order = bought()
    arrived = NOW + DAY

    assert inviting.invite(now=arrived + 5 * DAY) == 0
    assert inviting.invite(now=arrived + 5 * DAY + timedelta(minutes=1)) == 1
    assert inviting.invite(now=arrived + 6 * DAY) == 0

    assert told("review.invited") == [{"order_id": order.pk, "number": order.number}]


@pytest.mark.parametrize("why", ["reviewed", "stopped", "claimed", "flagged", "late", "part"])
def test_nobody_is_asked_who_should_not_be(why: str) -> None:
    order = paid()
    arrive(send(order, **({"cup": 1} if why == "part" else {})))
    now = NOW + 7 * DAY
    if why == "reviewed":
        write(order)
    if why == "stopped":
        inviting.stop(email="HANA@example.com", now=NOW)
    if why == "claimed":
        Order.objects.update(open_claims=1)
    if why == "flagged":
        Order.objects.update(flag="look")
    if why == "late":
        now = NOW + 40 * DAY

    assert inviting.invite(now=now) == 0
    assert not ReviewInvitation.objects.exists()
