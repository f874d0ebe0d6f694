"""What the catalog tells machines: the site map, robots, and whom to write about weaknesses."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from commerce.catalog import services
from commerce.tests.listings import page
from commerce.tests.shopwindow import NOW, list_product, moon_jar, shelves

__all__ = ["shelves"]  # a fixture

pytestmark = pytest.mark.django_db


def test_the_site_map_lists_what_is_on_sale_in_both_languages(client: Client) -> None:
    moon_jar()
    services.withdraw_product(
        key=list_product("gone", variants=[("GONE", [], 7000, 0)]), language="ko", leads=True, now=NOW
    )

    found = set(re.findall(r"<loc>([^<]+)</loc>", page(client, "/sitemap.xml")))

    assert found >= {
        "http://testserver/p/moon-jar/",
        "http://testserver/en/p/moon-jar/",
        "http://testserver/c/tableware/bowls/",
        "http://testserver/en/c/tableware/bowls/",
    }
    assert not any("gone" in address for address in found)


def test_robots_are_kept_out_of_carts_and_shown_the_map(client: Client) -> None:
    lines = page(client, "/robots.txt").splitlines()

    assert {"Disallow: /cart/", "Disallow: /en/checkout/", "Sitemap: http://testserver/sitemap.xml"} <= set(
        lines
    )


def test_security_contact_is_published_and_not_expired(client: Client) -> None:
    fields = dict(line.split(": ", 1) for line in page(client, "/.well-known/security.txt").splitlines())

    assert fields["Contact"] == "mailto:hello@maru.example"
    assert datetime.fromisoformat(fields["Expires"]) > datetime.now(UTC)
