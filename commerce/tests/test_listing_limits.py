"""Who narrows listings very often waits; pages that come from a copy are never counted."""

from typing import Any

import pytest
from django.test import Client

from commerce.search import selectors, sifting, wording
from commerce.tests.factories import product

pytestmark = pytest.mark.django_db


def test_a_client_that_narrows_very_often_waits_and_others_do_not(client: Client, settings: Any) -> None:
    settings.LISTING_TRIES = 2
    settings.CLIENT_ADDRESS_HEADER = "X-Real-IP"
    me, other = {"X-Real-IP": "192.0.2.1"}, {"X-Real-IP": "192.0.2.2"}
    product("cup")
    for address in ("/en/c/?sort=new", "/en/c/?stock=in"):
        assert client.get(address, headers=me).status_code == 200

    refused = client.get("/en/c/?sort=price&stock=in", headers=me)

    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    html = refused.content.decode()
    assert "One moment please" in html and 'href="/en/c/?sort=price&amp;stock=in"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert client.get("/en/c/?sort=new", headers={**me, "HX-Request": "true"}).status_code == 429
    assert client.get("/en/c/", headers=me).status_code == 200
    assert client.get("/en/c/?sort=new", headers=other).status_code == 200


def test_a_search_of_one_key_says_that_there_are_more(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(sifting, "MOST", 2)
    for number in range(3):
        product(f"cup-{number}", skus=(f"CUP-{number}",), title=(f"찻잔 {number}", f"Cup {number}"))

    found = selectors.find(typed=wording.read("c"))
    html = client.get("/en/search/?q=c").content.decode()

    assert (found.count, found.more, len(found.products)) == (2, True, 2)
    assert "More than 2 products" in html
    monkeypatch.setattr(sifting, "MOST", 3)
    assert selectors.find(typed=wording.read("cu")).more is False
    assert selectors.find(typed=wording.read("z")).count == 0
