"""Pages of the catalog as a browser gets them: money, choice, languages, and what a page may cost."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commerce.catalog import services
from commerce.tests.listings import found, page
from commerce.tests.shopwindow import NOW, cups, list_product, moon_jar, shelves, text_of

__all__ = ["shelves"]  # a fixture
QUERIES = 10  # of a whole page, without any cache
HANGUL = re.compile("[가-힣]")

pytestmark = pytest.mark.django_db


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

    assert found(html) == ["dish"]
    assert '<meta name="robots" content="noindex">' in html


def test_a_withdrawn_product_answers_404(client: Client) -> None:
    key = moon_jar()
    services.withdraw_product(key=key, language="ko", leads=True, now=NOW)

    assert "1,234,000" not in page(client, "/p/moon-jar/", status=404)


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


def test_colours_are_named_in_the_tokens_only() -> None:
    sheets = Path(settings.SITE_DIR, "static", "css").glob("*.css")

    stray = {
        sheet.name: re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", text)
        for sheet in sheets
        for text in [re.sub(r"@layer tokens \{.*?\n\}", "", sheet.read_text("utf-8"), flags=re.DOTALL)]
    }

    assert {name: found for name, found in stray.items() if found} == {}
