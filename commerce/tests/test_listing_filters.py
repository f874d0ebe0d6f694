"""Narrowing a listing: which products are left, what the counts promise, and that no address breaks it."""

import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commerce import copies
from commerce.catalog import asking, facets, services
from commerce.catalog.models import Variant
from commerce.sales.models import DailySale
from commerce.tests import factories
from commerce.tests.factories import NOW, on_shelf

pytestmark = pytest.mark.django_db

WHITE, CELADON, SMALL, LARGE = ("백자", "White"), ("청자", "Celadon"), ("소", "Small"), ("대", "Large")
COLOUR, SIZE = ("색상", "Colour"), ("크기", "Size")
TABLEWARE, BOWLS = uuid.UUID(int=1), uuid.UUID(int=2)
Words = tuple[str, str]


def words(pairs: Iterable[Words]) -> tuple[dict[str, str], ...]:
    """Return words in both languages as the catalog keeps them."""
    return tuple({"ko": korean, "en": english} for korean, english in pairs)


def shelf(key: uuid.UUID, path: str, title: Words, parent: uuid.UUID | None = None) -> None:
    """Show a category in both languages."""
    for language, text in zip(("ko", "en"), title, strict=True):
        payload = services.CategoryPayload(
            key=key,
            language=language,
            version=1,
            text=services.TextPayload(title=text),
            path=path,
            parent=parent,
            leads=language == "ko",
        )
        services.list_category(payload=payload, now=NOW)


def goods(
    slug: str,
    *variants: tuple[tuple[Words, ...], int, int],
    options: tuple[Words, ...] = (),
    shelves: tuple[uuid.UUID, ...] = (TABLEWARE,),
    rank: int = 0,
    days: int = 0,
) -> None:
    """Put a product on sale; a variant is its option values, price in won and units on the shelf."""
    skus = [f"{slug.upper()}-{place}" for place in range(len(variants))]
    payload = services.GoodsPayload(
        slug=slug,
        option_names=words(options),
        variants=tuple(
            services.VariantPayload(sku=sku, options=words(values), price=price)
            for sku, (values, price, _units) in zip(skus, variants, strict=True)
        ),
        categories=shelves,
        rank=rank,
    )
    for language in ("ko", "en"):
        product = services.ProductPayload(
            key=uuid.uuid5(uuid.NAMESPACE_URL, slug),
            language=language,
            version=1,
            text=services.TextPayload(title=f"{slug} {language}"),
            goods=payload if language == "ko" else None,
        )
        services.list_product(payload=product, now=NOW + timedelta(days=days))
    for sku, (_values, _price, units) in zip(skus, variants, strict=True):
        if units:
            on_shelf(Variant.objects.get(sku=sku), units)


@pytest.fixture(autouse=True)
def shop() -> None:
    """Four products on two shelves, recommended in this order.

    jar: white small 40,000 (5) · white large 120,000 (0) · celadon small 45,000 (5)
    bowl: white small 9,000 (0) · celadon large 12,000 (3)      cup: celadon 8,000 (5), by colour alone
    lamp: 300,000 (1), without options
    """
    shelf(TABLEWARE, "tableware", ("식기", "Tableware"))
    shelf(BOWLS, "tableware/bowls", ("그릇", "Bowls"), parent=TABLEWARE)
    goods(
        "jar",
        ((WHITE, SMALL), 40_000, 5),
        ((WHITE, LARGE), 120_000, 0),
        ((CELADON, SMALL), 45_000, 5),
        options=(COLOUR, SIZE),
        rank=4,
        days=1,
    )
    goods(
        "bowl",
        ((WHITE, SMALL), 9_000, 0),
        ((CELADON, LARGE), 12_000, 3),
        options=(COLOUR, SIZE),
        shelves=(BOWLS,),
        rank=3,
        days=2,
    )
    goods("cup", ((CELADON,), 8_000, 5), options=(COLOUR,), rank=2, days=3)
    goods("lamp", ((), 300_000, 1), shelves=(), rank=1)


def page(client: Client, address: str = "/en/c/", status: int = 200, **asked: Any) -> str:
    """Return the listing at an address that asks for something."""
    response = client.get(f"{address}?{urlencode(asked, doseq=True)}" if asked else address)
    assert response.status_code == status
    return response.content.decode()


def found(html: str) -> list[str]:
    """Return the products of a listing in their order."""
    return re.findall(r'class="card__title"><a href="[^"]*/p/([^"/]+)/"', html)


def boxes(html: str) -> dict[str, int]:
    """Return the boxes that are offered, with the products that each promises."""
    rows = re.findall(r'<input type="checkbox"[^>]*><span>([^<]+)</span> <span class="[^"]+">(\d+)<', html)
    return {unescape(label): int(count) for label, count in rows}


def ticked(html: str) -> list[str]:
    """Return the values of the boxes that are ticked."""
    return [
        unescape(value) for value in re.findall(r'<input type="checkbox"[^>]* value="([^"]*)" checked', html)
    ]


def chips(html: str) -> dict[str, dict[str, list[str]]]:
    """Return what is chosen, with what the address of its chip still asks for."""
    rows = re.findall(r'class="chip" href="([^"]*)"><span[^>]*>[^<]*</span>([^<]+)<', html)
    return {unescape(label): parse_qs(unescape(address).removeprefix("?")) for address, label in rows}


def test_every_choice_tells_how_many_products_it_leaves(client: Client) -> None:
    assert boxes(page(client)) == {
        "Hide sold out": 4,
        "Below ₩10,000": 2,
        "₩10,000 to ₩30,000": 1,
        "₩30,000 to ₩50,000": 1,
        "₩100,000 to ₩300,000": 1,
        "₩300,000 and more": 1,
        "White": 2,
        "Celadon": 3,
        "Small": 2,
        "Large": 2,
    }


def test_a_shelf_counts_what_is_on_it_and_below(client: Client) -> None:
    assert boxes(page(client, "/en/c/tableware/bowls/")) == {
        "Hide sold out": 1,
        "Below ₩10,000": 1,
        "₩10,000 to ₩30,000": 1,
        "White": 1,
        "Celadon": 1,
        "Small": 1,
        "Large": 1,
    }
    assert boxes(page(client, "/en/c/tableware/"))["Celadon"] == 3
    assert "₩300,000 and more" not in boxes(page(client, "/en/c/tableware/"))


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"option": ["색상:백자"]}, ["jar", "bowl"]),
        ({"option": ["색상:백자", "색상:청자"]}, ["jar", "bowl", "cup"]),  # one or the other
        ({"option": ["색상:백자", "크기:대"]}, ["jar"]),  # one variant with both: the large bowl is celadon
        ({"option": ["색상:청자", "크기:소", "크기:대"]}, ["jar", "bowl"]),
        ({"price": ["0-10000"]}, ["bowl", "cup"]),
        ({"price": ["0-10000", "300000-"]}, ["bowl", "cup", "lamp"]),
        ({"price": ["0-10000"], "option": ["색상:청자"]}, ["cup"]),
        ({"stock": "in"}, ["jar", "bowl", "cup", "lamp"]),
        ({"stock": "in", "option": ["색상:백자"]}, ["jar"]),  # the white bowl is sold out
        ({"stock": "in", "option": ["색상:백자", "크기:대"]}, []),
    ],
)
def test_values_of_a_facet_are_alternatives_and_facets_are_met_together(
    client: Client, asked: dict[str, Any], left: list[str]
) -> None:
    html = page(client, **asked)

    assert found(html) == left
    assert f'tabindex="-1">{len(left)} product{"" if len(left) == 1 else "s"}</p>' in html


@pytest.mark.parametrize("address", ["/c/", "/c/tableware/", "/en/c/tableware/"])
def test_a_count_is_what_its_box_leads_to(client: Client, address: str) -> None:
    """Every box of every listing that one box leads to: what it promises is what it shows."""
    whole = asking.Asked(
        prices=tuple(band.key for band in asking.BANDS),
        options=("색상:백자", "색상:청자", "크기:소", "크기:대"),
    )
    firsts = [asking.Asked(), asking.Asked(in_stock=True)]
    firsts += [asking.Asked(prices=(key,)) for key in whole.prices]
    firsts += [asking.Asked(options=(key,)) for key in whole.options]
    path = address.partition("/c/")[2].strip("/")
    language = "en" if address.startswith("/en") else "ko"

    for first in firsts:
        counted = facets.count(path=path, asked=first, language=language)
        for value in (value for option in counted.options for value in option.values):
            others = tuple(
                key for key in first.options if key.partition(":")[0] != value.key.partition(":")[0]
            )
            alone = asking.Asked(first.prices, (*others, value.key), first.in_stock)
            assert facets.count(path=path, asked=alone, language=language).fitting == value.count
        for place, band in enumerate(asking.BANDS):
            alone = asking.Asked((band.key,), first.options, first.in_stock)
            fitting = facets.count(path=path, asked=alone, language=language).fitting
            assert fitting == counted.bands.get(place, 0)
        assert len(found(client.get(f"{address}{first.address()}").content.decode())) == counted.fitting


def test_counts_of_a_facet_leave_its_own_choices_aside(client: Client) -> None:
    html = page(client, option=["색상:백자"])

    assert boxes(html) == {
        "Hide sold out": 1,
        "Below ₩10,000": 1,
        "₩30,000 to ₩50,000": 1,
        "₩100,000 to ₩300,000": 1,
        "White": 2,
        "Celadon": 3,  # as before: either is one more way to fit
        "Small": 2,
        "Large": 1,
    }
    assert ticked(html) == ["색상:백자"]


def test_a_value_that_nothing_is_left_of_is_hidden_unless_it_is_chosen(client: Client) -> None:
    assert "White" not in boxes(page(client, price=["300000-"]))

    html = page(client, price=["300000-"], option=["색상:백자"])

    assert boxes(html)["White"] == 0
    assert found(html) == []
    assert "Nothing fits all of these filters" in html
    assert set(chips(html)) == {"₩300,000 and more", "Colour: White"}


def test_chips_take_one_choice_away_and_keep_the_rest(client: Client) -> None:
    html = page(
        client, price=["0-10000"], option=["색상:청자", "크기:대"], stock="in", sort="price", page="1"
    )

    assert chips(html) == {
        "Below ₩10,000": {"option": ["색상:청자", "크기:대"], "stock": ["in"], "sort": ["price"]},
        "Colour: Celadon": {
            "price": ["0-10000"],
            "option": ["크기:대"],
            "stock": ["in"],
            "sort": ["price"],
        },
        "Size: Large": {"price": ["0-10000"], "option": ["색상:청자"], "stock": ["in"], "sort": ["price"]},
        "Hide sold out": {"price": ["0-10000"], "option": ["색상:청자", "크기:대"], "sort": ["price"]},
    }
    assert '<a class="link link--quiet" href="?sort=price">Clear all</a>' in html


def test_the_last_chip_leads_to_the_whole_listing(client: Client) -> None:
    html = page(client, stock="in")

    assert 'class="chip" href="?"' in html
    assert "Clear all" not in page(client)


def test_words_are_those_of_the_page_and_the_address_is_the_same(client: Client) -> None:
    asked = {"option": ["색상:백자"], "price": ["30000-50000"]}

    korean, english = page(client, "/c/", **asked), page(client, "/en/c/", **asked)

    assert found(korean) == found(english) == ["jar"]
    assert set(chips(korean)) >= {"색상: 백자"}
    assert set(chips(english)) == {"Colour: White", "₩30,000 to ₩50,000"}
    assert f"/en/c/?{urlencode(asked, doseq=True)}" in unescape(korean)  # the switch keeps the choices


def test_pages_keep_what_is_chosen(client: Client, settings: Any) -> None:
    settings.LISTING_PAGE_SIZE = 2
    asked = {"option": ["색상:백자", "색상:청자"], "stock": "in", "sort": "price"}

    html = page(client, **asked)

    assert found(html) == ["cup", "bowl"]
    onward = unescape(re.findall(r'href="([^"]+)" rel="next"', html)[0])
    assert parse_qs(onward.removeprefix("?")) == {
        "option": ["색상:백자", "색상:청자"],
        "stock": ["in"],
        "sort": ["price"],
        "page": ["2"],
    }
    assert found(client.get(f"/en/c/{onward}").content.decode()) == ["jar"]
    page(client, **asked, page="3", status=404)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("recommended", ["jar", "bowl", "cup", "lamp"]),
        ("new", ["cup", "bowl", "jar", "lamp"]),
        ("selling", ["cup", "lamp", "jar", "bowl"]),
        ("price", ["cup", "bowl", "jar", "lamp"]),
        ("price-desc", ["lamp", "jar", "bowl", "cup"]),
    ],
)
def test_a_listing_is_sorted_as_asked(client: Client, sort: str, order: list[str]) -> None:
    today = timezone.localdate()
    sold: list[tuple[str, date, int]] = [
        ("LAMP-0", today, 2),
        ("CUP-0", today, 2),
        ("CUP-0", today - timedelta(days=30), 1),
        ("BOWL-0", today - timedelta(days=31), 9),  # too long ago
        ("JAR-0", today, 0),  # all of it came back
    ]
    for sku, day, units in sold:
        variant = Variant.objects.get(sku=sku)
        DailySale.objects.create(variant=variant, day=day, units=units, won=units * variant.price)

    assert found(page(client, sort=sort)) == order
    assert found(page(client, sort=sort, stock="in")) == order


def test_a_shop_that_counts_no_sales_shows_what_is_recommended(client: Client, settings: Any) -> None:
    settings.BEST_SELLERS = ""

    assert found(page(client, sort="selling")) == ["jar", "bowl", "cup", "lamp"]


@pytest.mark.parametrize(
    "asked",
    [
        {"option": "색상:없는 색"},
        {"option": "nothing:at all"},
        {"option": ["", ":", "색상", "색상:", ":백자", "\x00:\x00", "색상:백자\x00"]},
        {"option": "색상:" + "백" * 10_000},
        {"option": [f"색상:{number}" for number in range(500)]},
        {"option": "색상:백자'; DROP TABLE commerce_product --"},
        {"price": ["-1", "99", "0-", "-10000", "1e5", "9" * 5000, "\x00", "0-10000 "]},
        {"stock": ["out", "\x00", "1"]},
        {"sort": ["magic", "\x00"], "q": "x" * 10_000},
        {"colour": "white"},
    ],
)
def test_what_makes_no_sense_is_not_asked(client: Client, asked: dict[str, Any]) -> None:
    html = page(client, **asked)

    assert found(html) == ["jar", "bowl", "cup", "lamp"]
    assert (chips(html), ticked(html)) == ({}, [])


@pytest.mark.parametrize("number", ["99999", "0", "-1", "x", "9" * 5000])
def test_a_page_too_far_is_answered_in_words(client: Client, number: str) -> None:
    html = page(client, option="색상:백자", page=number, status=404)

    assert len(found(html)) == 4  # what came last instead


def test_an_option_of_another_shelf_is_not_asked(client: Client) -> None:
    goods("vase", ((("흑자", "Black"),), 70_000, 1), options=(COLOUR,), shelves=())

    assert found(page(client, "/en/c/tableware/", option="색상:흑자")) == ["jar", "bowl", "cup"]
    assert found(page(client, "/en/c/", option="색상:흑자")) == ["vase"]


def test_only_the_whole_listing_is_for_search_engines(client: Client) -> None:
    narrowed, whole = page(client, option="색상:백자"), page(client)

    assert '<meta name="robots" content="noindex, follow">' in narrowed
    assert '<link rel="canonical" href="http://testserver/en/c/">' in narrowed
    assert "noindex" not in whole


def test_a_shelf_of_one_kind_offers_nothing_that_does_not_narrow_it(client: Client) -> None:
    key = uuid.UUID(int=3)
    shelf(key, "lamps", ("조명", "Lamps"))
    goods("torch", (((("검정", "Black")),), 20_000, 1), options=(COLOUR,), shelves=(key,))

    assert boxes(page(client, "/en/c/lamps/")) == {"Hide sold out": 1}


def test_many_values_fold_and_a_chosen_one_unfolds(client: Client) -> None:
    values = tuple((f"색 {number:02}", f"Shade {number:02}") for number in range(12))
    goods("paint", *(((value,), 5_000, 1) for value in values), options=(("색조", "Shade"),))

    closed, opened = page(client), page(client, option="색조:색 11")

    assert "<summary>4 more</summary>" in closed
    assert re.search(r'<details class="facet__more" id="[^"]+">', closed)
    assert re.search(r'<details class="facet__more" id="[^"]+" open>', opened)
    assert found(opened) == ["paint"]
    labels = [label for label in boxes(closed) if label.startswith("Shade")]
    assert labels == [english for _korean, english in values]  # in the order that the product gives them


def test_an_option_has_the_name_that_most_products_give_it(client: Client) -> None:
    goods("plate", ((("유백", "Ivory"),), 5_000, 1), options=(("색상", "Glaze"),))
    assert "<legend>Colour</legend>" in page(client)

    for number in range(6):
        goods(f"dish-{number}", ((("유백", "Ivory"),), 5_000, 1), options=(("색상", "Glaze"),))

    copies.forget()
    html = page(client)
    assert "<legend>Glaze</legend>" in html
    assert "<legend>Colour</legend>" not in html


def test_a_word_of_a_product_is_only_text(client: Client) -> None:
    evil = ('<img src=x onerror="1">', "<b>&")
    goods("evil", ((evil,), 5_000, 1), ((WHITE,), 5_000, 1), options=(COLOUR,))

    html = page(client, option=f"색상:{evil[0]}")

    assert found(html) == ["evil"]
    assert set(chips(html)) == {"Colour: <b>&"}
    assert "<img src=x" not in html
    assert "<b>&" not in html


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"option": ["색상:백자", "크기:소"], "price": ["0-10000", "30000-50000"], "stock": "in"},
        {"option": ["색상:없는 색", "크기:소"], "sort": "selling"},
    ],
)
def test_a_listing_asks_the_database_at_most_ten_times(client: Client, asked: dict[str, Any]) -> None:
    client.get("/orders/lookup/")  # loads the address book and the shop's settings

    for address in ("/c/", "/en/c/tableware/"):
        copies.forget()
        with CaptureQueriesContext(connection) as queries:
            page(client, address, **asked)
        assert len(queries) <= 10, "\n".join(query["sql"][:200] for query in queries)


def test_more_products_and_values_cost_no_more_queries(client: Client) -> None:
    asked = {"option": ["색상:백자"], "stock": "in"}
    page(client, **asked)
    with CaptureQueriesContext(connection) as few:
        page(client, **asked)

    for number in range(8):
        goods(f"dish-{number}", (((f"색 {number}", "Shade"), SMALL), 5_000, 1), options=(COLOUR, SIZE))
    with CaptureQueriesContext(connection) as many:
        page(client, **asked)

    assert len(many) == len(few)


def test_counts_of_a_whole_listing_are_kept_until_a_fact_throws_copies_away() -> None:
    def fitting() -> int:
        return facets.count(path="", asked=asking.Asked(), language="en").fitting

    assert fitting() == 4
    goods("dish", ((), 5_000, 1))
    assert fitting() == 4
    copies.forget()
    assert fitting() == 5


def test_without_a_cache_counts_are_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_kept: object) -> None:
        raise OSError("no cache")

    for name in ("get", "set", "add"):
        monkeypatch.setattr(cache, name, away)

    assert facets.count(path="", asked=asking.Asked(), language="en").fitting == 4
    goods("dish", ((), 5_000, 1))
    assert facets.count(path="", asked=asking.Asked(), language="en").fitting == 5


@pytest.fixture
def _at_hand(settings: Any) -> Iterator[None]:
    """Let this process keep what it counted."""
    settings.PAGE_COPIES_NEAR = 60
    yield
    copies._near.clear()


def test_a_narrowed_listing_is_counted_once_until_a_fact(
    _at_hand: None, django_assert_num_queries: Any
) -> None:
    factories.product("one", skus=("ONE",), price=9_000)
    asked = asking.Asked(prices=("0-10000",), in_stock=True)
    copies.forget()
    assert facets.count(path="", asked=asked, language="ko").fitting == 2

    factories.product("two", skus=("TWO",), price=8_000)

    with django_assert_num_queries(0):
        assert facets.count(path="", asked=asked, language="ko").fitting == 2
    copies.forget()
    assert facets.count(path="", asked=asked, language="ko").fitting == 3
    assert facets.count(path="", asked=asking.Asked(prices=("10000-30000",)), language="ko").fitting == 1
