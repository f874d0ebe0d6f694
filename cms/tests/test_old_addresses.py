"""Whoever comes by an old address is sent to the new one, once, in either language; what is gone offers what is near."""

from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from cms.models import StoryPage
from cms.tests import factories
from cms.tests.factories import Shop
from commerce.catalog.models import Product
from commerce.inventory import stockroom
from commerce.tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def rename(django_capture_on_commit_callbacks: Any) -> Any:
    """Give a page another slug, as editors do: Wagtail tells of it after the commit."""

    def rename(page: Any, slug: str) -> Any:
        page.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            return factories.publish(page)

    return rename


def led(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address)
    return answer.status_code, answer.headers.get("Location", "")


@pytest.mark.parametrize("translated", [True, False])
def test_a_product_with_a_new_slug_is_found_by_the_old_one(
    client: Client, shop: Shop, rename: Any, translated: bool
) -> None:
    page = factories.publish(factories.product(shop, slug="bowl"))
    if translated:
        factories.publish(shop.translate(page))

    rename(page, "rice-bowl")

    for prefix in ("", "/en"):
        assert led(client, f"{prefix}/p/bowl/") == (301, f"{prefix}/p/rice-bowl/")
        assert led(client, f"{prefix}/p/bowl/?variant=RB-W")[1].startswith(f"{prefix}/p/rice-bowl/")
        assert client.get(f"{prefix}/p/rice-bowl/").status_code == 200


def test_a_chain_of_slugs_is_one_step_and_a_return_is_none(client: Client, shop: Shop, rename: Any) -> None:
    page = factories.publish(factories.product(shop, slug="one"))
    page = rename(page, "two")
    page = rename(page, "three")

    for prefix in ("", "/en"):
        for old in ("one", "two"):
            assert led(client, f"{prefix}/p/{old}/") == (301, f"{prefix}/p/three/")

    rename(page, "one")

    for prefix in ("", "/en"):
        assert led(client, f"{prefix}/p/one/") == (200, "")
        for old in ("two", "three"):
            assert led(client, f"{prefix}/p/{old}/") == (301, f"{prefix}/p/one/")
    assert not Redirect.objects.filter(old_path__endswith="/p/one").exists()


def test_a_category_takes_those_below_it_along(client: Client, shop: Shop, rename: Any) -> None:
    top = factories.category(shop, slug="tableware", title="식기")
    factories.category(shop, slug="bowls", title="그릇", parent=top)
    other = factories.category(shop, slug="home", title="살림")

    rename(top, "dishes")

    for prefix in ("", "/en"):
        assert led(client, f"{prefix}/c/tableware/") == (301, f"{prefix}/c/dishes/")
        assert led(client, f"{prefix}/c/tableware/bowls/") == (301, f"{prefix}/c/dishes/bowls/")

    type(top).objects.get(pk=top.pk).move(type(other).objects.get(pk=other.pk), pos="last-child")

    for prefix in ("", "/en"):
        for old in ("tableware", "dishes"):
            assert led(client, f"{prefix}/c/{old}/") == (301, f"{prefix}/c/home/dishes/")
            assert led(client, f"{prefix}/c/{old}/bowls/") == (301, f"{prefix}/c/home/dishes/bowls/")


def test_a_story_with_a_new_slug_is_found_by_the_old_one_in_its_own_language(
    client: Client, shop: Shop, rename: Any
) -> None:
    factories.publish(shop.stories)
    story = StoryPage(title="불", slug="fire", locale=shop.ko, live=False)
    story = factories.publish(shop.stories.add_child(instance=story))
    factories.publish(shop.translate(shop.stories))
    twin = factories.publish(shop.translate(story))

    rename(story, "kiln")
    rename(twin, "the-kiln")

    assert led(client, "/stories/fire/") == (301, "/stories/kiln/")
    assert led(client, "/en/stories/fire/") == (301, "/en/stories/the-kiln/")


def test_a_link_that_an_editor_wrote_follows_and_an_editors_own_stays(
    client: Client, shop: Shop, rename: Any
) -> None:
    site = shop.home.get_site()
    Redirect.objects.create(old_path="/spring", redirect_link="/p/bowl/", site=site)
    own = Redirect.objects.create(old_path="/en/p/bowl", redirect_link="/en/stories/", site=site)
    page = factories.publish(factories.product(shop, slug="bowl"))

    rename(page, "rice-bowl")

    assert led(client, "/spring/") == (301, "/p/rice-bowl/")
    assert led(client, "/en/p/bowl/") == (301, "/en/stories/")
    assert Redirect.objects.filter(old_path="/en/p/bowl").get() == own


def test_a_product_that_is_gone_offers_what_stood_beside_it(client: Client, shop: Shop) -> None:
    bowls = factories.category(shop, slug="bowls", title="그릇")
    elsewhere = factories.publish(factories.product(shop, slug="lamp", skus=("LAMP",), title="등잔"))
    pages = []
    for slug in ("gone", "near"):
        page = factories.product(shop, slug=slug, skus=(slug.upper(),), title=f"{slug} 그릇")
        page.categories = [bowls]
        pages.append(factories.publish(page))
    pages[0].delete()

    answer = client.get("/p/gone/")

    html = answer.content.decode()
    assert answer.status_code == 404
    assert [slug for slug in ("near", "gone", elsewhere.slug) if f'href="/p/{slug}/"' in html] == ["near"]
    assert '<meta name="robots" content="noindex">' in html
    assert Product.objects.get(slug="gone").listed is False


def test_what_never_was_is_a_plain_404(client: Client, shop: Shop) -> None:
    page = factories.publish(factories.product(shop))
    stockroom.adjust(
        variant_id=Product.objects.get(key=page.translation_key).variants.first().pk,
        on_hand=1,
        reason="count",
        now=NOW,
    )

    answer = client.get("/p/never/")

    assert answer.status_code == 404
    assert 'href="/p/rice-bowl/"' in answer.content.decode()


def test_reviews_and_questions_follow_their_product_with_what_was_asked(
    client: Client, shop: Shop, rename: Any
) -> None:
    page = factories.publish(factories.product(shop, slug="one"))
    rename(rename(page, "two"), "three")

    for prefix in ("", "/en"):
        for old in ("one", "two"):
            for part in ("reviews", "questions"):
                address = f"{prefix}/p/{old}/{part}/"
                new = f"{prefix}/p/three/{part}/"
                assert led(client, address) == (301, new)
                assert led(client, f"{address}?stars=5&photos=1&q=%EC%B0%BB") == (
                    301,
                    f"{new}?stars=5&photos=1&q=%EC%B0%BB",
                )
                assert client.get(new).status_code == 200


def test_beside_what_never_was_there_is_nothing(client: Client, shop: Shop, rename: Any) -> None:
    rename(factories.publish(factories.product(shop, slug="one")), "two")

    for address in (
        "/p/none/reviews/",
        "/p/one/reviewers/",
        "/p/one/reviews/x/",
        "/p/%00/reviews/",
        "/de/p/one/reviews/",
    ):
        assert led(client, address) == (404, ""), address


def test_an_editors_own_redirect_to_another_kind_of_page_is_not_guessed_about(
    client: Client, shop: Shop
) -> None:
    Redirect.objects.create(old_path="/p/one", redirect_link="/c/bowls/")

    assert led(client, "/p/one/") == (301, "/c/bowls/")
    assert led(client, "/p/one/reviews/") == (404, "")
