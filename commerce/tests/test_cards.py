"""Cards that a process has at hand are never older than what is stored, nor than the clock."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from commerce.catalog import badges, cards, selectors
from commerce.catalog.models import Product, ProductText, Variant
from commerce.catalog.shapes import Card
from commerce.inventory.models import StockItem
from commerce.tests.factories import NOW, product

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_at_hand() -> None:
    cards._made.clear()


def card(now: datetime = NOW, language: str = "ko") -> Card:
    (found,) = selectors.newest(limit=1, language=language, now=now)
    return found


def test_the_same_row_makes_a_card_once(monkeypatch: pytest.MonkeyPatch) -> None:
    product()
    first = card()
    monkeypatch.setattr(cards, "_read", None)  # whoever calls it fails

    assert card(NOW + timedelta(minutes=1)) is first


def test_a_price_window_opens_and_closes_on_a_card_by_itself() -> None:
    (variant,) = product()
    Variant.objects.filter(pk=variant.pk).update(
        sale_price=18_000, sale_from=NOW + timedelta(hours=1), sale_until=NOW + timedelta(hours=2)
    )
    second = timedelta(seconds=1)
    moments = [NOW, NOW + 60 * 60 * second - second, NOW + timedelta(hours=1), NOW + timedelta(hours=2)]

    shown = [(card(now).price, card(now).regular, card(now).changes_at) for now in moments]

    assert shown == [
        (24_000, 0, NOW + timedelta(hours=1)),
        (24_000, 0, NOW + timedelta(hours=1)),
        (18_000, 24_000, NOW + timedelta(hours=2)),
        (24_000, 0, None),
    ]


def test_a_card_of_later_is_none_of_before() -> None:
    (variant,) = product()
    Variant.objects.filter(pk=variant.pk).update(sale_price=18_000, sale_from=NOW + timedelta(hours=1))

    assert card(NOW + timedelta(hours=1)).price == 18_000
    assert card(NOW).price == 24_000


def test_what_was_new_grows_old() -> None:
    product()
    listed_at = Product.objects.get().listed_at
    assert listed_at is not None
    edge = listed_at + badges.NEW

    assert [len(card(now).badges) for now in (edge - timedelta(seconds=1), edge)] == [1, 0]


def test_a_card_is_in_the_language_that_is_asked_for_whatever_language_asks() -> None:
    product()

    with translation.override("en"):
        korean = card(NOW)
    with translation.override("ko"):
        assert card(NOW) == korean

    assert korean.badges == ("신상품",)


def test_a_promised_day_that_passed_is_no_promise() -> None:
    (variant,) = product(units=0)
    day = timezone.localdate(NOW)
    StockItem.objects.filter(variant=variant).update(backorder_limit=3, ships_on=day)

    assert "예약" in " ".join(card(NOW).badges)
    assert "예약" not in " ".join(card(NOW + DAY).badges)


@pytest.mark.parametrize(
    ("change", "name", "value"),
    [
        (lambda v: Variant.objects.update(price=77_000), "price", 77_000),
        (lambda v: StockItem.objects.update(reserved=5), "sold_out", True),
        (lambda v: ProductText.objects.filter(language="ko").update(title="다른 잔"), "title", "다른 잔"),
        (lambda v: Product.objects.update(rating_count=2, rating_sum=9), "rating", (2, 9)),
        (lambda v: Product.objects.update(brand={"ko": "흙빛"}), "brand", "흙빛"),
        (lambda v: Product.objects.update(slug="mug"), "slug", "mug"),
        (
            lambda v: Product.objects.update(pictures=[{"url": "/media/two.jpg", "width": 8, "height": 8}]),
            "picture",
            "/media/two.jpg",
        ),
    ],
    ids=["price", "stock", "title", "rating", "brand", "address", "picture"],
)
def test_what_changed_is_on_the_card_at_once(change: Any, name: str, value: Any) -> None:
    (variant,) = product()
    before = _told(card(), name)

    change(variant)

    assert before != value
    assert _told(card(), name) == value


def _told(shown: Card, name: str) -> Any:
    if name == "rating":
        return shown.rating.count, shown.rating.total
    if name == "picture":
        return shown.picture and shown.picture.url
    return getattr(shown, name)


def test_each_language_has_its_card_and_falls_back_to_korean() -> None:
    product()
    assert (card().title, card(language="en").title) == ("찻잔", "Tea cup")

    ProductText.objects.filter(language="en").delete()

    assert card(language="en").title == "찻잔"


def test_what_is_not_on_sale_any_more_has_no_card() -> None:
    product()
    assert card().slug == "cup"

    Product.objects.update(listed=False)

    assert selectors.newest(limit=1, language="ko", now=NOW) == []


def test_nothing_is_read_for_no_products(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert selectors.cards(keys=(), language="ko", now=NOW) == []


def test_cards_come_in_the_order_of_their_query() -> None:
    for place, slug in enumerate(("one", "two", "three")):
        product(slug, skus=(slug.upper(),), price=(place + 1) * 1_000)

    dear = selectors.cards_in(selectors.listing(path="", sort="price-desc"), language="ko", now=NOW)
    cheap = selectors.cards_in(selectors.listing(path="", sort="price"), language="ko", now=NOW)

    assert [one.slug for one in dear] == ["three", "two", "one"]
    assert [one.slug for one in cheap] == ["one", "two", "three"]
