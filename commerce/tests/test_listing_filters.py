"""Narrowing a listing: which products are left, and what the counts promise."""

import re
import uuid
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.test import Client

from commerce import copies
from commerce.catalog import asking, facets
from commerce.tests.listings import COLOUR, boxes, chips, found, goods, page, shelf, shop, ticked

pytestmark = pytest.mark.django_db
__all__ = ["shop"]  # fixture


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
