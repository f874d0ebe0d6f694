"""Brands and attributes in listings: values by number, kept in step with what is on sale."""

import re
import uuid
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commerce import copies
from commerce.catalog import facets, projecting, selectors, services
from commerce.catalog.asking import Asked
from commerce.catalog.models import FacetValue, Product, ProductFacets, Variant, VariantFacets
from commerce.tests.factories import NOW, on_shelf
from commerce.tests.listings import boxes, chips, found, page

pytestmark = pytest.mark.django_db
HEULKBIT = {"key": "heulkbit", "ko": "흙빛", "en": "Heulkbit"}
GYEOL = {"key": "gyeol", "ko": "결", "en": "Gyeol"}


def attribute(code: str, name: str, value: str, english: str, place: int = 0) -> dict[str, Any]:
    """Return an attribute as the catalog keeps it."""
    labels = {"ko": value, "en": english}
    return {
        "code": code,
        "kind": "choice",
        "names": {"ko": name, "en": name.title()},
        "labels": labels,
        "facet": {"value": value, "labels": labels, "place": place},
    }


CLAY, GLASS = (
    attribute("material", "재질", "백자", "Porcelain", 0),
    attribute("material", "재질", "유리", "Glass", 1),
)


def goods(slug: str, *, version: int = 1, units: int = 5, **fields: Any) -> None:
    """Put a product of one variant per price on sale in both languages."""
    costs = fields.pop("prices", (20_000,))
    variants = tuple(
        services.VariantPayload(sku=f"{slug.upper()}-{place}", options=({"ko": f"{place}호"},), price=price)
        for place, price in enumerate(costs)
    )
    payload = services.GoodsPayload(slug=slug, option_names=({"ko": "호"},), variants=variants, **fields)
    for language in ("ko", "en"):
        services.list_product(
            payload=services.ProductPayload(
                key=uuid.uuid5(uuid.NAMESPACE_URL, slug),
                language=language,
                version=version,
                text=services.TextPayload(title=slug),
                goods=payload if language == "ko" else None,
            ),
            now=NOW,
        )
    for row in Variant.objects.filter(sku__in=[one.sku for one in variants]):
        on_shelf(row, units)


@pytest.fixture
def shop() -> None:
    """Return a bowl and a cup of porcelain by Heulkbit, a vase of glass by Gyeol; the cup costs 8,000."""
    goods("bowl", brand=HEULKBIT, attributes=(CLAY,), rank=3)
    goods("cup", brand=HEULKBIT, attributes=(CLAY,), prices=(8_000, 40_000), rank=2)
    goods("vase", brand=GYEOL, attributes=(GLASS,), rank=1)


@pytest.mark.usefixtures("shop")
def test_brands_and_attributes_are_offered_with_their_counts(client: Client) -> None:
    offered = boxes(page(client))

    assert {name: offered[name] for name in ("Heulkbit", "Gyeol", "Porcelain", "Glass")} == {
        "Heulkbit": 2,
        "Gyeol": 1,
        "Porcelain": 2,
        "Glass": 1,
    }
    assert "<legend>Brand</legend>" in page(client)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("asked", "left", "counts"),
    [
        (
            {"brand": "heulkbit"},
            ["bowl", "cup"],
            {"Heulkbit": 2, "Gyeol": 1, "Porcelain": None},
        ),  # it narrows nothing
        ({"brand": ["heulkbit", "gyeol"]}, ["bowl", "cup", "vase"], {"Porcelain": 2, "Glass": 1}),
        ({"attribute": "material:백자"}, ["bowl", "cup"], {"Porcelain": 2, "Glass": 1, "Heulkbit": None}),
        (
            {"attribute": "material:백자", "brand": "gyeol"},
            [],
            {"Porcelain": 0, "Gyeol": 0, "Glass": 1, "Heulkbit": 2},
        ),
        (
            {"brand": "heulkbit", "price": "0-10000"},
            ["cup"],
            {"Porcelain": None, "Below ₩10,000": 1, "Heulkbit": 1},
        ),
        ({"brand": "nobody", "attribute": "weight:1"}, ["bowl", "cup", "vase"], {"Heulkbit": 2}),
    ],
)
def test_they_narrow_the_listing_and_each_other(
    client: Client, asked: dict[str, Any], left: list[str], counts: dict[str, int]
) -> None:
    html = page(client, **asked)

    assert found(html) == left
    offered = boxes(html)
    assert {name: offered.get(name) for name in counts} == counts


@pytest.mark.usefixtures("shop")
def test_chips_take_them_away_and_addresses_keep_the_rest(client: Client) -> None:
    html = page(client, brand="heulkbit", attribute="material:백자", sort="price")

    assert chips(html) == {
        "Brand: Heulkbit": {"attribute": ["material:백자"], "sort": ["price"]},
        "재질: Porcelain": {"brand": ["heulkbit"], "sort": ["price"]},
    }


@pytest.mark.usefixtures("shop")
def test_a_narrowed_listing_takes_at_most_ten_statements(client: Client) -> None:
    address = f"/c/?{urlencode({'brand': 'heulkbit', 'price': '0-10000', 'stock': 'in', 'sort': 'selling'})}"

    client.get("/c/")  # the shop's settings are kept
    copies.forget()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200

    assert len(queries) <= 10, "\n".join(query["sql"][:150] for query in queries)


@pytest.mark.usefixtures("shop")
def test_the_brand_stands_on_cards_on_the_page_and_in_structured_data(client: Client) -> None:
    html = page(client, "/en/p/bowl/")

    assert '<a class="link link--quiet" href="/en/c/?brand=heulkbit">Heulkbit</a>' in html
    assert '"brand": {"@type": "Brand", "name": "Heulkbit"}' in html
    assert re.findall(r'class="card__brand">([^<]+)', page(client)) == ["Heulkbit", "Heulkbit", "Gyeol"]
    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", unescape(html)))
    assert facts["재질"] == "Porcelain"


@pytest.mark.usefixtures("shop")
def test_what_is_withdrawn_is_counted_no_more() -> None:
    key = uuid.uuid5(uuid.NAMESPACE_URL, "cup")

    services.withdraw_product(key=key, language="ko", leads=True, now=NOW)

    assert not ProductFacets.objects.filter(product__key=key).exists()
    assert not VariantFacets.objects.filter(product__key=key).exists()
    assert facets.count(path="", asked=Asked(brands=("heulkbit",)), language="ko").fitting == 1


@pytest.mark.usefixtures("shop")
def test_a_variant_that_vanished_is_counted_no_more() -> None:
    goods("cup", version=2, brand=HEULKBIT, attributes=(CLAY,), prices=(8_000,))

    assert VariantFacets.objects.filter(product__slug="cup").count() == 1
    assert facets.count(path="", asked=Asked(prices=("30000-50000",)), language="ko").fitting == 0


@pytest.mark.usefixtures("shop")
def test_what_was_lost_or_is_wrong_is_written_again_and_then_nothing() -> None:
    whole = facets._count("", "ko", database="default")
    ProductFacets.objects.filter(product__slug="cup").delete()
    VariantFacets.objects.filter(product__slug="vase").update(own=[])
    Product.objects.filter(slug="bowl").update(brand=GYEOL)

    assert projecting.project_all() == 3
    assert projecting.project_all() == 0

    Product.objects.filter(slug="bowl").update(brand=HEULKBIT)
    assert projecting.project_all() == 1
    assert facets._count("", "ko", database="default") == whole


def test_a_product_counts_once_for_a_value_that_its_variants_spell_in_two_ways() -> None:
    variants = tuple(
        services.VariantPayload(sku=sku, options=({"ko": "백자", "en": english},), price=9_000)
        for sku, english in (("A", "White"), ("B", "Porcelain"))
    )
    payload = services.GoodsPayload(
        slug="jar", option_names=({"ko": "색", "en": "Colour"},), variants=variants
    )
    services.list_product(
        payload=services.ProductPayload(
            key=uuid.UUID(int=9),
            language="ko",
            version=1,
            text=services.TextPayload(title="항아리"),
            goods=payload,
        ),
        now=NOW,
    )

    option = facets.count(path="", asked=Asked(), language="en").options[0]
    assert [(value.label, value.count) for value in option.values] == [("White", 1)]
    assert FacetValue.objects.filter(facet="option:색").count() == 1


@pytest.mark.usefixtures("shop")
def test_others_of_the_category_stand_in_where_nothing_like_it_was_picked() -> None:
    shelf = services.CategoryPayload(
        key=uuid.UUID(int=1),
        language="ko",
        version=1,
        text=services.TextPayload(title="그릇"),
        path="bowls",
        leads=True,
    )
    services.list_category(payload=shelf, now=NOW)
    vase = str(uuid.uuid5(uuid.NAMESPACE_URL, "vase"))
    for slug in ("bowl", "cup"):
        goods(slug, version=2, categories=(uuid.UUID(int=1),), related={"matching": [vase]})
    shown = selectors.product_page(slug="bowl", language="ko", now=NOW)
    assert shown

    matching, similar = selectors.related(shown=shown, limit=4, language="ko", now=NOW)

    assert ([card.slug for card in matching], [card.slug for card in similar]) == (["vase"], ["cup"])
