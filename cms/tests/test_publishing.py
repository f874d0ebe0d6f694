"""What an editor publishes is what the shop sells, now or when its time comes."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from cms.models import ProductPage
from cms.publishing import project
from cms.tests import factories
from cms.tests.factories import Shop
from commerce.catalog import services
from commerce.catalog.models import Product, ProductText, Variant
from commerce.events.outbox import OutboxEvent
from commerce.inventory.models import StockItem

pytestmark = pytest.mark.django_db


def facts(kind: str) -> int:
    return OutboxEvent.objects.filter(type=kind).count()


def listed(page: Any) -> bool:
    return Product.objects.filter(key=page.translation_key, listed=True).exists()


# --- publish ----------------------------------------------------------------------------------------------


def test_publishing_puts_the_product_on_sale_with_everything_the_page_says(shop: Shop) -> None:
    bowls = factories.category(shop, slug="bowls", title="밥그릇")
    page = factories.product(shop, rank=7)
    page.categories = [bowls]

    factories.publish(page)

    product = Product.objects.get(key=page.translation_key)
    assert (product.slug, product.listed, product.price_min, product.price_max, product.rank) == (
        "rice-bowl",
        True,
        10_000,
        11_000,
        7,
    )
    assert product.option_names == [{"ko": "색상", "en": "Colour"}]
    assert [(row.sku, row.price, row.weight, row.active) for row in product.variants.all()] == [
        ("RB-W", 10_000, 300, True),
        ("RB-C", 11_000, 300, True),
    ]
    assert product.variants.first().options == [{"ko": "RB-W 색", "en": "RB-W colour"}]
    assert product.pictures[0]["alt"] == {"ko": "흰 밥공기", "en": "A white rice bowl"}
    assert product.variants.first().picture == product.pictures[0]["name"]
    assert [shelf.path for shelf in product.categories.all()] == ["bowls"]
    text = product.texts.get()
    assert (text.language, text.title, text.summary, text.details) == (
        "ko",
        "백자 밥공기",
        "매일의 밥 한 그릇",
        [["소재", "백자토"]],
    )
    assert facts("product.listed") == 1
    assert set(StockItem.objects.values_list("on_hand", flat=True)) == {0}


def test_publishing_the_same_page_again_makes_no_second_product(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))

    project(page=page)
    project(page=page)

    assert (Product.objects.count(), Variant.objects.count(), facts("product.listed")) == (1, 2, 1)


def test_an_older_payload_is_refused(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    version = ProductText.objects.get().source_version
    old = services.ProductPayload(
        key=page.translation_key,
        language="ko",
        version=version - 1,
        text=services.TextPayload(title="옛 이름"),
    )

    assert services.list_product(payload=old, now=timezone.now()) is False
    assert ProductText.objects.get().title == "백자 밥공기"


def test_a_stale_page_in_memory_does_not_bring_old_words_back(shop: Shop) -> None:
    stale = factories.publish(factories.product(shop))
    page = ProductPage.objects.get(pk=stale.pk)
    page.title = "새 이름"
    factories.publish(page)

    project(page=stale)

    assert ProductText.objects.get().title == "새 이름"


def test_a_revision_that_was_scheduled_before_the_last_publication_wins_when_its_time_comes(
    shop: Shop,
) -> None:
    page = factories.publish(factories.product(shop))
    page.title = "예약한 이름"
    scheduled = page.save_revision()
    later = ProductPage.objects.get(pk=page.pk)
    later.title = "그사이 이름"
    factories.publish(later)
    assert ProductText.objects.get().title == "그사이 이름"

    scheduled.publish()

    assert ProductText.objects.get().title == "예약한 이름"
    assert facts("product.listed") == 3


def test_a_variant_that_vanished_from_the_page_is_switched_off_and_kept(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    page.variants = [row for row in page.variants.all() if row.sku == "RB-C"]

    factories.publish(page)

    assert dict(Variant.objects.values_list("sku", "active")) == {"RB-W": False, "RB-C": True}
    assert Product.objects.get().price_min == 11_000


def test_publishing_an_old_draft_leaves_the_stock_alone(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    draft = page.save_revision()
    StockItem.objects.update(on_hand=3)

    draft.publish()

    assert set(StockItem.objects.values_list("on_hand", flat=True)) == {3}


def test_a_draft_is_not_on_sale(shop: Shop) -> None:
    page = factories.product(shop)
    page.save_revision()

    assert not Product.objects.exists()


# --- schedule ---------------------------------------------------------------------------------------------


def test_a_page_that_goes_live_later_is_on_sale_later(shop: Shop) -> None:
    page = factories.product(shop)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    assert not Product.objects.exists()

    _let_time_pass(page)
    call_command("publish_scheduled")

    assert listed(page)


def test_a_page_that_expires_is_taken_off_sale(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    ProductPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))

    call_command("publish_scheduled")

    assert not listed(page)
    assert facts("product.withdrawn") == 1


def _let_time_pass(page: Any) -> None:
    past = timezone.now() - timedelta(minutes=1)
    revision = page.revisions.get()
    revision.approved_go_live_at = past
    revision.content["go_live_at"] = past.isoformat()
    revision.save()
