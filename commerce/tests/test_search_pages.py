"""The pages of search as a browser gets them: state in the address, help when nothing fits, odd requests."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from commerce.search import services
from commerce.search.models import EmptySearch, SearchWord, Synonyms
from commerce.tests import test_search as goods

QUERIES = 10  # of a whole page, without any cache
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shelf() -> None:
    """Five cups and a jar."""
    cache.clear()
    goods.shelve("tea", "찻자리")
    for number in range(5):
        goods.sell(f"cup-{number}", f"청자 찻잔 {number}", f"Celadon cup {number}", rank=number)
    goods.sell("jar", "달항아리", "Moon jar")
    services.learn_all()


def get(client: Client, address: str, *, language: str = "ko"):
    return client.get(address if language == "ko" else f"/en{address}")


def titles(response) -> list[str]:
    return re.findall(r'card__title"><a href="[^"]+">([^<]+)<', response.content.decode())


def words(response) -> str:
    text = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_a_search_is_a_page_that_robots_do_not_list(client: Client):
    page = get(client, "/search/?q=달항아리")

    assert page.status_code == 200
    assert titles(page) == ["달항아리"]
    assert 'content="noindex, follow"' in page.content.decode()
    assert 'value="달항아리"' in page.content.decode()
    assert titles(get(client, "/search/?q=달항아리", language="en")) == ["Moon jar"]


@override_settings(LISTING_PAGE_SIZE=2)
def test_pages_and_order_stay_in_the_address(client: Client):
    first = get(client, "/search/?q=찻잔&sort=recommended")
    last = get(client, "/search/?q=찻잔&sort=recommended&page=3")

    assert titles(first) == ["청자 찻잔 4", "청자 찻잔 3"]
    assert titles(last) == ["청자 찻잔 0"]
    assert f'href="?q={quote("찻잔")}&amp;sort=recommended&amp;page=2"' in first.content.decode()
    assert '<input type="hidden" name="q" value="찻잔">' in first.content.decode()


@override_settings(LISTING_PAGE_SIZE=2)
def test_absurd_pages_show_the_first_or_the_last(client: Client):
    first, last = "청자 찻잔 4", "청자 찻잔 0"
    asked = {
        "0": last,
        "-1": last,
        "9" * 20: last,
        "x": first,
        "": first,
        "9" * 5000: first,
        "1e9": first,
        "٣": last,
    }
    for page, shown in asked.items():
        answer = client.get("/search/", {"q": "찻잔", "page": page, "sort": "recommended"})

        assert answer.status_code == 200, page
        assert titles(answer)[0] == shown, page


ODD = [
    "가" * 10_000,
    "달 " * 5_000,
    "\x00\x01\x07\x1b",
    "달\x00항아리",
    "%",
    "%%%_\\",
    "'; DROP TABLE commerce_product; --",
    "<script>alert(1)</script>",
    "를",
    "을 를 이 가",
    "ㄱ",
    "ㅏ",
    "ㄳㄳㄳ",
    "🙂🙂",
    "\u202egnp\u200b",
    "\ud7a4\uffff",
    "{{ q }}",
    "a" * 99,
    "1",
    " ",
]


@override_settings(SEARCH_TRIES=1000)
@pytest.mark.parametrize("path", ["/search/", "/en/search/", "/search/suggest/"])
def test_odd_searches_get_a_page(client: Client, path: str):
    for typed in ODD:
        answer = client.get(path, {"q": typed})

        assert answer.status_code in (200, 204), typed
        assert b"<script>alert" not in answer.content


def test_signs_find_nothing_rather_than_everything(client: Client):
    for typed in ("%", "_", "%%_", "\\"):
        assert titles(client.get("/search/", {"q": typed, "page": "1"}))[:5] != ["청자 찻잔 4"]
        assert client.get("/search/suggest/", {"q": typed}).status_code == 204


def test_broken_utf_8_gets_a_page(client: Client):
    assert client.get("/search/?q=%ED%A0%80%FF").status_code == 200
    assert client.get("/search/?q=%EB%8B%A4%ED&page=%FF").status_code == 200


def test_a_mistyped_search_says_what_it_looked_for(client: Client):
    page = get(client, "/search/?q=달항어리", language="en")

    assert titles(page) == ["Moon jar"]
    assert "Nothing is called “달항어리”. You see what we have for “달항아리”." in words(page)
    assert not EmptySearch.objects.exists()


def test_nothing_found_helps_and_is_remembered(client: Client):
    page = get(client, "/search/?q=우주선", language="en")

    assert "We found nothing" in words(page)
    assert 'href="/en/c/tea/"' in page.content.decode()
    assert titles(page)[0] == "Celadon cup 4"  # what others like
    get(client, "/search/?q=%20우주선%20", language="en")
    row = EmptySearch.objects.get()
    assert (row.query, row.language, row.times, row.shown) == ("우주선", "en", 2, "nothing")


def test_some_of_the_words_are_shown_and_remembered(client: Client):
    page = get(client, "/search/?q=우주선 달항아리", language="en")

    assert titles(page) == ["Moon jar"]
    assert "No product has all of these words." in words(page)
    assert EmptySearch.objects.get().shown == "partly"


def test_a_category_is_named_beside_what_it_holds(client: Client):
    assert 'href="/c/tea/"' in get(client, "/search/suggest/?q=찻자").content.decode()
    assert (
        'aria-label="Categories that fit"'
        in get(client, "/search/?q=찻자리 찻잔", language="en").content.decode()
    )


def test_suggestions_come_in_groups(client: Client):
    html = get(client, "/search/suggest/?q=찻", language="en").content.decode()

    assert re.findall(r'role="group" aria-label="([^"]+)"', html) == ["Searches", "Categories", "Products"]
    assert f'data-href="/en/search/?q={quote("찻잔")}" data-text="찻잔"' in html
    assert html.count('data-href="/en/p/cup-') == 5
    assert re.search(r"data-status>\d+ suggestions<", html)


def test_suggestions_complete_the_last_word_in_any_way_of_typing(client: Client):
    for typed in ("달ㅎ", "달하", "ekfg", "ㄷㅎ", "ㄷㅎㅇ"):
        html = client.get("/search/suggest/", {"q": typed}).content.decode()
        assert 'data-text="달항아리"' in html, typed
        assert 'data-href="/p/jar/"' in html, typed
    assert 'data-text="청자 찻잔"' in client.get("/search/suggest/", {"q": "청자 찻"}).content.decode()


def test_suggestions_may_be_kept_by_the_browser_alone(client: Client):
    answer = client.get("/search/suggest/", {"q": "찻"})

    assert set(answer["Cache-Control"].split(", ")) == {"max-age=60", "private"}


@override_settings(SEARCH_TRIES=2, SUGGEST_TRIES=2)
def test_who_searches_too_often_waits(client: Client):
    for _ in range(2):
        assert get(client, "/search/?q=찻잔").status_code == 200
        assert get(client, "/search/suggest/?q=찻잔").status_code == 200

    page = get(client, "/search/?q=찻잔", language="en")

    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= 60
    assert "You searched very often." in words(page) and titles(page) == []
    assert 'value="찻잔"' in page.content.decode()
    assert get(client, "/search/suggest/?q=찻잔").status_code == 204
    assert get(client, "/search/").status_code == 200  # the form itself is free


SEARCHES = [
    "",
    "찻잔",
    "찻잔을 청자",
    "달항어리",
    "달 항어리",
    "우주선",
    "우주선 달항아리",
    "없는 낱말 셋",
    "egdf",
    "ㄷㅎㅇㄹ",
]


def test_a_page_takes_ten_queries_at_most(client: Client):
    Synonyms.objects.create(words="찻잔, 컵")
    client.get("/search/")  # the shop's settings are in the cache from here on, as on any page
    for typed in SEARCHES:
        for path in ("/search/", "/search/suggest/"):
            with CaptureQueriesContext(connection) as made:
                client.get(path, {"q": typed})
            assert len(made) <= QUERIES, (typed, [query["sql"][:120] for query in made.captured_queries])


def test_a_page_works_before_any_word_was_learned(client: Client):
    SearchWord.objects.all().delete()

    assert "We found nothing" in words(get(client, "/search/?q=달항어리", language="en"))


def test_only_reading_is_allowed(client: Client):
    assert client.post("/search/", {"q": "찻잔"}).status_code == 405
    assert client.post("/search/suggest/", {"q": "찻잔"}).status_code == 405
