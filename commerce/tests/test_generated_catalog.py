"""A generated catalog: the same in every shop, and never by mistake in one that has shoppers."""

import pytest
from django.core.management import CommandError, call_command

from commerce.catalog.models import Product, Variant
from commerce.inventory.audit import flag
from commerce.management import generated

FEW = 30
pytestmark = pytest.mark.django_db


def test_the_catalog_is_the_same_every_time_and_grows():
    call_command("generate_catalog", products=FEW, force=True, verbosity=0)
    before = list(Product.objects.order_by("pk").values_list("pk", "slug", "search_keys")[:20])
    assert generated.count() == FEW
    assert Variant.objects.count() == 3 * FEW

    call_command("generate_catalog", products=FEW + 10, force=True, verbosity=0)

    assert generated.count() == FEW + 10
    assert list(Product.objects.order_by("pk").values_list("pk", "slug", "search_keys")[:20]) == before
    assert flag() == []  # its stock adds up


@pytest.mark.parametrize("products", [0, -1, generated.MOST + 1])
def test_an_absurd_number_is_refused(products: int):
    with pytest.raises(CommandError, match="from 1 to 500000"):
        call_command("generate_catalog", products=products, force=True)
    assert generated.count() == 0


def test_a_shop_with_shoppers_is_not_filled_by_mistake():
    with pytest.raises(CommandError, match="--force"):
        call_command("generate_catalog", products=10)
    assert generated.count() == 0
