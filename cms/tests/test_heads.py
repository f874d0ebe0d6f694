"""What search engines and messengers read of every kind of public page: one walk over all of them."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage as storage
from django.test import Client
from PIL import Image

from cms import pictures
from cms.models import InfoPage, LandingPage, ShopSettings, StoryPage
from cms.tests import factories
from cms.tests.factories import Shop
from commerce.catalog.models import Variant
from commerce.inventory import stockroom
from commerce.tests.factories import NOW

BASE = "http://testserver"
pytestmark = pytest.mark.django_db
PATHS = (
    "/",
    "/stories/",
    "/stories/fire/",
    "/delivery/",
    "/terms/",
    "/c/",
    "/c/?page=2",
    "/c/bowls/",
    "/p/rice-bowl/",
    "/p/tea-bowl/",
    "/p/rice-bowl/reviews/",
    "/p/rice-bowl/questions/",
)
REQUIRED = {  # as Google documents them, and what the shop always knows besides
    "Product": {"name", "image", "description", "offers"},
    "ProductGroup": {"name", "url", "description", "productGroupID", "hasVariant"},
    "Offer": {"price", "priceCurrency", "availability", "url", "itemCondition", "shippingDetails"},
    "OfferShippingDetails": {"shippingRate", "shippingDestination", "deliveryTime"},
    "MerchantReturnPolicy": {
        "applicableCountry",
        "returnPolicyCategory",
        "merchantReturnDays",
        "returnMethod",
    },
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
    "Organization": {"name", "url"},
    "WebSite": {"name", "url", "potentialAction"},
    "SearchAction": {"target", "query-input"},
    "Article": {"headline", "image", "datePublished", "dateModified", "author", "publisher"},
}


@pytest.fixture
def pages(shop: Shop, settings: Any, private_media: None) -> list[str]:
    """A shop with every kind of public page in both languages; returns their addresses."""
    settings.LISTING_PAGE_SIZE = 1
    settle(shop)
    for page in written(shop):
        twin = shop.translate(page)
        twin.title = f"{page.title} in English" if page is not shop.home else "Maru"
        if isinstance(page, InfoPage):
            twin.body = [("text", f"<p>All about {page.slug}.</p>")]
        factories.publish(twin)
    for variant in Variant.objects.all():
        stockroom.adjust(variant_id=variant.pk, on_hand=3, reason="count", now=NOW)
    return [f"{prefix}{path}" for path in PATHS for prefix in ("", "/en")]


def settle(shop: Shop) -> None:
    """Let the shop say who it is."""
    row = ShopSettings.for_site(shop.home.get_site())
    row.tagline, row.tagline_en, row.legal_name = "손으로 빚은 살림", "Things made by hand", "주식회사 마루"
    row.address, row.phone = "서울 종로구 1", "02-123-4567"
    row.save()
    cache.clear()


def written(shop: Shop) -> list[Any]:
    """Publish the Korean pages."""
    shelf = factories.category(shop, slug="bowls", title="그릇")
    found = [shop.home, shop.stories, shelf]
    for slug, sku, title in (("rice-bowl", "RB", "밥공기"), ("tea-bowl", "TB", "찻사발")):
        page = factories.product(shop, slug=slug, skus=(f"{sku}-W", f"{sku}-C"), title=title)
        page.categories = [shelf]
        found.append(factories.publish(page))
    for slug, title in (("delivery", "배송 안내"), ("terms", "이용약관")):
        info = InfoPage(title=title, slug=slug, locale=shop.ko, live=False)
        info.body = [("text", f"<p>{title}에 대한 모든 것입니다.</p>")]
        found.append(factories.publish(shop.home.add_child(instance=info)))
    hero = factories.image("hero", width=800, height=500)
    story = StoryPage(title="불과 흙", slug="fire", locale=shop.ko, hero_image=hero, live=False)
    found.append(factories.publish(shop.stories.add_child(instance=story)))
    factories.publish(shop.home)
    factories.publish(shop.stories)
    pictures.prepare_images(image_ids=[hero.pk])
    return found


@pytest.fixture
def private_media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def get(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def metas(html: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html)
    return {name: unescape(content) for name, content in found}


def alternates(html: str) -> dict[str, str]:
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html))


def canonical(html: str) -> str:
    (address,) = re.findall(r'<link rel="canonical" href="([^"]+)">', html)
    return str(address)


def graph(html: str) -> list[dict[str, Any]]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    loaded = [json.loads(block) for block in blocks]
    assert all(block["@context"] == "https://schema.org" for block in loaded)
    return [node for block in loaded for node in block["@graph"]]


def nodes(value: Any) -> list[dict[str, Any]]:
    """Return every typed node within some data."""
    if isinstance(value, list):
        return [node for one in value for node in nodes(one)]
    if not isinstance(value, dict):
        return []
    own = [value] if "@type" in value else []
    return own + [node for one in value.values() for node in nodes(one)]


def test_every_page_names_itself_once_and_unlike_all_others(client: Client, pages: list[str]) -> None:
    titles: dict[str, str] = {}
    descriptions: dict[str, str] = {}
    for address in pages:
        html = get(client, address)
        (title,) = re.findall(r"<title>([^<]*)</title>", html)
        found = metas(html)
        assert title.strip(), address
        assert found["description"].strip(), address
        assert found["og:description"] == found["description"]
        assert found["og:title"].strip()
        assert canonical(html) == f"{BASE}{address}" == found["og:url"]
        assert found["og:locale"] == ("en_US" if address.startswith("/en") else "ko_KR")
        assert found["twitter:card"] == "summary_large_image"
        assert "robots" not in found, address
        titles[address], descriptions[address] = title, found["description"]

    for named in (titles, descriptions):
        twice = {address: text for address, text in named.items() if list(named.values()).count(text) > 1}
        assert twice == {}


def test_languages_point_to_each_other_in_pages_and_in_the_map(client: Client, pages: list[str]) -> None:
    found = {f"{BASE}{address}": alternates(get(client, address)) for address in pages}

    for address, twins in found.items():
        assert set(twins) == {"ko", "en", "x-default"}, address
        assert address in (twins["ko"], twins["en"])
        assert twins["x-default"] == twins["ko"]
        assert found[twins["ko"]] == found[twins["en"]] == twins
    xml = client.get("/sitemap.xml").content.decode()
    for entry in re.findall(r"<url>(.*?)</url>", xml, re.DOTALL):
        (location,) = re.findall(r"<loc>([^<]+)</loc>", entry)
        linked = dict(re.findall(r'hreflang="([^"]+)" href="([^"]+)"', entry))
        assert linked == found.get(location, linked)
        assert set(linked) == {"ko", "en", "x-default"}, location
    assert len(set(re.findall(r"<loc>([^<]+)</loc>", xml))) == 16  # all but page 2, reviews and questions


def test_structured_data_has_what_search_engines_require(client: Client, pages: list[str]) -> None:
    kinds: dict[str, set[str]] = {}
    for address in pages:
        found = nodes(graph(get(client, address)))
        kinds[address] = {node["@type"] for node in found}
        for node in found:
            missing = REQUIRED.get(node["@type"], set()) - {key for key, value in node.items() if value}
            assert not missing, (address, node)
            for key in ("url", "item", "mainEntityOfPage"):
                assert urlsplit(str(node.get(key, "http://x/"))).scheme == "http", (address, node)

    assert kinds["/p/rice-bowl/"] >= {"Product", "Offer", "BreadcrumbList", "MerchantReturnPolicy"}
    assert kinds["/en/c/bowls/"] == {"BreadcrumbList", "ListItem"}
    assert kinds["/"] >= {"Organization", "WebSite", "SearchAction", "PostalAddress"}
    assert kinds["/en/stories/fire/"] >= {"Article", "Organization"}


def test_messengers_are_shown_jpegs_with_their_size_and_words(client: Client, pages: list[str]) -> None:
    story = metas(get(client, "/stories/fire/"))

    assert re.fullmatch(rf"{BASE}/media/images/hero\S*\.format-jpeg\S*\.jpg", story["og:image"])
    with Image.open(storage.open(story["og:image"].removeprefix(f"{BASE}/media/"))) as made:
        assert made.format == "JPEG"
        assert (story["og:image:width"], story["og:image:height"]) == tuple(map(str, made.size))
    assert story["og:image:alt"]


def test_until_a_jpeg_is_made_messengers_are_shown_the_original(client: Client, pages: list[str]) -> None:
    product = metas(get(client, "/p/rice-bowl/"))

    assert re.fullmatch(rf"{BASE}/media/original_images/\S+\.(png|jpg)", product["og:image"])
    assert (product["og:image:width"], product["og:image:height"]) == ("40", "50")
    assert product["og:image:alt"] == "흰 밥공기"
    assert metas(get(client, "/en/p/rice-bowl/"))["og:image:alt"] == "A white rice bowl"


def test_pages_without_a_chosen_picture_show_their_first_one(client: Client, shop: Shop) -> None:
    picture = factories.image("opening", width=1600, height=900)
    landing = LandingPage(
        title="가을", slug="autumn", locale=shop.home.locale,
        body=[("hero", {"image": picture, "alt": "차린 상", "heading": "가을의 상", "link": {}})],
    )  # fmt: skip
    shop.home.add_child(instance=landing)
    factories.publish(landing)
    pictures.prepare_page(page_id=landing.pk)

    told = metas(get(client, "/autumn/"))
    assert told["og:image"].endswith(".jpg")
    assert (told["og:image:width"], told["og:image:height"], told["og:image:alt"]) == (
        "1200",
        "675",
        "차린 상",
    )

    landing.social_image = factories.image("chosen", width=600, height=600)
    factories.publish(landing)
    assert metas(get(client, "/autumn/"))["og:image:width"] == "600"


def test_what_is_narrowed_or_private_is_not_listed(client: Client, pages: list[str]) -> None:
    for address in ("/c/?sort=new", "/en/c/bowls/?stock=in", "/search/?q=밥", "/cart/", "/wishlist/"):
        assert metas(get(client, address))["robots"].startswith("noindex"), address

    narrowed = get(client, "/en/c/bowls/?stock=in&page=1")
    assert canonical(narrowed) == f"{BASE}/en/c/bowls/"


def test_a_page_without_words_of_a_language_is_the_page_of_the_other(client: Client, shop: Shop) -> None:
    factories.publish(factories.product(shop))

    html = get(client, "/en/p/rice-bowl/")

    assert canonical(html) == f"{BASE}/p/rice-bowl/"
    assert alternates(html) == {"ko": f"{BASE}/p/rice-bowl/", "x-default": f"{BASE}/p/rice-bowl/"}
    assert f"<loc>{BASE}/en/p/rice-bowl/</loc>" not in client.get("/sitemap.xml").content.decode()


def test_a_map_of_several_pages_becomes_a_list_of_maps(
    client: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug in ("one", "two", "three"):
        factories.publish(factories.product(shop, slug=slug, skus=(slug.upper(),)))
    monkeypatch.setattr("commerce.catalog.sitemaps.OneAddress.limit", 2)

    parts = re.findall(r"<loc>([^<]+)</loc>", client.get("/sitemap.xml").content.decode())

    assert parts == [
        f"{BASE}/sitemap-products.xml",
        f"{BASE}/sitemap-products.xml?p=2",
        f"{BASE}/sitemap-categories.xml",
        f"{BASE}/sitemap-pages.xml",
    ]
    found = [
        address
        for part in parts[:2]
        for address in re.findall(r"<loc>([^<]+)</loc>", client.get(part.removeprefix(BASE)).content.decode())
    ]
    assert found == [f"{BASE}/p/{slug}/" for slug in ("one", "two", "three")]
    assert client.get("/sitemap-nothing.xml").status_code == 404
