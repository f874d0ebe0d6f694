"""Prices that follow the clock: in the cart, in the order, in lists, and what is remembered of them."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from commerce import copies
from commerce.cart import quotes
from commerce.cart import services as carts
from commerce.catalog import facets, prices, pricing, selectors, services, units
from commerce.catalog.asking import Asked
from commerce.catalog.models import PriceChange, Product, Variant
from commerce.checkout import services as checkout
from commerce.events.models import OutboxEvent
from commerce.tests.factories import CONTACT, NOW, on_shelf

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
KEY = uuid.uuid5(uuid.NAMESPACE_URL, "cup")


def cup(*, now: datetime = NOW, price: int = 20_000, **sale: Any) -> Variant:
    """Put a cup on sale, or bring it up to date, at a moment."""
    version = 1 + (
        Product.objects.filter(key=KEY).exists() and Product.objects.get().texts.get().source_version
    )
    goods = services.GoodsPayload(
        slug="cup",
        variants=(services.VariantPayload(sku="CUP", options=(), price=price, **sale),),
    )
    payload = services.ProductPayload(
        key=KEY, language="ko", version=version, text=services.TextPayload(title="찻잔"), goods=goods
    )
    services.list_product(payload=payload, now=now)
    row = Variant.objects.get()
    if not row.stock.on_hand:
        on_shelf(row, 9)
    return row


def week(price: int = 15_000) -> dict[str, Any]:
    """Return a lower price from tomorrow on, for seven days."""
    return {"sale_price": price, "sale_from": NOW + DAY, "sale_until": NOW + 8 * DAY}


def told() -> list[tuple[int, int]]:
    """Return the prices before and after of every fact about them."""
    rows = OutboxEvent.objects.filter(type="product.repriced").order_by("pk")
    return [(row.payload["price_before"], row.payload["price_after"]) for row in rows]


def history() -> list[tuple[datetime, int, int]]:
    return list(PriceChange.objects.order_by("at", "pk").values_list("at", "price", "regular"))


@pytest.mark.parametrize(
    ("after", "price"),
    [
        (timedelta(0), 20_000),
        (DAY - timedelta(microseconds=1), 20_000),
        (DAY, 15_000),
        (8 * DAY - timedelta(microseconds=1), 15_000),
        (8 * DAY, 20_000),
    ],
)
def test_the_price_is_a_function_of_time_in_python_in_sql_in_the_cart_and_on_cards(
    after: timedelta, price: int
) -> None:
    row, at = cup(**week()), NOW + after
    cart = carts.add(token=None, sku="CUP", quantity=2, now=at)

    assert prices.effective(row, now=at) == price
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {prices.SQL} FROM commerce_variant v", [at, at])
        assert cursor.fetchone() == (price,)
    assert cart.lines.get().price_shown == price
    assert quotes.quote(token=cart.token, language="ko", now=at).goods == 2 * price
    card = selectors.cards(keys=[KEY], language="ko", now=at)[0]
    assert (card.price, card.regular) == (price, 20_000 if price == 15_000 else 0)


@pytest.mark.parametrize(
    ("terms", "edge"),
    [
        (prices.Terms(9), None),
        (prices.Terms(9, 5), None),
        (prices.Terms(9, 5, NOW + DAY, NOW + 2 * DAY), NOW + DAY),
        (prices.Terms(9, 5, NOW - DAY, NOW + DAY), NOW + DAY),
        (prices.Terms(9, 5, NOW - 2 * DAY, NOW), None),
    ],
)
def test_the_next_moment_at_which_a_price_changes_is_known(
    terms: prices.Terms, edge: datetime | None
) -> None:
    assert prices.next_edge(terms, now=NOW) == edge


@pytest.mark.parametrize(
    ("price", "percent"), [(20_000, 0), (13_340, 33), (13_300, 33), (1, 99), (19_999, 0)]
)
def test_a_reduction_is_never_said_to_be_more_than_it_is(price: int, percent: int) -> None:
    assert prices.percent(price=price, regular=20_000) == percent


def test_a_window_that_closes_before_the_order_stops_it_at_the_old_sum() -> None:
    cup(**week())
    cart = carts.add(token=None, sku="CUP", quantity=4, now=NOW + DAY)
    order = {"cart_token": cart.token, "contact": CONTACT, "method": "CARD", "language": "ko"}

    with pytest.raises(checkout.UnableToPlaceOrder):
        checkout.place_order(shown_total=60_000, now=NOW + 8 * DAY, **order)  # type: ignore[arg-type]
    placed = checkout.place_order(shown_total=80_000, now=NOW + 8 * DAY, **order)  # type: ignore[arg-type]

    assert [(line.unit_price, line.quantity) for line in placed.lines.all()] == [(20_000, 4)]


def test_the_clock_tells_of_a_window_once_when_it_opens_and_once_when_it_closes() -> None:
    cup(**week())
    assert pricing.settle(now=NOW + DAY - timedelta(seconds=1)) == 0

    assert [pricing.settle(now=NOW + DAY + timedelta(seconds=40)) for _again in range(2)] == [1, 0]
    assert (Product.objects.get().price_min, Product.objects.get().price_max) == (15_000, 15_000)
    assert facets.count(path="", asked=Asked(reduced=True), language="ko").fitting == 1
    assert [pricing.settle(now=NOW + 8 * DAY + timedelta(seconds=40)) for _again in range(2)] == [1, 0]

    assert Product.objects.get().price_min == 20_000
    assert told() == [(20_000, 15_000), (15_000, 20_000)]
    assert history() == [
        (NOW, 20_000, 20_000),
        (NOW + DAY, 15_000, 20_000),  # as of the moment that was set, not of the clock's
        (NOW + 8 * DAY, 20_000, 20_000),
    ]


def test_lists_are_narrowed_by_the_price_of_which_was_told() -> None:
    cup(price=31_000, **week(9_000))
    asked = Asked(prices=("0-10000",))
    assert facets.count(path="", asked=asked, language="ko").fitting == 0

    pricing.settle(now=NOW + DAY)

    copies.forget()
    counted = facets.count(path="", asked=asked, language="ko")
    assert (counted.fitting, counted.bands) == (1, {0: 1})
    listed = facets.narrowed(selectors.listing(path="", sort="price"), asked=asked, counted=counted)
    assert [row.slug for row in listed] == ["cup"]


def test_publishing_within_a_window_tells_of_the_lower_price_and_again_of_nothing() -> None:
    cup()
    cup(now=NOW + DAY, sale_price=12_000)
    cup(now=NOW + 2 * DAY, sale_price=12_000)

    assert told() == [(20_000, 12_000)]
    assert history() == [(NOW, 20_000, 20_000), (NOW + DAY, 12_000, 20_000)]


@pytest.mark.parametrize(
    ("before", "lowest"),
    [
        ([(40, 10_000)], 10_000),  # what counted when the 30 days began
        ([(40, 10_000), (30, 12_000)], 12_000),
        ([(40, 10_000), (29, 12_000)], 10_000),
        ([(40, 12_000), (20, 9_000), (10, 13_000)], 9_000),
        ([(40, 8_000), (35, 12_000)], 12_000),  # too long ago
        ([], None),
    ],
)
def test_a_reduction_is_compared_with_the_lowest_price_of_30_days_before_it(
    before: list[tuple[int, int]], lowest: int | None
) -> None:
    rows = [(NOW - days * DAY, price) for days, price in before]

    assert prices.lowest_before([*rows, (NOW, 7_000)], price=7_000, now=NOW + 5 * DAY) == lowest
    assert prices.lowest_before(rows, price=7_000, now=NOW) == lowest  # before the clock told of it


def test_the_page_says_by_how_much_since_what_and_until_when(client: Client) -> None:
    now = timezone.now()
    cup(now=now - 50 * DAY, price=18_000)
    cup(now=now - 20 * DAY, price=20_000, content=250, content_unit="ml")
    cup(now=now, sale_price=15_000, sale_until=now + DAY, content=250, content_unit="ml")

    html = client.get("/en/p/cup/").content.decode()

    for words in (
        '<strong class="price__percent" data-percent>25%</strong>',
        "<del data-regular>Regular price ₩20,000</del>",
        'data-price aria-live="polite">₩15,000</p>',
        "Lowest price of the 30 days before: ₩18,000",
        "₩6,000 / 100ml",
    ):
        assert words in html
    data = json.loads(html.split('application/ld+json">', 1)[1].split("</script>", 1)[0])
    assert data["@graph"][0]["offers"][0]["price"] == "15000"


def test_a_copy_of_a_page_is_kept_no_longer_than_its_price(client: Client) -> None:
    now = timezone.now()
    cup(now=now, sale_price=15_000, sale_until=now + timedelta(seconds=20))

    assert 0 <= copies.seconds(client.get("/p/cup/")) <= 20
    assert 0 <= copies.seconds(client.get("/c/")) <= 20
    cup(now=now)
    assert copies.seconds(client.get("/c/")) == 300


@pytest.mark.parametrize(
    ("price", "content", "unit", "said"),
    [
        (15_000, 250, "ml", "6,000원 / 100ml"),
        (10_000, 30, "g", "33,333원 / 100g"),
        (5, 10, "pc", "1원 / 1"),  # half up
        (15_000, None, "ml", ""),
        (15_000, 250, "", ""),
    ],
)
def test_a_unit_price_is_rounded_to_whole_won(price: int, content: int | None, unit: str, said: str) -> None:
    assert units.unit_price(price=price, content=content, unit=unit, language="ko") == said


def test_the_history_of_prices_is_for_ever() -> None:
    cup()

    for act in (lambda: PriceChange.objects.update(price=1), lambda: PriceChange.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert history() == [(NOW, 20_000, 20_000)]


@pytest.mark.parametrize(
    "terms",
    [{"sale_price": 20_000}, {"sale_price": 0}, {"sale_price": 1, "sale_from": NOW, "sale_until": NOW}],
)
def test_the_database_refuses_a_reduction_that_is_none(terms: dict[str, Any]) -> None:
    cup()

    with pytest.raises(IntegrityError), transaction.atomic():
        Variant.objects.update(**terms)
