"""The frame around every page: what the law wants in the footer, the menu, languages, the site map."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from cms.models import InfoPage, ShopSettings
from cms.tests import factories
from cms.tests.factories import Shop

LEGAL = {
    "legal_name": "주식회사 마루",
    "representative": "홍길동",
    "address": "서울특별시 중구 세종대로 1",
    "phone": "02-123-4567",
    "email": "help@maru.example",
    "business_number": "123-45-67890",
    "mail_order_number": "제2026-서울중구-0001호",
    "mail_order_authority": "서울특별시 중구청",
    "hosting_provider": "우리 호스팅",
    "escrow_note": "구매안전서비스를 이용하실 수 있습니다.",
    "service_hours": "평일 10시부터 17시까지",
}


@pytest.fixture(autouse=True)
def no_memory() -> None:
    """Forget the settings that another test left in the cache."""
    cache.clear()


def settle(shop: Shop, **values: Any) -> ShopSettings:
    """Store the shop's settings."""
    row = ShopSettings.for_site(shop.home.get_site())
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    cache.clear()
    return row


def footer(client: Client, address: str) -> str:
    """Return the footer of a page."""
    return re.findall(r'<footer class="footer">.*</footer>', client.get(address).content.decode(), re.DOTALL)[
        0
    ]


def test_the_footer_says_all_that_the_law_wants(client: Client, shop: Shop) -> None:
    pages = {
        name: factories.publish(
            shop.home.add_child(instance=InfoPage(title=name, slug=name, locale=shop.ko, live=False))
        )
        for name in ("terms", "privacy", "shipping")
    }
    settle(shop, **LEGAL, **{f"{name}_page": page for name, page in pages.items()})

    html = footer(client, "/")

    assert [value for value in LEGAL.values() if value not in html] == []
    assert [name for name in pages if f'href="/{name}/"' not in html] == []


def test_english_pages_show_the_english_half_of_the_settings(client: Client, shop: Shop) -> None:
    settle(shop, **LEGAL, legal_name_en="Maru Inc.", representative_en="Hong Gildong", brand_en="Maru House")

    html = footer(client, "/en/c/")

    assert "Maru Inc." in html
    assert "Maru House" in html
    assert "주식회사 마루" not in html


def test_stories_are_in_the_menu_of_each_language(client: Client, shop: Shop) -> None:
    factories.publish(shop.stories)
    factories.publish(shop.translate(shop.stories))
    cache.clear()

    assert '<a href="/stories/">이야기</a>' in client.get("/c/").content.decode()
    assert '<a href="/en/stories/">' in client.get("/en/c/").content.decode()


def test_a_page_without_translation_names_one_language_and_switches_to_the_first_page(
    client: Client, shop: Shop
) -> None:
    page = shop.home.add_child(instance=InfoPage(title="안내", slug="guide", locale=shop.ko, live=False))
    factories.publish(page)

    html = client.get("/guide/").content.decode()

    assert re.findall(r'hreflang="(\w+)" href', html) == ["ko"]
    assert re.findall(r'<a class="tool" href="([^"]+)" hreflang="en"', html) == ["/en/"]


def test_the_site_map_names_editors_pages_once_and_leaves_the_mirror_to_the_catalog(
    client: Client, shop: Shop
) -> None:
    page = shop.home.add_child(instance=InfoPage(title="안내", slug="guide", locale=shop.ko, live=False))
    factories.publish(page)
    factories.publish(factories.product(shop, slug="rice-bowl"))

    found = re.findall(r"<loc>([^<]+)</loc>", client.get("/sitemap.xml").content.decode())

    assert found.count("http://testserver/guide/") == 1
    assert found.count("http://testserver/p/rice-bowl/") == 1
    assert not [address for address in found if "/maru/" in address or address.endswith("/p/")]
