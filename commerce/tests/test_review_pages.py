"""Reviews on pages: written, read, reported, and not found by others."""

import io
import json
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from commerce.orders.models import Order
from commerce.privacy import parts
from commerce.reviews import inviting, services
from commerce.reviews.models import Review, ReviewReport
from commerce.tests.factories import NOW
from commerce.tests.parcels import line
from commerce.tests.reviewing import DAY, TODAY, WORDS, bought, everything, photo, write
from commerce.tests.shopping import text
from commerce.tests.test_claim_pages import picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    """Keep photos in a folder of the test's own."""
    private = dict(settings.STORAGES["private"])
    private["OPTIONS"] = private.get("OPTIONS", {}) | {"location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "private": private}


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


def test_reviews_cost_a_product_page_no_further_message(client: Client) -> None:
    """They travel with the questions; the whole page stays within the ten of the catalog."""
    order = bought()
    ContentType.objects.clear_cache()
    client.get("/en/p/cup/")  # what is kept between requests is read

    without = statements(client)
    for sku in ("CUP", "POT"):
        services.publish(review_id=write(order, sku=sku, pictures=[photo()]).pk, now=TODAY)

    assert statements(client) == without
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
