"""Pages as shoppers get them, and the demo shop from which the first impression comes."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page

from cms import blocks, pictures
from cms.context import shop_settings
from cms.models import HomePage, ProductPage, ProjectionFailure, ShopImage, ShopRendition, ShopSettings
from cms.tests import factories
from cms.tests.factories import Shop
from commerce.catalog.models import Category, Product, ProductText, Variant
from commerce.customers.models import User
from commerce.events.outbox import OutboxEvent
from commerce.inventory.models import StockItem, StockMovement


def counts() -> dict[str, int]:
    models = (Page, Product, ProductText, Category, Variant, StockMovement, ShopImage, User, OutboxEvent)
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.django_db
def test_the_demo_shop_is_complete_and_seeding_twice_changes_nothing(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    call_command("seed_demo")
    first = counts()
    call_command("seed_demo")

    assert counts() == first
    assert (first["Product"], first["ProductText"], first["Category"], first["Variant"]) == (12, 24, 9, 28)
    assert not ProjectionFailure.objects.exists()
    assert not ShopRendition.objects.exists()
    assert StockItem.objects.get(variant__sku="CUP-BLACK").on_hand == 0
    assert StockItem.objects.get(variant__sku="MOON-JAR-L").on_hand == 1
    assert Product.objects.filter(listed=True, price_min__gte=10_000, price_max__lte=380_000).count() == 12
    assert client.login(email="editor@maru.example", password="maru-editor")
    assert client.get("/admin/").status_code == 200
    client.logout()

    for path in ("/", "/en/", "/autumn-table/", "/en/autumn-table/", "/c/first-home/", "/stories/setting-a-tea-table/", "/en/stories/", "/terms/", "/en/privacy/",
                 "/shipping-returns/", "/p/moon-jar/", "/en/c/tableware/bowls/"):  # fmt: skip
        assert client.get(path).status_code == 200, path
    with django_assert_max_num_queries(12):
        html = client.get("/").content.decode()
    assert html.count('fetchpriority="high"') == 1
    assert html.count("/c/tableware/bowls/") >= 1
    assert "달항아리" in html
    english = client.get("/en/").content.decode()
    assert "Moon jar" in english
    assert "/en/p/moon-jar/" in english
    assert "000-00-00000" in english


@pytest.mark.django_db
def test_bands_survive_when_what_they_showed_is_gone(client: Client, shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    bowls = factories.category(shop, slug="bowls", title="밥그릇")
    picture = factories.image("hero")
    shop.home.body = [
        ("hero", {"image": picture, "heading": "첫 화면", "link": {"page": page, "text": "보기"}}),
        ("tiles", {"show": "picked", "categories": [bowls]}),
        ("products", {"heading": "고른 것", "source": "picked", "products": [page], "limit": 4, "link": {}}),
        ("product", {"product": page}),
        ("stories", {"stories": [], "link": {}}),
    ]
    factories.publish(shop.home)
    shown = client.get("/").content.decode()
    assert shown.count("백자 밥공기") == 4  # two cards, each with its heart
    assert 'href="/c/bowls/"' in shown

    ProductPage.objects.get(pk=page.pk).delete()
    bowls.delete()
    picture.delete()

    response = client.get("/")
    assert response.status_code == 200
    html = response.content.decode()
    assert "첫 화면" in html
    assert "백자 밥공기" not in html


@pytest.mark.django_db
def test_a_product_in_a_story_shows_the_price_of_this_moment(client: Client, shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    shop.home.body = [("product", {"product": page, "note": "오늘의 그릇"})]
    factories.publish(shop.home)

    Variant.objects.update(price=55_500)

    assert "55,500원" in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "block"), blocks.HOME)
def test_every_band_renders_its_own_example(name: str, block: Any, shop: Shop) -> None:
    value = block.get_preview_value()

    assert isinstance(block.render(value, block.get_preview_context(value)), str)
    assert str(block.label)
    assert str(block.get_description())


@pytest.mark.django_db
def test_pictures_are_shown_as_they_are_until_a_worker_made_their_sizes() -> None:
    image = factories.image("wide", width=800, height=400)
    data = pictures.picture_data(image, name="a", role="front", alt_ko="그릇", alt_en="")
    assert (data["srcset"], data["shared"]) == ("", {})
    assert data["alt"] == {"ko": "그릇", "en": "그릇"}
    assert not ShopRendition.objects.exists()

    assert pictures.prepare_images(image_ids=[image.pk]) is True
    assert pictures.prepare_images(image_ids=[image.pk]) is False

    image = ShopImage.objects.get(pk=image.pk)
    widths = [entry.split(" ")[1] for entry in pictures.srcset(image).split(", ")]
    assert widths == ["360w", "540w", "720w", "800w"]
    shared = pictures.picture_data(image, name="a", role="front", alt_ko="그릇", alt_en="")["shared"]
    assert (shared["width"], shared["height"], shared["url"].rpartition(".")[2]) == (800, 400, "jpg")


@pytest.mark.django_db
def test_a_lost_file_does_not_keep_other_pictures_from_being_made() -> None:
    lost, kept = factories.image("lost"), factories.image("kept")
    lost.file.storage.delete(lost.file.name)

    assert pictures.prepare_images(image_ids=[lost.pk, kept.pk]) is True

    assert set(ShopRendition.objects.values_list("image_id", flat=True)) == {kept.pk}


@pytest.mark.django_db
def test_preparing_a_product_makes_the_sizes_of_all_its_pictures(shop: Shop) -> None:
    page = factories.publish(factories.product(shop))

    assert pictures.prepare_product(key=page.translation_key) is True
    assert pictures.prepare_product(key=page.translation_key) is False


@pytest.mark.django_db
def test_settings_speak_the_language_of_the_page_and_changes_show_at_once(client: Client, shop: Shop) -> None:
    row = ShopSettings.for_site(shop.home.get_site())
    row.announcement, row.announcement_en, row.legal_name = "공지 하나", "Notice one", "마루 주식회사"
    row.save()
    assert "공지 하나" in client.get("/").content.decode()

    row.announcement = "공지 둘"
    row.save()

    assert "공지 둘" in client.get("/").content.decode()
    assert shop_settings(language="en")["announcement"] == "Notice one"
    assert shop_settings(language="en")["legal_name"] == "마루 주식회사"
    assert OutboxEvent.objects.filter(type="content.changed").count() == 2  # one for each save


@pytest.mark.django_db
def test_publishing_an_editorial_page_tells_its_address(shop: Shop) -> None:
    page = HomePage.objects.get(pk=shop.home.pk)

    page.save_revision().publish()

    (fact,) = OutboxEvent.objects.filter(type="content.changed")
    assert fact.payload == {"subject": f"page:{page.pk}", "path": "/", "language": "ko"}


@pytest.mark.django_db
def test_lists_of_products_and_categories_send_shoppers_to_the_first_page(client: Client, shop: Shop) -> None:
    assert client.get("/p/").headers["Location"] == "/"
