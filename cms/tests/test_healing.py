"""What a publication missed is found, healed and told."""

from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import Locale

from cms.models import ProductPage, ProjectionFailure
from cms.publishing import reconcile, refresh_product
from cms.tests import factories
from cms.tests.factories import Shop
from commerce.catalog import services
from commerce.catalog.models import Product, ProductText
from commerce.events.outbox import OutboxEvent

pytestmark = pytest.mark.django_db


def facts(kind: str) -> int:
    return OutboxEvent.objects.filter(type=kind).count()


def listed(page: Any) -> bool:
    return Product.objects.filter(key=page.translation_key, listed=True).exists()


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
