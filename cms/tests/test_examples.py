"""What editors see where they choose bands: the shop's own goods, and drawn ones while there are none."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.models import HomePage
from cms.tests import factories
from cms.tests.factories import Shop
from commerce.catalog.models import Variant
from commerce.customers.models import User
from commerce.tests.factories import on_shelf

pytestmark = pytest.mark.django_db
BANDS = list(HomePage._meta.get_field("body").stream_block.child_blocks.items())
SELLING = {"products", "product", "hotspots", "look"}


def show(client: Client, block: Any) -> str:
    client.force_login(User.objects.create_superuser("admin@maru.example", "a-long-password"))
    response = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("name", "block"), BANDS)
def test_every_band_has_an_example_in_an_empty_shop(
    client: Client, shop: Shop, name: str, block: Any
) -> None:
    html = show(client, block)

    assert block.is_previewable
    assert "css/core" in html
    main = html.partition("<main>")[2].partition("</main>")[0]
    assert len(main.split()) > 10
    if name in SELLING:
        assert "img/example" in main
        assert "원" in main or "₩" in main


@pytest.mark.parametrize(("name", "block"), [band for band in BANDS if band[0] in SELLING])
def test_an_example_shows_live_prices_of_the_shops_own_goods(
    client: Client, shop: Shop, name: str, block: Any
) -> None:
    factories.publish(factories.product(shop))
    for variant in Variant.objects.all():
        on_shelf(variant, 5)
    Variant.objects.update(price=54_321)

    html = show(client, block)

    assert "백자 밥공기" in html
    assert "54,321" in html


def test_nobody_but_staff_sees_examples(client: Client, shop: Shop) -> None:
    response = client.get(reverse("wagtailadmin_block_preview"), {"id": BANDS[0][1].definition_prefix})

    assert response.status_code == 302
