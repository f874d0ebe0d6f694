"""Each row of what Wagtail tells about a page, and what the shop shows afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale

from cms.models import CategoryPage, ProductPage, ProductVariant, ProjectionFailure
from cms.publishing import project, reconcile, refresh_product
from cms.tests import factories
from cms.tests.factories import Shop
from commerce.catalog import services
from commerce.catalog.models import Category, Product, ProductText, Variant
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


# --- categories -------------------------------------------------------------------------------------------


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


# --- failures and reconciliation --------------------------------------------------------------------------


def test_refreshing_writes_nothing_where_nothing_differs(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    page = factories.publish(factories.product(shop))
    written: list[Any] = []
    monkeypatch.setattr(services, "list_product", lambda **said: written.append(said))

    assert refresh_product(key=page.translation_key) is True
    assert written == []

    Product.objects.update(listed=False)
    refresh_product(key=page.translation_key)
    assert [said["payload"].key for said in written] == [page.translation_key]


def test_a_failure_never_reaches_the_editor_is_remembered_and_healed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> bool:
        raise RuntimeError("the shop is away")

    page = factories.product(shop)
    with monkeypatch.context() as patch:
        patch.setattr(services, "list_product", broken)
        page = factories.publish(page)
    assert page.live
    assert not Product.objects.exists()
    assert ProjectionFailure.objects.get(page_id=page.pk).error == "the shop is away"

    report = reconcile()

    assert listed(page)
    assert len(report.healed) == 1
    assert report.failed == []
    assert not ProjectionFailure.objects.exists()


def test_a_page_without_variants_is_remembered_as_failed_by_reconciliation_too(shop: Shop) -> None:
    page = factories.publish(factories.product(shop, skus=()))
    assert ProjectionFailure.objects.get(page_id=page.pk)

    report = reconcile()

    assert report.healed == []
    assert len(report.failed) == 1
    assert not Product.objects.exists()


def test_pages_that_an_import_added_live_are_healed(shop: Shop) -> None:
    page = factories.product(shop, live=True)
    assert page.live
    assert not Product.objects.exists()

    reconcile()

    assert listed(page)
    assert facts("product.listed") == 1


def test_a_direct_save_is_healed_and_told(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    page.title = "바로 저장한 이름"
    page.save()
    assert ProductText.objects.get().title == "백자 밥공기"

    reconcile()

    assert ProductText.objects.get().title == "바로 저장한 이름"
    assert facts("product.listed") == 2


def test_a_page_that_a_query_took_down_is_healed(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    ProductPage.objects.filter(pk=page.pk).update(live=False)
    assert listed(page)

    report = reconcile()

    assert not listed(page)
    assert len(report.healed) == 1


def test_a_second_reconciliation_finds_nothing(shop: Shop) -> None:
    factories.publish(factories.product(shop))

    report = reconcile()

    assert (report.checked, report.healed, report.failed) == (1, [], [])
    assert facts("product.listed") == 1


def test_a_dry_run_says_what_it_would_heal_and_writes_nothing(shop: Shop, capsys: Any) -> None:
    page = factories.product(shop)
    ProductPage.objects.filter(pk=page.pk).update(live=True)

    call_command("reconcile_catalog", "--dry-run")

    assert "백자 밥공기" in capsys.readouterr().out
    assert not Product.objects.exists()


def test_products_that_have_no_page_are_left_alone(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    Product.objects.update(key="11111111-1111-4111-8111-111111111111")
    ProductPage.objects.filter(pk=page.pk).update(live=False)

    report = reconcile()

    assert Product.objects.get().listed
    assert report.healed == []


def test_refreshing_writes_the_pictures_again_and_records_no_second_fact(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    assert Product.objects.get().pictures[0]["srcset"] == ""
    page.pictures.first().image.get_rendition("width-360|format-webp|webpquality-78")

    assert refresh_product(key=page.translation_key) is True

    assert Product.objects.get().pictures[0]["srcset"].endswith(" 40w")
    assert facts("product.listed") == 1
    assert Locale.objects.count() == 2
