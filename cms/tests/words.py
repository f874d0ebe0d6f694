"""Products with words of every kind, as editors send them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cms.models import (
    ProductAttribute,
    ProductType,
)
from cms.tests import factories
from cms.tests.factories import Shop


@pytest.fixture
def kind() -> ProductType:
    """A type with an attribute of every kind."""
    made = ProductType(name="그릇")
    made.attributes = [
        ProductAttribute(code="material", name="재질", name_en="Material", kind="choice", choices="백자 = Porcelain\n유리 = Glass"),
        ProductAttribute(code="width", name="너비", name_en="Width", kind="number", unit="cm", bounds="10, 20"),
        ProductAttribute(code="washable", name="세척기", name_en="Dishwasher", kind="boolean"),
        ProductAttribute(code="tone", name="색감", name_en="Tone", kind="colour", choices="흰색 = White #f4f1ea"),
        ProductAttribute(code="made-by", name="만드는 법", name_en="How", kind="text"),
    ]  # fmt: skip
    made.save()
    return made


@pytest.fixture
def bowl(shop: Shop) -> Any:
    return factories.publish(factories.product(shop))


@pytest.fixture
def editor(sign_in: Callable[..., Client]) -> Client:
    return sign_in("admin@maru.example", is_superuser=True, is_staff=True)
