"""Categories that are published, renamed, moved and hidden."""

from typing import Any

import pytest

from cms.models import CategoryPage
from cms.tests import factories
from cms.tests.factories import Shop
from commerce.catalog.models import Category, Product

pytestmark = pytest.mark.django_db


def listed(page: Any) -> bool:
    return Product.objects.filter(key=page.translation_key, listed=True).exists()


def test_categories_are_shown_with_their_place_in_the_tree(shop: Shop) -> None:
    tableware = factories.category(shop, slug="tableware", title="그릇")
    bowls = factories.category(shop, slug="bowls", title="밥그릇", parent=tableware)

    row = Category.objects.get(key=bowls.translation_key)
    assert (row.path, row.parent and row.parent.path, row.listed) == ("tableware/bowls", "tableware", True)


def test_renaming_a_category_changes_the_addresses_below_it(
    shop: Shop, django_capture_on_commit_callbacks: Any
) -> None:
    tableware = factories.category(shop, slug="tableware", title="그릇")
    factories.category(shop, slug="bowls", title="밥그릇", parent=tableware)

    with django_capture_on_commit_callbacks(execute=True):
        page = CategoryPage.objects.get(pk=tableware.pk)
        page.slug = "ceramics"
        factories.publish(page)

    assert set(Category.objects.values_list("path", flat=True)) == {"ceramics", "ceramics/bowls"}


def test_moving_a_category_changes_its_address_and_parent(shop: Shop) -> None:
    tableware = factories.category(shop, slug="tableware", title="그릇")
    bowls = factories.category(shop, slug="bowls", title="밥그릇")

    bowls.move(CategoryPage.objects.get(pk=tableware.pk), pos="last-child")

    row = Category.objects.get(key=bowls.translation_key)
    assert (row.path, row.parent and row.parent.path) == ("tableware/bowls", "tableware")


def test_dragging_a_category_changes_the_order_of_all(shop: Shop) -> None:
    factories.category(shop, slug="tea", title="차")
    scent = factories.category(shop, slug="scent", title="향")
    assert [shelf.path for shelf in Category.objects.all()] == ["tea", "scent"]

    tea = CategoryPage.objects.get(slug="tea")
    scent.move(tea, pos="left")

    assert [shelf.path for shelf in Category.objects.all()] == ["scent", "tea"]


def test_hiding_a_category_leaves_its_products_on_sale(shop: Shop) -> None:
    bowls = factories.category(shop, slug="bowls", title="밥그릇")
    page = factories.product(shop)
    page.categories = [bowls]
    factories.publish(page)

    bowls.unpublish()

    assert not Category.objects.get().listed
    assert listed(page)


def test_products_that_were_linked_to_a_draft_category_stand_on_it_once_it_is_shown(shop: Shop) -> None:
    bowls = factories.category(shop, slug="bowls", title="밥그릇", publish=False)
    page = factories.product(shop)
    page.categories = [bowls]
    factories.publish(page)
    assert Product.objects.get().categories.count() == 0

    factories.publish(CategoryPage.objects.get(pk=bowls.pk))

    assert [shelf.path for shelf in Product.objects.get().categories.all()] == ["bowls"]
