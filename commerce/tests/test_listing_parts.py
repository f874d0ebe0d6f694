"""A script fetches the listing alone; whole pages and parts are never mixed up."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as shop
from django.test import Client

from commerce import copies
from commerce.tests.factories import product, withdraw

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def cups(settings: Any) -> None:
    """Three cups, two on a page."""
    settings.LISTING_PAGE_SIZE = 2
    for number in range(3):
        product(f"cup-{number}", skus=(f"CUP-{number}",), title=(f"찻잔 {number}", f"Cup {number}"))


def test_the_part_has_filters_count_cards_and_pages_and_a_title(client: Client, cups: None) -> None:
    answer = client.get("/en/c/?sort=new", headers=HTMX)

    html = answer.content.decode()
    assert html.startswith("<title>All products | Maru\n</title>\n")
    assert "<html" not in html and "<header" not in html
    assert [name for name in ("filters", "listing-count", "grid", "pages") if f'id="{name}"' in html] == [
        "filters",
        "listing-count",
        "grid",
        "pages",
    ]
    assert re.findall(r'href="/en/p/([^/]+)/"', html) == ["cup-2", "cup-1"]
    assert 'hx-replace-url="true"' in html and 'href="?sort=new&amp;page=2"' in html


@pytest.mark.parametrize("address", ["/en/c/", "/en/search/?q=cup"])
@pytest.mark.parametrize(
    ("headers", "whole"),
    [
        ({}, True),
        (HTMX, False),
        ({**HTMX, "HX-History-Restore-Request": "true"}, True),
        ({"HX-Request": "no"}, True),
    ],
)
def test_only_who_asks_for_a_part_gets_one_and_caches_tell_them_apart(
    client: Client, cups: None, address: str, headers: dict[str, str], whole: bool
) -> None:
    answer = client.get(address, headers=headers)

    assert ("<html" in answer.content.decode()) is whole
    assert "HX-Request" in answer["Vary"].split(", ")
    assert "HX-Refresh" not in answer


def test_a_part_that_does_not_exist_any_more_is_the_page(client: Client) -> None:
    product("cup")
    withdraw("cup")

    for address in ("/en/c/", "/en/search/?q=cup"):
        answer = client.get(address, headers=HTMX)

        assert answer["HX-Refresh"] == "true"
        assert "<html" in answer.content.decode()


def test_a_part_says_itself_that_nobody_keeps_it(client: Client, cups: None) -> None:
    assert copies.seconds(client.get("/en/c/", headers=HTMX)) == 0
    assert copies.seconds(client.get("/en/c/")) == 300


def test_links_to_pages_keep_everything_that_is_asked_for(client: Client, cups: None) -> None:
    asked = "price=10000-30000&stock=in&sort=new"

    html = client.get(f"/en/c/?{asked}").content.decode()

    following = re.findall(r'rel="next"', html)
    (address,) = set(re.findall(r'href="(\?[^"]*page=2)"', html))
    assert following and address.replace("&amp;", "&") == f"?{asked}&page=2"


def test_boxes_have_an_id_that_stays_so_that_the_focus_can(client: Client, cups: None) -> None:
    def ids(address: str) -> dict[str, str]:
        html = client.get(address).content.decode()
        return {
            value: id_
            for id_, value in re.findall(r'id="(price-[0-9a-f]{8})" name="price" value="([^"]+)"', html)
        }

    product("dear", skus=("DEAR",), price=90_000)
    whole, narrowed = ids("/en/c/"), ids("/en/c/?price=10000-30000")
    assert len(set(whole.values())) == len(whole) == 2
    assert narrowed["10000-30000"] == whole["10000-30000"]


def test_htmx_is_the_file_that_was_looked_at_and_may_not_evaluate(client: Client, cups: None) -> None:
    folder = Path(shop.SITE_DIR) / "static/vendor"
    html = client.get("/en/c/").content.decode()

    content = (folder / "htmx-2.0.11.min.js").read_bytes()
    assert hashlib.sha256(content).hexdigest() == (
        "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
    )
    assert "Zero-Clause BSD" in (folder / "htmx-LICENSE.txt").read_text()
    (config,) = re.findall(r"<meta name=\"htmx-config\" content='([^']+)'>", html)
    read = json.loads(config)
    assert (read["allowEval"], read["allowScriptTags"], read["includeIndicatorStyles"]) == (
        False,
        False,
        False,
    )
    assert (read["selfRequestsOnly"], read["historyCacheSize"]) == (True, 0)
    assert "vendor/htmx" not in client.get("/en/p/cup-0/").content.decode()
