"""Collections that fill themselves by a rule, or are filled by hand."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from cms import publishing
from cms.models import (
    CategoryPage,
    CollectionPick,
    ProductType,
    ProductVariant,
)
from cms.tests import factories
from cms.tests.factories import Shop
from cms.tests.words import bowl, editor, kind
from commerce import copies
from commerce.catalog import collections
from commerce.catalog.models import Category

pytestmark = pytest.mark.django_db
__all__ = ["bowl", "editor", "kind"]  # fixtures


def collection(shop: Shop, **fields: Any) -> Any:
    """Return a published collection."""
    page = shop.categories.add_child(
        instance=CategoryPage(title="모음", slug="set", locale=shop.ko, live=False, **fields)
    )
    return factories.publish(page)


def listed(client: Client) -> list[str]:
    """Return the products of the collection, as its listing shows them."""
    return re.findall(r'class="card__title"><a href="/p/([^"/]+)/"', client.get("/c/set/").content.decode())


@pytest.mark.parametrize(
    ("rule", "members"),
    [
        ({"rule_below": 10_000}, ["rice-bowl"]),
        ({"rule_below": 9_999}, []),
        ({"rule_reduced": True}, ["cup"]),
        ({"rule_days": 7}, ["cup", "rice-bowl"]),
        ({"rule_attribute": "material:백자"}, ["rice-bowl"]),
        ({"rule_attribute": "material:금"}, []),
        ({"rule_days": 7, "rule_reduced": True}, ["cup"]),
        ({}, []),
    ],
)
def test_a_collection_fills_itself_by_its_rule(
    shop: Shop, bowl: Any, kind: ProductType, client: Client, rule: dict[str, Any], members: list[str]
) -> None:
    bowl.product_type, bowl.attribute_values = kind, {"material": "백자"}
    factories.publish(bowl)
    cup = factories.product(shop, slug="cup", skus=("CUP",), title="찻잔")
    cup.variants = [ProductVariant(sku="CUP", price=30_000, sale_price=20_000)]
    factories.publish(cup)

    collection(shop, fills="rule", **rule)

    assert sorted(listed(client)) == members


def test_a_collection_follows_the_clock_and_keeps_its_products_when_they_are_published(
    shop: Shop, bowl: Any, client: Client
) -> None:
    collection(shop, fills="rule", rule_days=7)
    factories.publish(bowl)
    assert listed(client) == ["rice-bowl"]

    now = timezone.now() + timedelta(days=8)
    assert [collections.fill_all(now=now) for _again in range(2)] == [1, 0]

    copies.forget()
    assert listed(client) == []
    assert publishing.reconcile().healed == ["1 collections: filled by their rule"]  # by today's clock


def test_a_collection_by_hand_is_not_in_the_menu_and_not_in_crumbs(
    shop: Shop, bowl: Any, client: Client
) -> None:
    made = shop.categories.add_child(
        instance=CategoryPage(title="모음집", slug="set", locale=shop.ko, live=False, fills="picked")
    )
    made.picks = [CollectionPick(product=bowl)]
    factories.publish(made)

    assert listed(client) == ["rice-bowl"]
    assert "모음집" not in client.get("/p/rice-bowl/").content.decode()
    assert publishing.reconcile().healed == []


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"fills": "rule"}, "fills"), ({"fills": "rule", "rule_attribute": "material"}, "rule_attribute")],
)
def test_a_rule_that_says_nothing_is_refused_at_its_field(
    editor: Client, shop: Shop, fields: dict[str, str], wrong: str
) -> None:
    made = factories.category(shop, slug="set", title="모음")
    data = {
        "title": "모음",
        "slug": "set",
        "picks": inline_formset([]),
        "comments": inline_formset([]),
        **fields,
    }

    response = editor.post(
        reverse("wagtailadmin_pages:edit", args=[made.pk]), {**nested_form_data(data), "action-publish": "1"}
    )

    assert set(response.context["form"].errors) == {wrong}
    assert not Category.objects.get(path="set").collection


def test_a_collection_by_hand_keeps_the_order_of_its_editor(shop: Shop, bowl: Any, client: Client) -> None:
    cup = factories.publish(factories.product(shop, slug="cup", title="잔", skus=("CUP",), rank=9))
    jar = factories.publish(factories.product(shop, slug="jar", title="항아리", skus=("JAR",), rank=5))
    made = shop.categories.add_child(
        instance=CategoryPage(title="모음집", slug="set", locale=shop.ko, live=False, fills="picked")
    )
    orders = [(jar, bowl, cup), (bowl, cup, jar)]

    for picked in orders:
        made.picks = [CollectionPick(product=page, sort_order=place) for place, page in enumerate(picked)]
        made = factories.publish(made)
        assert listed(client) == [page.slug for page in picked]

    cheapest = client.get("/c/set/?sort=price-desc").content.decode()
    assert cheapest.index("/p/rice-bowl/") < cheapest.index("/p/cup/")
