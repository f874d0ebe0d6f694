"""Reviews: who may write one, what counts, what a refusal leaves alone, and whose they are."""

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from commerce.catalog import ratings
from commerce.catalog import selectors as catalog
from commerce.catalog.models import Product
from commerce.catalog.shapes import Rating
from commerce.masking import mask
from commerce.orders.models import Order
from commerce.photos import files
from commerce.privacy import parts
from commerce.reviews import inviting, selectors, services
from commerce.reviews.models import Review, ReviewInvitation, ReviewPhoto, ReviewReport
from commerce.reviews.states import Complaint
from commerce.tests.factories import NOW
from commerce.tests.parcels import arrive, line, paid, send
from commerce.tests.shopping import text
from commerce.tests.test_claim_pages import picture, upload
from commerce.tests.told import latest, names, told

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = NOW + 3 * DAY
WORDS = "손에 쏙 들어오는 크기예요. <b>예뻐요</b>"


def bought(**how: Any) -> Order:
    """Return an order of two cups and a pot that arrived."""
    order = paid(**how)
    arrive(send(order))
    order.refresh_from_db()
    return order


def write(order: Order, *, sku: str = "CUP", **changes: Any) -> Review:
    wanted: dict[str, Any] = {
        "order_id": order.pk,
        "line_id": line(order, sku),
        "rating": 5,
        "text": WORDS,
        "language": "ko",
        "now": TODAY,
    }
    return services.post(**wanted | changes)


def photo() -> files.Photo:
    content = picture(size=(900, 600))
    return files.clean(size=len(content), content=io.BytesIO(content))


def rating() -> tuple[int, int, int]:
    row = Product.objects.get(slug="cup")
    return row.rating_count, row.rating_sum, row.rating_score


def everything() -> dict[str, Any]:
    return {
        "reviews": list(Review.objects.order_by("pk").values()),
        "photos": list(ReviewPhoto.objects.order_by("pk").values()),
        "files": kept(),
        "rating": rating() if Product.objects.exists() else None,
        "facts": latest(),
    }


def kept() -> set[str]:
    storage = storages["private"]
    return set(storage.listdir("reviews")[1]) if storage.exists("reviews") else set()


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


# --- invitations ------------------------------------------------------------------------------------------


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


# --- pages ------------------------------------------------------------------------------------------------


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: TODAY)


def page(order: Order, sku: str = "CUP") -> str:
    return f"/en/orders/{order.token}/reviews/{line(order, sku)}/"


def typed(**changes: Any) -> dict[str, Any]:
    return {"rating": "5", "text": WORDS} | changes


def test_a_guest_writes_edits_and_deletes_a_review_on_the_orders_page(client: Client, today: None) -> None:
    order = bought()
    assert f'href="{page(order)}"' in client.get(f"/en/orders/{order.token}/").content.decode()

    answer = client.post(page(order), typed(pictures=[upload(picture()), upload(picture("PNG"))]))
    review = Review.objects.get()
    assert answer["Location"] == f"/en/orders/{order.token}/"
    assert (review.rating, review.text, review.photos.count(), review.customer) == (5, WORDS, 2, None)
    assert "Waits for a look" in text(client.get(f"/en/orders/{order.token}/"))
    assert (
        WORDS.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;")
        in client.get(page(order)).content.decode()
    )

    client.post(page(order), typed(rating="3", without=[str(review.photos.first().pk)]))  # type: ignore[union-attr]
    review.refresh_from_db()
    assert (review.rating, review.photos.count()) == (3, 1)
    client.get(f"{page(order)}withdraw/")
    assert Review.objects.exists()  # a question, no deed
    client.post(f"{page(order)}withdraw/")
    assert not Review.objects.exists()


def test_the_button_pressed_twice_is_one_review(client: Client, today: None) -> None:
    order = bought()

    for _again in range(2):
        assert client.post(page(order), typed()).status_code == 302

    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rating": ""}, "rating"),
        ({"rating": "6"}, "rating"),
        ({"rating": "5.5"}, "rating"),
        ({"text": ""}, "text"),
        ({"text": "짧다"}, "text"),
        ({"text": "가" * 10_000}, "text"),
        ({"text": "ab\x00cdefghijklm"}, "text"),
        ({"pictures": [SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>", "image/jpeg")]}, "pictures"),
        ({"pictures": [SimpleUploadedFile("a.svg", b"<svg/>", "image/svg+xml")]}, "pictures"),
        ({"without": ["999"]}, "without"),
    ],
)
def test_odd_entries_are_told_at_their_field_and_change_nothing(
    client: Client, today: None, changes: dict[str, Any], field: str
) -> None:
    order = bought()
    before = everything()

    answer = client.post(page(order), typed(**changes))

    assert (answer.status_code, everything()) == (422, before)
    assert list(answer.context["form"].errors) == [field]


def test_six_photos_are_too_many(client: Client, today: None) -> None:
    order = bought()
    before = everything()

    answer = client.post(page(order), typed(pictures=[upload(picture()) for _ in range(6)]))

    assert (answer.status_code, everything()) == (422, before)
    assert "five photos at most" in text(answer)


def test_other_peoples_lines_reviews_and_photos_are_not_found(client: Client, today: None) -> None:
    mine, other = bought(), bought()
    review = write(other, pictures=[photo()])
    own = review.photos.get()
    before = everything()
    foreign = f"/en/orders/{mine.token}/reviews/{line(other)}/"

    for address in (foreign, f"{foreign}withdraw/", f"{foreign}photos/{own.pk}/"):
        assert client.get(address).status_code == 404
    assert client.post(foreign, typed(rating="1")).status_code == 404
    assert client.post(f"{foreign}withdraw/").status_code == 404
    assert client.get(f"/reviews/photos/{own.name[8:-4]}.jpg").status_code == 404  # not published
    assert client.get(f"/en/reviews/{review.pk}/report/").status_code == 404
    assert client.get("/en/orders/nobody/reviews/1/").status_code == 404

    assert everything() == before


def test_a_photo_is_public_as_long_as_its_review_is(client: Client) -> None:
    order = bought()
    review = write(order, pictures=[photo()])
    address = f"/reviews/photos/{review.photos.get().small[8:-4]}.jpg"
    services.publish(review_id=review.pk, now=TODAY)

    shown = client.get(address)
    content = b"".join(shown.streaming_content)  # type: ignore[attr-defined]
    assert Image.open(io.BytesIO(content)).size == (320, 213)
    assert f'src="{address}" width="320" height="213"' in client.get("/p/cup/reviews/").content.decode()
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    services.reject(review_id=review.pk, reason="x", now=TODAY)

    assert client.get(address).status_code == 404


def test_a_published_review_is_on_the_product_page_and_in_its_data(client: Client) -> None:
    order = bought()
    services.publish(review_id=write(order, rating=4).pk, now=TODAY)
    write(order, sku="POT", rating=1, text="아직 아무도 못 봐요, 이 후기는")

    shown = client.get("/en/p/cup/")
    html = shown.content.decode()
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', html, re.DOTALL).group(1))  # type: ignore[union-attr]

    assert "손에 쏙 들어오는 크기예요. &lt;b&gt;" in html
    assert "아직 아무도" not in html
    assert data["@graph"][0]["aggregateRating"] == {
        "@type": "AggregateRating",
        "ratingValue": "4.0",
        "reviewCount": 1,
        "bestRating": 5,
        "worstRating": 1,
    }
    assert "Verified purchase" in text(client.get("/en/p/cup/reviews/"))
    assert "No review fits" in text(client.get("/en/p/cup/reviews/?stars=1"))
    assert "4.0" in text(client.get("/en/c/"))


def test_reviews_cost_a_product_page_one_statement(client: Client) -> None:
    """The whole page stays within the ten of the catalog: without reviews it asks for eight."""
    order = bought()
    ContentType.objects.clear_cache()
    client.get("/en/p/cup/")  # what is kept between requests is read

    without = statements(client)
    for sku in ("CUP", "POT"):
        services.publish(review_id=write(order, sku=sku, pictures=[photo()]).pk, now=TODAY)

    assert statements(client) - without == 1
    assert without <= 8


def statements(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/en/p/cup/").status_code == 200
    return len(captured)


@pytest.mark.parametrize("query", ["?stars=9", "?stars=x", "?sort=x", "?photos=2", "?stars=%00"])
def test_odd_filters_are_passed_over(client: Client, query: str) -> None:
    bought()

    assert client.get(f"/p/cup/reviews/{query}").status_code == 200


@pytest.mark.parametrize("path", ["/p/nothing/reviews/", "/p/cup/reviews/?page=9", "/p/cup/reviews/?page=x"])
def test_what_does_not_exist_is_not_found(client: Client, path: str) -> None:
    bought()

    assert client.get(path).status_code == 404


def test_a_review_is_reported_with_a_reason(client: Client, today: None) -> None:
    review = write(bought())
    services.publish(review_id=review.pk, now=TODAY)
    address = f"/en/reviews/{review.pk}/report/"

    assert client.post(address, {"kind": ""}).status_code == 422
    assert client.post(address, {"kind": "private", "text": "전화번호"}).status_code == 302

    assert ReviewReport.objects.get().kind == "private"


def test_a_signed_in_buyer_sees_her_own_lines_only(
    client: Client, today: None, django_user_model: Any
) -> None:
    order = bought()
    me = django_user_model.objects.create_user("hana@example.com", "pw")
    EmailAddress.objects.create(user=me, email="Hana@example.com", primary=True, verified=True)
    you = django_user_model.objects.create_user("dul@example.com", "pw")
    assert client.get("/account/reviews/").status_code == 302

    client.force_login(you)
    assert order.token not in client.get("/en/account/reviews/").content.decode()
    client.force_login(me)
    assert page(order) in client.get("/en/account/reviews/").content.decode()
    client.post(page(order), typed())

    assert Review.objects.get().customer == me


@pytest.mark.parametrize("known", [False, True])
def test_an_address_that_was_not_proven_opens_no_guests_order(
    client: Client, today: None, django_user_model: Any, known: bool
) -> None:
    order = bought()
    write(order)
    claimed = django_user_model.objects.create_user("hana@example.com", "pw")
    if known:
        EmailAddress.objects.create(user=claimed, email="hana@example.com", primary=True, verified=False)
    client.force_login(claimed)

    shown = client.get("/en/account/reviews/").content.decode()
    copied = json.dumps([part.collect(claimed.pk) for part in parts.all_parts()], ensure_ascii=False)

    assert order.token not in shown and order.lines.first().title not in shown
    assert order.number not in copied and WORDS not in copied


def test_an_order_that_has_a_customer_is_seen_by_no_other_with_its_address(
    client: Client, today: None, django_user_model: Any
) -> None:
    order = bought()
    buyer = django_user_model.objects.create_user("buyer@example.com", "pw")
    Order.objects.filter(pk=order.pk).update(customer=buyer)
    hana = django_user_model.objects.create_user("hana@example.com", "pw")
    EmailAddress.objects.create(user=hana, email="hana@example.com", primary=True, verified=True)

    client.force_login(hana)
    assert order.token not in client.get("/en/account/reviews/").content.decode()
    client.force_login(buyer)
    assert page(order) in client.get("/en/account/reviews/").content.decode()


def test_mails_that_ask_can_be_stopped_from_the_mail(client: Client, today: None) -> None:
    order = bought()
    address = f"/en/orders/{order.token}/reviews/stop/"

    client.get(address)
    assert inviting.due(now=NOW + 7 * DAY).count() == 1
    client.post(address)

    assert inviting.due(now=NOW + 7 * DAY).count() == 0


def test_the_policy_says_how_reviews_are_checked(client: Client) -> None:
    assert "verified purchase" in text(client.get("/en/reviews/policy/"))
