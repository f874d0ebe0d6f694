"""Pages that are taken down, deleted, copied or translated."""

from typing import Any

import pytest

from cms.models import ProductPage, ProductVariant, ProjectionFailure
from cms.tests import factories
from cms.tests.factories import Shop
from commerce.catalog.models import Product, ProductText, Variant
from commerce.events.outbox import OutboxEvent

pytestmark = pytest.mark.django_db


def facts(kind: str) -> int:
    return OutboxEvent.objects.filter(type=kind).count()


def listed(page: Any) -> bool:
    return Product.objects.filter(key=page.translation_key, listed=True).exists()


# --- unpublish, delete ------------------------------------------------------------------------------------


def test_unpublishing_takes_the_product_off_sale_at_once(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))

    page.unpublish()

    assert not listed(page)
    assert facts("product.withdrawn") == 1


def test_publishing_again_puts_it_back_on_sale(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    page.unpublish()

    factories.publish(ProductPage.objects.get(pk=page.pk))

    assert listed(page)
    assert facts("product.listed") == 2


def test_deleting_a_live_page_takes_the_product_off_sale_and_keeps_its_variants(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))

    page.delete()

    assert not listed(page)
    assert Variant.objects.count() == 2
    assert facts("product.withdrawn") == 1


def test_deleting_a_draft_changes_nothing(shop: Shop) -> None:
    page = factories.product(shop)

    page.delete()

    assert not Product.objects.exists()
    assert not ProjectionFailure.objects.exists()


# --- copies, aliases, translations ------------------------------------------------------------------------


def test_a_live_copy_is_refused_because_its_skus_are_taken(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))

    copy = page.copy(update_attrs={"slug": "copy"}, keep_live=True)

    assert not listed(copy)
    assert Product.objects.filter(listed=True).count() == 1
    failure = ProjectionFailure.objects.get()
    assert failure.page_id == copy.pk
    assert "RB-" in failure.error


def test_a_draft_copy_is_not_on_sale(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))

    page.copy(update_attrs={"slug": "copy"}, keep_live=False)

    assert Product.objects.count() == 1
    assert not ProjectionFailure.objects.exists()


def test_an_alias_and_its_updates_are_ignored(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    alias = page.create_alias(update_slug="alias")

    factories.publish(ProductPage.objects.get(pk=page.pk))

    assert Product.objects.count() == 1
    assert not ProjectionFailure.objects.exists()
    ProductPage.objects.get(pk=alias.pk).delete()
    assert listed(page)


def test_a_translation_shows_when_it_is_published_and_feeds_its_own_words_only(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    english = shop.translate(page)
    assert [text.language for text in ProductText.objects.all()] == ["ko"]
    english.title = "Rice bowl"
    english.variants = [ProductVariant(sku="SNEAKED-IN", price=1)]

    factories.publish(english)

    assert dict(ProductText.objects.values_list("language", "title")) == {
        "ko": "백자 밥공기",
        "en": "Rice bowl",
    }
    assert set(Variant.objects.values_list("sku", flat=True)) == {"RB-W", "RB-C"}
    assert not ProjectionFailure.objects.exists()


def test_unpublishing_a_translation_takes_its_words_only(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    english = factories.publish(shop.translate(page))

    english.unpublish()

    assert listed(page)
    assert [text.language for text in ProductText.objects.all()] == ["ko"]
