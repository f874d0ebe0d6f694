"""The menu, the footer's columns, the look, and landing pages: what editors choose and every page shows."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cms import theme
from cms.blocks import MenuEntryBlock
from cms.models import LandingPage, ShopSettings
from cms.tests import factories
from cms.tests.factories import Shop
from commerce.customers.models import User
from commerce.events.outbox import OutboxEvent


def settle(shop: Shop, **values: Any) -> ShopSettings:
    row = ShopSettings.for_site(shop.home.get_site())
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def entry(**more: Any) -> tuple[str, Any]:
    return "entry", {"page": None, "address": "", "text": "", "text_en": "", "children": [], **more}


def part(html: str, tag: str) -> str:
    return re.findall(rf"<{tag}[ >].*?</{tag}>", html, re.DOTALL)[0]


# --- the look ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_counted_as_wcag_counts_it(one: str, other: str, ratio: float) -> None:
    assert round(theme.contrast(one, other), 2) == ratio
    assert theme.contrast(one, other) == theme.contrast(other, one)


@pytest.mark.parametrize("colour", ["#3e5c50", "#1d4ed8", "#7a1f3d", "#3E5C50"])
def test_a_colour_that_can_be_read_is_taken(colour: str) -> None:
    theme.check_accent(colour)


@pytest.mark.parametrize("colour", ["#ffd400", "#8fb8a4", "#ff6f61"])
def test_a_pale_colour_is_refused_with_one_that_would_do(colour: str) -> None:
    with pytest.raises(ValidationError) as refused:
        theme.check_accent(colour)

    better = refused.value.params["better"]
    theme.check_accent(better)
    assert better in refused.value.messages[0]


@pytest.mark.parametrize("colour", ["green", "#fff", "#12345g", "#3e5c50;}", "3e5c50"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(ValidationError):
        theme.check_accent(colour)


@pytest.mark.django_db
def test_the_look_is_a_style_sheet_with_a_version_that_every_page_names(client: Client, shop: Shop) -> None:
    assert "/theme/" not in client.get("/c/").content.decode()

    row = settle(shop, accent="#7a1f3d", radius=8, font="serif")

    address = f"/theme/{row.look().version()}.css"
    for page in ("/c/", "/", "/cart/"):
        assert f'<link rel="stylesheet" href="{address}">' in client.get(page).content.decode()
    response = client.get(address)
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "max-age=31536000" in response["Cache-Control"]
    css = response.content.decode()
    assert "--celadon:#7a1f3d;" in css
    assert "--radius:8px;" in css
    assert '"AppleMyungjo"' in css
    assert "max-age=60" in client.get("/theme/older.css")["Cache-Control"]


@pytest.mark.django_db
def test_another_look_has_another_address_and_is_told(client: Client, shop: Shop) -> None:
    before = settle(shop, accent="#7a1f3d").look().version()
    told = OutboxEvent.objects.filter(type="content.changed").count()

    after = settle(shop, accent="#1d4ed8").look().version()

    assert after != before
    assert f"/theme/{after}.css" in client.get("/c/").content.decode()
    assert OutboxEvent.objects.filter(type="content.changed").count() == told + 1


@pytest.mark.django_db
def test_a_pale_colour_is_refused_at_its_field_and_nothing_changes(client: Client, shop: Shop) -> None:
    client.force_login(User.objects.create_superuser("admin@maru.example", "a-long-password"))
    row = settle(shop, legal_name="마루")
    address = reverse("wagtailsettings:edit", args=("cms", "shopsettings", row.site_id))

    response = client.post(
        address,
        {
            "brand": "새 이름",
            "brand_en": "New",
            "accent": "#ffd400",
            "radius": "8",
            "font": "maru",
            "menu-count": "0",
            "footer_columns-count": "0",
        },
    )

    assert set(response.context["form"].errors) == {"accent"}
    assert 'value="#ffd400"' in response.content.decode()
    row.refresh_from_db()
    assert (row.brand, row.accent, row.radius) == ("마루", "", 2)


# --- menu and footer --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_menu_has_the_entries_of_its_editor_in_both_languages(client: Client, shop: Shop) -> None:
    page = factories.publish(
        shop.home.add_child(instance=LandingPage(title="가을", slug="autumn", locale=shop.ko))
    )
    english = shop.translate(page)
    english.title = "Autumn"
    factories.publish(english)
    child = {"page": None, "address": "/c/tea/", "text": "차", "text_en": "Tea"}
    settle(shop, menu=[entry(page=page), entry(address="https://blog.example/", text="글", children=[child])])

    korean = part(client.get("/c/").content.decode(), "nav")
    other = part(client.get("/en/c/").content.decode(), "nav")

    shown = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', korean)
    assert shown[:-1] == [("/autumn/", "가을"), ("https://blog.example/", "글"), ("/c/tea/", "차")]
    assert shown[-1][0] == "/wishlist/"
    links = dict(re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', other))
    assert links["/en/autumn/"] == "Autumn"
    assert links["/en/c/tea/"] == "Tea"
    assert links["https://blog.example/"] == "글"  # no English words were entered


@pytest.mark.django_db
def test_a_page_that_was_taken_down_leaves_the_menu(client: Client, shop: Shop) -> None:
    page = factories.publish(
        shop.home.add_child(instance=LandingPage(title="가을", slug="autumn", locale=shop.ko))
    )
    settle(shop, menu=[entry(page=page), entry(address="/c/", text="모두")])
    assert "/autumn/" in client.get("/c/").content.decode()

    page.unpublish()
    cache.clear()  # the settings are kept for some minutes; the fact of the change throws kept pages away

    assert "/autumn/" not in client.get("/c/").content.decode()


@pytest.mark.django_db
def test_columns_stand_in_the_footer_beside_what_the_law_wants(client: Client, shop: Shop) -> None:
    links = [{"page": None, "address": "/c/", "text": "모두", "text_en": "All"}]
    settle(
        shop,
        legal_name="주식회사 마루",
        footer_columns=[("column", {"heading": "가게", "heading_en": "House", "links": links})],
    )

    footer = part(client.get("/en/c/").content.decode(), "footer")

    assert "<h2>House</h2>" in footer
    assert '<a href="/en/c/">All</a>' in footer
    assert "주식회사 마루" in footer


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ({}, {"page", "text"}),
        ({"address": "/c/"}, {"text"}),
        ({"address": "javascript:alert(1)", "text": "x"}, {"address"}),
        ({"address": "http://x.example", "text": "x"}, {"address"}),
    ],
)
def test_entries_that_lead_nowhere_or_say_nothing_are_refused(value: dict[str, str], wrong: set[str]) -> None:
    block = MenuEntryBlock()

    with pytest.raises(ValidationError) as refused:
        block.clean(block.normalize(entry(**value)[1]))

    assert set(refused.value.block_errors) == wrong


# --- landing pages ----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("opens", [True, False])
def test_a_landing_page_has_one_heading(client: Client, shop: Shop, opens: bool) -> None:
    page = shop.home.add_child(
        instance=LandingPage(title="가을의 상차림", slug="autumn", locale=shop.ko, live=False)
    )
    hero = ("hero", {"image": factories.image("hero"), "heading": "한 사람을 위한 상", "link": {}})
    quiet = ("band", {"heading": "작은 상", "text": "", "link": {}})
    page.body = [hero, quiet] if opens else [quiet, hero]
    factories.publish(page)

    html = client.get("/autumn/").content.decode()

    assert re.findall(r"<h1[^>]*>([^<]+)</h1>", html) == ["한 사람을 위한 상" if opens else "가을의 상차림"]
    assert "<title>가을의 상차림" in html
