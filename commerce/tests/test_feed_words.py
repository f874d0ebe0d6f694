"""How feeds write single values, and what they leave out."""

from datetime import date, timedelta
from typing import Any

import pytest

from commerce.catalog import prices
from commerce.feeds import google, naver, plain
from commerce.inventory.selectors import Supply
from commerce.tests.factories import NOW
from commerce.tests.feeding import facts, goods, item, shop, text

BASE = "https://shop.example"
G = "{http://base.google.com/ns/1.0}"


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Any) -> Any:
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": storage}
    return tmp_path


@pytest.mark.parametrize(
    ("supply", "told"),
    [
        (Supply(1), {"availability": "in_stock"}),
        (Supply(0), {"availability": "out_of_stock"}),
        (Supply(0, 3), {"availability": "backorder"}),
        (
            Supply(0, 3, date(2026, 12, 20)),
            {"availability": "preorder", "availability_date": "2026-12-20T00:00+0900"},
        ),
        (Supply(0, 3, date(2028, 1, 1)), {"availability": "out_of_stock"}),
    ],
)
def test_google_is_told_when_it_can_be_had(supply: Supply, told: dict[str, str]) -> None:
    found = facts(item(supply=supply))

    assert {name: value for name, value in found.items() if name.startswith("availability")} == told


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        (None, None, {"sale_price": "9000 KRW"}),
        (NOW - timedelta(days=1), None, {"sale_price": "9000 KRW"}),
        (NOW + timedelta(days=1), None, {}),  # Google wants an end; it is told when the sale begins
        (None, NOW, {}),  # over
        (
            None,
            NOW + timedelta(hours=1),
            {
                "sale_price": "9000 KRW",
                "sale_price_effective_date": "2026-11-24T12:00+0900/2026-11-24T13:00+0900",
            },
        ),
        (
            NOW + timedelta(days=1),
            NOW + timedelta(days=2),
            {
                "sale_price": "9000 KRW",
                "sale_price_effective_date": "2026-11-25T12:00+0900/2026-11-26T12:00+0900",
            },
        ),
    ],
)
def test_google_is_told_of_lower_prices(since: Any, until: Any, told: dict[str, str]) -> None:
    found = facts(item(terms=prices.Terms(12_000, 9_000, since, until)))

    assert found["price"] == "12000 KRW"
    assert {name: value for name, value in found.items() if name.startswith("sale")} == told


def test_only_a_barcode_that_is_a_gtin_is_told() -> None:
    found = facts(item(barcode="8801234567893"))

    assert found["gtin"] == "8801234567893"
    assert "identifier_exists" not in found
    assert [google.gtin(code) for code in ("8801234567894", "880", "٨٨٠١٢٣٤٥٦٧٨٩٣", "")] == ["", "", "", ""]
    assert google.gtin("96385074") == "96385074"


def test_long_words_are_cut_where_one_ends_and_long_skus_have_a_number() -> None:
    found = facts(item(sku="S" * 51), title="달 " * 100, description="항아리 " * 2000)

    assert found["id"] == "V5"
    assert (len(found["title"]), found["title"][-1]) == (149, "달")
    assert len(found["description"]) <= 5000


def test_a_text_that_looks_like_markup_stays_a_text() -> None:
    found = facts(item(), title="<g:price>1 KRW</g:price>", brand="a & b")

    assert (found["title"], found["brand"], found["price"]) == (
        "<g:price>1 KRW</g:price>",
        "a & b",
        "24000 KRW",
    )


def test_naver_is_not_told_of_what_it_would_refuse() -> None:
    sold_out = goods(item(supply=Supply(0)))
    bare = goods(shelves=())
    unseen = goods(pictures=())
    far = goods(link="x" * 256)
    coming = goods(item(supply=Supply(0, 2, date(2026, 12, 1))), made_to_order=True)

    lines = list(naver.lines(goods=[sold_out, bare, unseen, far, coming], shop=shop(delivery=None)))

    assert [count for _part, count in lines] == [0, 1]
    told = dict(zip(naver.COLUMNS, lines[1][0].removesuffix("\n").split("\t"), strict=True))
    assert (told["product_flag"], told["order_made"], told["shipping"]) == ("예약판매", "Y", "")


def test_naver_has_no_room_for_the_number_of_a_carton() -> None:
    for code, told in (("10614141000415", ""), ("8801234567893", "8801234567893")):
        lines = text(naver.lines(goods=[goods(item(barcode=code))], shop=shop())).splitlines()

        assert dict(zip(naver.COLUMNS, lines[1].split("\t"), strict=True))["barcode"] == told


def test_naver_tells_the_price_of_what_can_be_ordered() -> None:
    gone = item(sku="SMALL", price=5_000, supply=Supply(0))

    lines = text(naver.lines(goods=[goods(gone, item())], shop=shop())).splitlines()

    assert lines[1].split("\t")[2] == "24000"


@pytest.mark.parametrize(
    ("given", "plain_text"),
    [
        ("가\x00나\x1f\ud800다", "가 나 다"),
        ("a\tb\r\nc\u2028d", "a b c d"),
        ("\u202ehidden\u2066", "hidden"),
    ],
)
def test_control_characters_are_spaces(given: str, plain_text: str) -> None:
    assert plain.text(given) == plain_text


def test_html_is_read_as_a_reader_sees_it() -> None:
    assert plain.of_html("<h2>흙</h2><p>과 <b>불</b>&nbsp;&lt;3</p><style>p{}</style>") == "흙 과 불 <3"
