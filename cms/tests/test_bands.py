"""Bands that sell: points in a picture, looks, banners with a window; live prices in all of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.blocks import BannerBlock, HotspotsBlock, banner, needs
from cms.models import ProductPage
from cms.tests import factories
from cms.tests.factories import Shop
from commerce.catalog.models import Variant
from commerce.tests.factories import on_shelf

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def bowl(shop: Shop) -> ProductPage:
    page: ProductPage = factories.publish(factories.product(shop))
    stock()
    return page


def stock(count: int = 500) -> None:
    for variant in Variant.objects.all():
        on_shelf(variant, count)


def spots(*pages: Any, **more: Any) -> tuple[str, Any]:
    points = [{"product": page, "x": 12 + place, "y": 80, "note": ""} for place, page in enumerate(pages)]
    return "hotspots", {"image": factories.image("table"), "alt": "차린 상", "points": points, **more}


def look(*pages: Any) -> tuple[str, Any]:
    return "look", {
        "heading": "찻자리",
        "image": factories.image("look"),
        "products": list(pages),
        "link": {},
    }


def news(**more: Any) -> tuple[str, Any]:
    return "banner", {"heading": "가을 소식", "link": {}, **more}


def home(shop: Shop, client: Client, *bands: tuple[str, Any]) -> str:
    shop.home.body = list(bands)
    factories.publish(shop.home)
    return client.get("/").content.decode()


def test_points_stand_at_their_place_with_name_price_and_a_list_beneath(
    client: Client, shop: Shop, bowl: ProductPage
) -> None:
    html = home(shop, client, spots(bowl))

    assert '<details class="spot x-12 y-80 spot--up"' in html
    assert html.count('<a href="/p/rice-bowl/">백자 밥공기</a>') == 2  # at the point and in the list
    assert html.count("10,000원부터") == 2
    assert 'alt="차린 상"' in html
    assert "style=" not in html.partition("<main")[2].partition("</main>")[0]


def test_a_product_that_is_gone_takes_its_point_with_it_and_the_rest_is_numbered_anew(
    client: Client, shop: Shop, bowl: ProductPage
) -> None:
    other = factories.publish(factories.product(shop, slug="cup", title="잔", skus=("CUP",)))
    stock()
    assert home(shop, client, spots(bowl, other)).count("<details") == 2

    bowl.unpublish()

    html = client.get("/").content.decode()
    assert html.count("<details") == 1
    assert '<span class="visually-hidden">1. 잔</span>' in html


def test_a_product_may_stand_at_one_point_only(shop: Shop, bowl: ProductPage) -> None:
    block = HotspotsBlock()

    with pytest.raises(ValidationError) as refused:
        block.clean(block.normalize(spots(bowl, bowl)[1]))

    assert set(refused.value.block_errors) == {"points"}


@pytest.mark.parametrize(("x", "fine"), [(-1, False), (0, True), (100, True), (101, False)])
def test_places_are_per_cent(shop: Shop, bowl: ProductPage, x: int, fine: bool) -> None:
    block = HotspotsBlock()
    value = block.normalize({**spots(bowl)[1], "points": [{"product": bowl, "x": x, "y": 1}]})

    if fine:
        assert block.clean(value)["points"][0]["x"] == x
    else:
        with pytest.raises(ValidationError):
            block.clean(value)


def test_a_look_says_what_its_things_cost_together(client: Client, shop: Shop, bowl: ProductPage) -> None:
    cup = factories.publish(factories.product(shop, slug="cup", title="잔", skus=("CUP",)))
    stock()

    html = home(shop, client, look(bowl, cup))

    assert "20,000원부터" in html.partition('class="look__total"')[2]


def test_what_is_sold_out_is_no_part_of_the_total(client: Client, shop: Shop, bowl: ProductPage) -> None:
    factories.publish(factories.product(shop, slug="cup", title="잔", skus=("CUP",)))

    html = home(shop, client, look(bowl, ProductPage.objects.get(slug="cup")))

    total = html.partition('class="look__total"')[2].partition("</dl>")[0]
    assert "10,000원부터" in total
    assert "1" in total and "2" in total
    assert html.count("badge--sold") == 1


@pytest.mark.parametrize("kind", [spots, look])
def test_prices_stock_and_publication_are_those_of_this_moment(
    client: Client, shop: Shop, bowl: ProductPage, kind: Any
) -> None:
    assert "badge--sold" not in home(shop, client, kind(bowl))

    Variant.objects.update(price=77_000)
    stock(0)
    html = client.get("/").content.decode()
    assert "77,000원" in html
    assert "badge--sold" in html

    bowl.unpublish()
    assert "백자 밥공기" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("starts", "ends", "shown"),
    [
        (None, None, True),
        (NOW, None, True),
        (NOW + timedelta(seconds=1), None, False),
        (None, NOW + timedelta(seconds=1), True),
        (None, NOW, False),
        (NOW - timedelta(days=1), NOW + timedelta(days=1), True),
    ],
)
def test_the_start_belongs_to_a_window_and_the_end_does_not(
    starts: datetime | None, ends: datetime | None, shown: bool
) -> None:
    assert banner.in_window(starts=starts, ends=ends, now=NOW) is shown


def test_a_banner_is_shown_within_its_window_only(client: Client, shop: Shop) -> None:
    day = timedelta(days=1)
    now = timezone.now()
    assert "가을 소식" in home(shop, client, news(starts=now - day, ends=now + day))
    assert "가을 소식" not in home(shop, client, news(starts=now + day))
    assert "가을 소식" not in home(shop, client, news(ends=now - day))


def test_a_countdown_has_its_end_as_text_too(client: Client, shop: Shop) -> None:
    ends = timezone.now() + timedelta(days=2)

    html = home(shop, client, news(ends=ends, countdown=True))

    said = timezone.localtime(ends)
    assert (
        f"{said.year}년 {said.month}월 {said.day}일 {said:%H:%M}까지" in html
        or f"until {said.year}년" in html
    )
    assert "<count-down" in html
    assert "js/count-down" in html


def test_a_preview_shows_a_banner_that_is_still_to_come_and_says_so(shop: Shop, client: Client) -> None:
    home(shop, client, news(starts=timezone.now() + timedelta(days=1)))

    html = shop.home.make_preview_request().content.decode()

    assert "가을 소식" in html
    assert 'class="notice"' in html


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": NOW, "ends": NOW},
        {"starts": NOW, "ends": NOW - timedelta(seconds=1)},
        {"countdown": True},
    ],
)
def test_a_window_ends_after_it_begins_and_a_countdown_has_an_end(wrong: dict[str, Any]) -> None:
    block = BannerBlock()

    with pytest.raises(ValidationError) as refused:
        block.clean(block.normalize(news(**wrong)[1]))

    assert set(refused.value.block_errors) == {"ends"}


def test_a_page_changes_at_the_next_edge_of_its_banners_and_prices(shop: Shop, bowl: ProductPage) -> None:
    now = timezone.now()
    shop.home.body = [
        news(starts=now - timedelta(days=2), ends=now + timedelta(hours=3)),
        news(starts=now + timedelta(hours=1)),
        spots(bowl),
    ]

    def edge() -> datetime | None:
        return needs.gather(bands=needs.bands_of(shop.home.body), language="ko").changes_at()

    assert edge() == now + timedelta(hours=1)
    sale = {"sale_price": 9_000, "sale_from": now, "sale_until": now + timedelta(minutes=5)}
    for row in (variants := bowl.variants.all()):
        for name, value in sale.items():
            setattr(row, name, value)
    bowl.variants = variants
    factories.publish(bowl)
    assert edge() == now + timedelta(minutes=5)


def test_more_bands_of_a_kind_cost_no_more_queries(client: Client, shop: Shop, bowl: ProductPage) -> None:
    others = [
        factories.publish(factories.product(shop, slug=f"p{n}", title=f"물건 {n}", skus=(f"SKU{n}",)))
        for n in range(4)
    ]
    stock()

    def cost(*bands: tuple[str, Any]) -> int:
        home(shop, client, *bands)
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    cost(spots(bowl))  # what is kept between requests is kept from here on
    one = cost(spots(others[0]), look(others[1]), news(image=factories.image("news")))
    many = cost(
        *(spots(page, bowl) for page in others),
        *(look(page, bowl) for page in others),
        *(news(image=factories.image(f"news{n}")) for n in range(3)),
    )

    assert many == one
