"""The catalog as a browser gets it: money, choice, order, addresses, and what a page may cost."""

import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commerce.catalog import services
from commerce.catalog.models import Variant
from commerce.inventory import stockroom

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
QUERIES = 10  # of a whole page, without any cache
TABLEWARE, BOWLS = uuid.UUID(int=1), uuid.UUID(int=2)
HANGUL = re.compile("[가-힣]")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelves() -> None:
    """Two shelves, one inside the other."""
    for key, path, korean, english, parent in (
        (TABLEWARE, "tableware", "식기", "Tableware", None),
        (BOWLS, "tableware/bowls", "그릇", "Bowls", TABLEWARE),
    ):
        for language, title in (("ko", korean), ("en", english)):
            payload = services.CategoryPayload(
                key=key,
                language=language,
                version=1,
                text=services.TextPayload(title=title),
                path=path,
                parent=parent,
                leads=language == "ko",
            )
            services.list_category(payload=payload, now=NOW)


def list_product(
    slug: str,
    *,
    variants: list[tuple[str, list[tuple[str, str]], int, int]],
    options: list[tuple[str, str]] = (),  # type: ignore[assignment]
    summary: str = "",
    rank: int = 0,
    days: int = 0,
) -> uuid.UUID:
    """Put a product on sale; a variant is SKU, option values (ko, en), price in won and units on hand."""
    key = uuid.uuid5(uuid.NAMESPACE_URL, slug)
    goods = services.GoodsPayload(
        slug=slug,
        option_names=tuple({"ko": korean, "en": english} for korean, english in options),
        variants=tuple(
            services.VariantPayload(
                sku=sku,
                options=tuple({"ko": korean, "en": english} for korean, english in values),
                price=price,
                picture=sku.lower(),
            )
            for sku, values, price, _units in variants
        ),
        pictures=tuple(
            {
                "name": sku.lower(),
                "url": f"/media/{sku}.jpg",
                "width": 800,
                "height": 1000,
                "alt": {"ko": f"사진 {sku}", "en": f"Photo {sku}"},
                "srcset": f"/media/{sku}-360.webp 360w",
                "role": "front",
            }
            for sku, *_rest in variants
        ),
        categories=(BOWLS,),
        rank=rank,
    )
    now = NOW + timedelta(days=days)
    for language in ("ko", "en"):
        title = f"상품 {slug}" if language == "ko" else f"Product {slug}"
        payload = services.ProductPayload(
            key=key,
            language=language,
            version=1,
            text=services.TextPayload(title=title, summary=summary, body="<p>Body</p>"),
            goods=goods if language == "ko" else None,
        )
        services.list_product(payload=payload, now=now)
    for sku, _values, _price, units in variants:
        if units:
            variant = Variant.objects.get(sku=sku)
            stockroom.adjust(variant_id=variant.pk, on_hand=units, reason="test", now=now)
    return key


def moon_jar() -> uuid.UUID:
    """List a jar in two colours and two sizes, of which the large celadon one is sold out."""
    white, celadon, small, large = ("백자", "White"), ("청자", "Celadon"), ("소", "Small"), ("대", "Large")
    return list_product(
        "moon-jar",
        options=[("색상", "Colour"), ("크기", "Size")],
        variants=[
            ("JAR-WS", [white, small], 1_234_000, 20),
            ("JAR-WL", [white, large], 2_345_000, 3),
            ("JAR-CS", [celadon, small], 1_300_000, 20),
            ("JAR-CL", [celadon, large], 2_400_000, 0),
        ],
    )


def cups(count: int) -> None:
    """List cups 1 … count: the later, the newer, the dearer and the less recommended."""
    for number in range(1, count + 1):
        list_product(
            f"cup-{number:02}",
            variants=[(f"CUP-{number:02}", [], 1000 * number, 5)],
            rank=count - number,
            days=number,
        )


def text_of(html: str) -> str:
    """Return what a reader sees, with single spaces."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def page(client: Client, address: str, status: int = 200) -> str:
    """Return the page at an address, which must answer with `status`."""
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def titles(html: str) -> list[str]:
    """Return the products of a listing in their order."""
    return re.findall(r'class="card__title"><a href="[^"]*/p/([^"/]+)/"', html)


def current_values(html: str) -> list[str]:
    """Return the option values that are marked as chosen."""
    return re.findall(r'data-value="([^"]+)" aria-current="true"', html)


def test_a_price_reads_as_won_in_korean_and_with_the_sign_in_english(client: Client) -> None:
    moon_jar()

    assert '<p class="price buy__price" data-price aria-live="polite">1,234,000원</p>' in page(
        client, "/p/moon-jar/"
    )
    english = page(client, "/en/p/moon-jar/")
    assert '<p class="price buy__price" data-price aria-live="polite">₩1,234,000</p>' in english
    assert "원" not in text_of(english).replace("한국어", "")


def test_a_variant_is_chosen_by_its_address_alone(client: Client) -> None:
    moon_jar()

    html = page(client, "/p/moon-jar/?variant=JAR-WL")

    assert '<input type="hidden" name="sku" value="JAR-WL">' in html
    assert 'data-price aria-live="polite">2,345,000원</p>' in html
    assert current_values(html) == ["백자", "대"]
    assert re.search(r'<li class="gallery__shot"[^>]*>\s*<img src="/media/JAR-WL.jpg"', html)
    assert html.index("/media/JAR-WL.jpg") < html.index("/media/JAR-WS.jpg", html.index("gallery__track"))


def test_a_value_leads_to_the_variant_that_keeps_the_other_choices(client: Client) -> None:
    moon_jar()

    html = page(client, "/p/moon-jar/?variant=JAR-WL")
    links = dict(re.findall(r'href="\?variant=([A-Z-]+)"[^>]*data-value="([^"]+)"', html))

    assert links == {"JAR-WL": "대", "JAR-CL": "청자", "JAR-WS": "소"}


def test_without_a_choice_the_first_variant_in_stock_is_shown(client: Client) -> None:
    list_product(
        "lamp",
        options=[("크기", "Size")],
        variants=[("L-S", [("소", "Small")], 9000, 0), ("L-L", [("대", "Large")], 9500, 1)],
    )

    assert 'name="sku" value="L-L"' in page(client, "/p/lamp/")
    assert 'name="sku" value="L-L"' in page(client, "/p/lamp/?variant=NOT-A-SKU")


def test_a_sold_out_value_stays_selectable_and_says_so(client: Client) -> None:
    moon_jar()

    html = page(client, "/en/p/moon-jar/?variant=JAR-CL")

    assert current_values(html) == ["Celadon", "Large"]
    assert html.count('aria-current="true" data-sold') == 2
    assert '<button class="btn btn--primary" data-add disabled>Sold out</button>' in html
    assert "data-now hidden" in html


def test_few_units_are_counted_and_many_are_not(client: Client) -> None:
    moon_jar()

    assert '<p class="buy__stock" data-stock>Only 3 left</p>' in page(
        client, "/en/p/moon-jar/?variant=JAR-WL"
    )
    assert '<p class="buy__stock" data-stock></p>' in page(client, "/en/p/moon-jar/?variant=JAR-WS")


def test_delivery_and_returns_stand_beside_the_price(client: Client) -> None:
    list_product("dish", variants=[("DISH", [], 9000, 5)])

    seen = text_of(page(client, "/en/p/dish/"))

    assert "₩9,000 Delivery ₩3,000 · free from ₩50,000 Arrival 1–3 working days after payment" in seen
    assert "Returns within 7 days of delivery" in seen


def test_delivery_is_free_where_the_price_alone_reaches_the_threshold(client: Client) -> None:
    list_product("desk", variants=[("DESK", [], 50_000, 5)])

    assert "₩50,000 Delivery Free Arrival" in text_of(page(client, "/en/p/desk/"))


@pytest.mark.parametrize("address", ["/p/none/", "/en/p/none/", "/c/none/", "/c/tableware/none/"])
def test_an_unknown_address_answers_404_and_offers_what_is_new(client: Client, address: str) -> None:
    list_product("dish", variants=[("DISH", [], 9000, 5)])

    html = page(client, address, status=404)

    assert titles(html) == ["dish"]
    assert '<meta name="robots" content="noindex">' in html


def test_a_withdrawn_product_answers_404(client: Client) -> None:
    key = moon_jar()
    services.withdraw_product(key=key, language="ko", leads=True, now=NOW)

    assert "1,234,000" not in page(client, "/p/moon-jar/", status=404)


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("", "cup-01", "cup-05"),
        ("new", "cup-05", "cup-01"),
        ("price", "cup-01", "cup-05"),
        ("price-desc", "cup-05", "cup-01"),
    ],
)
def test_a_listing_is_sorted_as_asked(client: Client, sort: str, first: str, last: str) -> None:
    cups(5)

    shown = titles(page(client, f"/c/tableware/?sort={sort}"))

    assert (shown[0], shown[-1], len(shown)) == (first, last, 5)


def test_an_unknown_sort_is_the_first_one(client: Client) -> None:
    cups(2)

    html = page(client, "/c/?sort=magic")

    assert titles(html) == ["cup-01", "cup-02"]
    assert "noindex" not in html


def test_a_listing_has_pages_and_the_links_keep_the_sort(client: Client, settings: Any) -> None:
    settings.LISTING_PAGE_SIZE = 4
    cups(9)

    second = page(client, "/en/c/tableware/bowls/?sort=price&page=2")

    assert titles(second) == ["cup-05", "cup-06", "cup-07", "cup-08"]
    assert titles(page(client, "/c/tableware/bowls/?sort=price&page=3")) == ["cup-09"]
    assert unescape(re.findall(r'href="([^"]+)" rel="next"', second)[0]) == "?sort=price&page=3"
    assert "9 products" in text_of(second)
    assert '<meta name="robots" content="noindex, follow">' in second


def test_the_canonical_address_leaves_the_sort_away_and_keeps_the_page(client: Client, settings: Any) -> None:
    settings.LISTING_PAGE_SIZE = 4
    cups(9)

    html = page(client, "/en/c/?sort=price&page=2")

    assert '<link rel="canonical" href="http://testserver/en/c/?page=2">' in html


@pytest.mark.parametrize("number", ["0", "4", "-1", "x", "99999999999999999999"])
def test_a_page_that_does_not_exist_answers_404(client: Client, settings: Any, number: str) -> None:
    settings.LISTING_PAGE_SIZE = 4
    cups(9)

    page(client, f"/c/?page={number}", status=404)


def test_a_card_says_sold_out_and_from_which_price(client: Client) -> None:
    moon_jar()
    list_product("gone", variants=[("GONE", [], 7000, 0)], days=1)

    seen = text_of(page(client, "/en/c/tableware/?sort=new"))

    assert "Sold out Product gone ₩7,000" in seen
    assert "Product moon-jar White · Celadon from ₩1,234,000" in seen


@pytest.mark.parametrize(
    "address", ["/p/moon-jar/", "/c/", "/c/tableware/bowls/?sort=price", "/en/c/tableware/"]
)
def test_a_page_asks_the_database_at_most_ten_times(client: Client, address: str) -> None:
    moon_jar()
    cups(24)
    client.get(
        "/orders/lookup/"
    )  # loads the address book and the shop's settings, which are kept for minutes

    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(client, address)

    assert len(queries) <= QUERIES, "\n".join(query["sql"][:200] for query in queries)


def test_more_products_cost_no_more_queries(client: Client) -> None:
    cups(2)
    page(client, "/c/")
    with CaptureQueriesContext(connection) as few:
        page(client, "/c/")

    cups(20)
    with CaptureQueriesContext(connection) as many:
        page(client, "/c/")

    assert len(many) == len(few)


@pytest.mark.parametrize("address", ["/en/p/moon-jar/", "/en/c/", "/en/c/tableware/", "/en/nothing-here/"])
def test_an_english_page_has_no_korean_word_of_its_own(client: Client, address: str) -> None:
    moon_jar()

    html = client.get(address).content.decode()

    chrome = re.sub(r'<a [^>]*lang="ko"[^>]*>.*?</a>', "", html, flags=re.DOTALL)
    assert '<html lang="en">' in html
    assert HANGUL.findall(text_of(chrome)) == []


@pytest.mark.parametrize("address", ["/p/moon-jar/", "/c/", "/nothing-here/"])
def test_a_page_carries_no_inline_style_or_script(client: Client, address: str) -> None:
    moon_jar()

    response = client.get(address)
    html = response.content.decode()

    scripts = re.findall(r"<script\b([^>]*)>", html)
    assert [tag for tag in scripts if "src=" not in tag and 'type="application/ld+json"' not in tag] == []
    assert re.findall(r"<style\b|\sstyle=|\son[a-z]+=", html) == []
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]


def test_structured_data_names_each_offer_and_cannot_end_its_script(client: Client) -> None:
    moon_jar()
    list_product("evil", variants=[("EVIL", [], 9000, 5)], summary="</script><b>&")

    blocks = {
        slug: re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(client, f"/p/{slug}/"))
        for slug in ("moon-jar", "evil")
    }

    group, trail = json.loads(blocks["moon-jar"][0])["@graph"]
    offers = [variant["offers"] for variant in group["hasVariant"]]
    assert [(offer["sku"], offer["price"], offer["availability"]) for offer in offers] == [
        ("JAR-WS", "1234000", "https://schema.org/InStock"),
        ("JAR-WL", "2345000", "https://schema.org/InStock"),
        ("JAR-CS", "1300000", "https://schema.org/InStock"),
        ("JAR-CL", "2400000", "https://schema.org/OutOfStock"),
    ]
    assert group["@type"] == "ProductGroup" and "offers" not in group
    assert group["url"] == "http://testserver/p/moon-jar/"
    assert [variant["sku"] for variant in group["hasVariant"]] == [offer["sku"] for offer in offers]
    assert len({variant["name"] for variant in group["hasVariant"]}) == 4
    assert group["variesBy"] == ["https://schema.org/color", "https://schema.org/size"]
    assert [(one["color"], one["size"]) for one in group["hasVariant"]] == [
        ("백자", "소"), ("백자", "대"), ("청자", "소"), ("청자", "대"),
    ]  # fmt: skip
    alone = json.loads(blocks["evil"][0])["@graph"][0]
    assert (alone["@type"], [offer["price"] for offer in alone["offers"]]) == ("Product", ["9000"])
    assert [step["name"] for step in trail["itemListElement"]] == ["식기", "그릇"]
    assert json.loads(blocks["evil"][0])["@graph"][0]["description"] == "</script><b>&"


def test_languages_point_to_each_other_and_the_switch_keeps_the_page(client: Client) -> None:
    moon_jar()

    html = page(client, "/p/moon-jar/?variant=JAR-WL")

    assert '<link rel="canonical" href="http://testserver/p/moon-jar/">' in html
    assert '<link rel="alternate" hreflang="ko" href="http://testserver/p/moon-jar/">' in html
    assert '<link rel="alternate" hreflang="en" href="http://testserver/en/p/moon-jar/">' in html
    assert 'href="/en/p/moon-jar/?variant=JAR-WL" hreflang="en"' in html


def test_the_add_form_carries_the_sku_and_the_quantity(client: Client) -> None:
    list_product("dish", variants=[("DISH", [], 9000, 2)])

    html = page(client, "/p/dish/")

    form = re.findall(
        r'<form class="buy__form" method="post" action="([^"]+)">(.*?)</form>', html, flags=re.DOTALL
    )
    assert form[0][0] == "/cart/add/"
    assert re.findall(r'name="(sku|quantity|next)" value="([^"]*)"', form[0][1]) == [
        ("sku", "DISH"),
        ("quantity", "1"),
        ("next", "/checkout/"),
    ]
    assert 'max="2"' in form[0][1]


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


def test_colours_are_named_in_the_tokens_only() -> None:
    sheets = Path(settings.SITE_DIR, "static", "css").glob("*.css")

    stray = {
        sheet.name: re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", text)
        for sheet in sheets
        for text in [re.sub(r"@layer tokens \{.*?\n\}", "", sheet.read_text("utf-8"), flags=re.DOTALL)]
    }

    assert {name: found for name, found in stray.items() if found} == {}
