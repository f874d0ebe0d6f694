"""What "load more" added is part of the address: coming back, loading anew and a shared link show all of it."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from commerce.tests.factories import product

HTMX = {"HX-Request": "true"}
MORE = {**HTMX, "HX-Target": "grid"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def cups(settings: Any) -> None:
    """Nineteen cups, two on a page: ten pages."""
    settings.LISTING_PAGE_SIZE = 2
    for number in range(19):
        product(
            f"cup-{number:02}", skus=(f"CUP-{number:02}",), title=(f"찻잔 {number:02}", f"Cup {number:02}")
        )


def shown(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'card__title"><a href="/en/p/cup-(\d+)/"', html)]


def more(html: str) -> str:
    (address,) = re.findall(r'id="load-more" rel="nofollow" href="([^"]+)"', html)
    return unescape(address)


def test_more_leads_to_an_address_that_shows_all_that_was_loaded(client: Client, cups: None) -> None:
    first = client.get("/en/c/?sort=new").content.decode()
    assert shown(first) == [18, 17]
    assert more(first) == "?sort=new&page=2&from=1"

    second = client.get(f"/en/c/{more(first)}").content.decode()
    assert shown(second) == [18, 17, 16, 15]
    assert "1–4 of 19" in second
    assert more(second) == "?sort=new&page=3&from=1"

    third = client.get(f"/en/c/{more(second)}").content.decode()
    assert shown(third) == [18, 17, 16, 15, 14, 13]
    assert 'rel="prev"' not in third and 'rel="next"' in third


def test_a_script_gets_only_what_is_new_and_the_same_links(client: Client, cups: None) -> None:
    html = client.get("/en/c/?sort=new&page=3&from=1", headers=MORE).content.decode()

    assert shown(html) == [14, 13]
    assert "1–6 of 19" in html
    assert more(html) == "?sort=new&page=4&from=1"
    assert 'id="added"' not in html
    assert "<html" not in html


def test_the_whole_list_as_a_part_is_whole_and_caches_tell_the_three_apart(
    client: Client, cups: None
) -> None:
    answer = client.get("/en/c/?sort=new&page=3&from=1", headers={**HTMX, "HX-Target": "listing"})

    assert len(shown(answer.content.decode())) == 6
    assert {"HX-Request", "HX-Target"} <= set(answer["Vary"].split(", "))
    restored = client.get(
        "/en/c/?sort=new&page=3&from=1", headers={**MORE, "HX-History-Restore-Request": "true"}
    )
    assert len(shown(restored.content.decode())) == 6


def test_without_javascript_more_leads_to_the_first_new_product(client: Client, cups: None) -> None:
    first = client.get("/en/c/?sort=new").content.decode()
    (address,) = re.findall(r'<p class="no-js"><a class="btn pages__on" rel="nofollow" href="([^"]+)"', first)
    assert unescape(address) == "?sort=new&page=2&from=1#added"
    assert 'id="added"' not in first

    html = client.get("/en/c/?sort=new&page=3&from=2").content.decode()
    assert re.findall(r'id="added">\s*<[^>]+>.*?/en/p/cup-(\d+)/', html, re.DOTALL) == ["14"]
    assert html.count('id="added"') == 1


def test_eight_pages_at_most_and_then_one_goes_on_with_a_page_of_its_own(client: Client, cups: None) -> None:
    html = client.get("/en/c/?sort=new&page=8&from=1").content.decode()

    assert len(shown(html)) == 16
    assert 'id="load-more"' not in html
    (on,) = re.findall(r'<a class="btn pages__on" href="([^"]+)">Go on with page 9</a>', html)
    assert unescape(on) == "?sort=new&page=9"
    further = client.get(f"/en/c/{unescape(on)}").content.decode()
    assert shown(further) == [2, 1]
    assert more(further) == "?sort=new&page=10&from=9"


def test_more_than_eight_pages_that_an_address_asks_for_are_the_last_eight(
    client: Client, cups: None
) -> None:
    html = client.get("/en/c/?sort=new&page=10&from=1").content.decode()

    assert shown(html) == list(range(14, -1, -1))
    assert "5–19 of 19" in html
    (before,) = re.findall(r'href="([^"]+)" rel="prev"', html)
    assert unescape(before) == "?sort=new&page=2"


@pytest.mark.parametrize("first", ["x", "0", "-3", "11", "5", "3", "9" * 5000, "", "1e1"])
def test_a_beginning_that_makes_no_sense_is_the_page_itself(client: Client, cups: None, first: str) -> None:
    html = client.get("/en/c/", {"sort": "new", "page": "3", "from": first}).content.decode()

    assert shown(html) == [14, 13]


def test_a_page_that_does_not_exist_is_404_with_any_beginning(client: Client, cups: None) -> None:
    assert client.get("/en/c/?page=11&from=1").status_code == 404


def test_several_pages_are_not_listed_and_point_at_where_they_begin(client: Client, cups: None) -> None:
    grown = client.get("/en/c/?page=3&from=1").content.decode()
    assert '<link rel="canonical" href="http://testserver/en/c/">' in grown
    assert '<meta name="robots" content="noindex, follow">' in grown
    assert "<title>All products | Maru\n</title>" in grown

    later = client.get("/en/c/?page=5&from=3").content.decode()
    assert '<link rel="canonical" href="http://testserver/en/c/?page=3">' in later

    single = client.get("/en/c/?page=3").content.decode()
    assert '<link rel="canonical" href="http://testserver/en/c/?page=3">' in single
    assert "noindex" not in single
    assert "(page 3)" in single


def test_switching_the_language_keeps_what_was_loaded(client: Client, cups: None) -> None:
    html = client.get("/en/c/?page=3&from=1").content.decode()

    assert 'href="/c/?page=3&amp;from=1"' in html


def test_eight_pages_cost_no_more_statements_than_one(
    client: Client, cups: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        assert len(shown(client.get("/en/c/?sort=new&page=8&from=1").content.decode())) == 16


def test_a_search_grows_as_a_listing_does(client: Client, cups: None) -> None:
    first = client.get("/en/search/?q=cup&sort=new").content.decode()
    assert more(first) == "?q=cup&sort=new&page=2&from=1"

    assert shown(client.get(f"/en/search/{more(first)}").content.decode()) == [18, 17, 16, 15]
    added = client.get(f"/en/search/{more(first)}", headers=MORE).content.decode()
    assert shown(added) == [16, 15]
    absurd = client.get("/en/search/?q=cup&sort=new&page=99&from=9").content.decode()
    assert shown(absurd) == [2, 1, 0]
