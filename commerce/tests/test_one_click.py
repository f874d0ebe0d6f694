"""Mail readers end mails with one click: no cookie, no page, the same however often; a link alone ends nothing."""

from typing import Any

import pytest
from django.test import Client

from commerce.catalog.models import Variant
from commerce.inventory import selectors as inventory
from commerce.inventory import stockroom
from commerce.newsletter import services as news
from commerce.newsletter.models import Subscription
from commerce.restock import services as restock
from commerce.restock.models import RestockRequest
from commerce.reviews.models import ReviewOptOut
from commerce.tests.factories import NOW, product
from commerce.tests.parcels import paid
from commerce.tests.told import told

CLICK = {"List-Unsubscribe": "One-Click"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    """A mail reader: it knows no cookies and no form tokens."""
    return Client(enforce_csrf_checks=True)


def subscribed() -> Subscription:
    news.ask(email="hana@example.com", language="ko", now=NOW)
    return news.confirm(token=Subscription.objects.get().token, address=None, now=NOW)


def words(response: Any) -> tuple[int, str, str]:
    assert "Location" not in response.headers
    assert not response.cookies
    return response.status_code, response.headers["Content-Type"], response.content.decode()


def test_one_click_ends_the_news_once(reader: Client) -> None:
    address = f"/en/newsletter/{subscribed().token}/end/"

    first, again = reader.post(address, CLICK), reader.post(address, CLICK)

    expected = (200, "text/plain; charset=utf-8", "Done: you get no more news from us.\n")
    assert words(first) == words(again) == expected
    assert Subscription.objects.get().state == "ended"
    assert len(told("newsletter.left")) == 1


def test_opening_the_address_shows_a_page_and_ends_nothing(reader: Client) -> None:
    address = f"/en/newsletter/{subscribed().token}/end/"

    page = reader.get(address, CLICK)

    assert page.status_code == 200
    assert f'action="{address}"' in page.content.decode()
    assert Subscription.objects.get().state == "active"


def test_who_was_only_asked_may_refuse(reader: Client) -> None:
    news.ask(email="hana@example.com", language="ko", now=NOW)
    address = f"/newsletter/{Subscription.objects.get().token}/end/"
    assert f'action="{address}"' in reader.get(address).content.decode()

    assert reader.post(address, CLICK).status_code == 200

    assert Subscription.objects.get().state == "ended"
    assert told("newsletter.left") == []


def test_an_address_that_nobody_has_is_said_to_be_none(reader: Client) -> None:
    for path in ("/en/newsletter/none/end/", "/en/restock/none/stop/"):
        status, kind, text = words(reader.post(path, CLICK))

        assert (status, kind) == (404, "text/plain; charset=utf-8")
        assert text.startswith("There is no such")


def test_one_click_lets_an_address_wait_for_nothing_and_keeps_the_unit_that_is_kept(reader: Client) -> None:
    product(skus=("CUP", "POT"), units=0)
    for sku in ("CUP", "POT"):
        for email in ("hana@example.com", "other@example.com"):
            restock.ask(sku=sku, email=email, language="en", now=NOW)
    stockroom.receive(variant_id=Variant.objects.get(sku="CUP").pk, quantity=1, reason="kiln", now=NOW)
    restock.serve(sku="CUP", now=NOW)
    kept = RestockRequest.objects.get(state="told")
    address = f"/en/restock/{kept.token}/stop/"
    assert reader.get(address).status_code == 200
    assert RestockRequest.objects.filter(state="waiting").count() == 3

    first, again = reader.post(address, CLICK), reader.post(address, CLICK)

    done = "Done: we will not tell you of products that are back any more.\n"
    assert words(first) == words(again) == (200, "text/plain; charset=utf-8", done)
    standing = RestockRequest.objects.order_by("pk").values_list("variant__sku", "email", "state")
    assert list(standing) == [
        ("CUP", "hana@example.com", "told"),
        ("CUP", "other@example.com", "waiting"),
        ("POT", "hana@example.com", "cancelled"),
        ("POT", "other@example.com", "waiting"),
    ]
    assert inventory.held(reference=kept.reference)
    assert [row["sku"] for row in told("restock.cancelled")] == ["POT"]


def test_one_click_ends_questions_for_reviews(reader: Client) -> None:
    order = paid()
    address = f"/en/orders/{order.token}/reviews/stop/"
    for _again in range(2):
        done = "Done: we will not ask you for reviews by mail any more.\n"
        assert words(reader.post(address, CLICK)) == (200, "text/plain; charset=utf-8", done)

    assert list(ReviewOptOut.objects.values_list("email", flat=True)) == [order.email]
