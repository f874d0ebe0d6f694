"""A shopper searches as people in Korea type: with and without JavaScript, by keyboard alone."""

from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from e2e.checks.axe import violations
from e2e.conftest import DESK, PHONE

pytestmark = pytest.mark.smoke


def results(page: Page) -> list[str]:
    """Return the titles of the products that are shown."""
    return page.locator("main .card__title").all_inner_texts()


@pytest.mark.parametrize("typed", ["ㄷㅎㅇㄹ", "달항어리", "ekfgkddkfl", "MOON-JAR-S", "달 항아리를"])
def test_a_shopper_finds_a_moon_jar(page: Page, typed: str):
    page.goto("/")
    box = page.get_by_role("search").get_by_role("combobox")
    box.fill(typed)
    box.press("Enter")
    page.wait_for_url("**/search/**")

    assert results(page)[0] == "달항아리"
    assert page.get_by_role("search").get_by_role("combobox").input_value() == typed


def test_suggestions_are_used_by_keyboard(page: Page):
    page.set_viewport_size(DESK)
    page.goto("/")
    box = page.get_by_role("search").get_by_role("combobox")
    box.press_sequentially("찻")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    assert page.get_by_role("listbox").get_by_role("group").count() >= 2
    assert violations(page) == []

    box.press("ArrowUp")  # from the field to the last one
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")  # and back into the field
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")

    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert box.input_value() == "찻"
    box.press("ArrowDown")
    box.press("ArrowDown")
    chosen = options.first.inner_text()
    box.press("Enter")
    page.wait_for_url("**/search/**")
    assert unquote(page.url).endswith(f"?q={chosen}")


def test_a_phone_searches_on_a_page_of_its_own(page: Page):
    page.set_viewport_size(PHONE)
    page.goto("/")
    page.locator(".header__find").click()
    page.wait_for_url("**/search/")
    page.get_by_role("combobox").fill("캔들")
    option = page.get_by_role("option", name="소이 캔들")
    expect(option).to_be_visible()
    option.click()
    page.wait_for_url("**/p/soy-candle/")


def test_search_works_without_javascript(plain_page: Page):
    plain_page.goto("/en/")
    plain_page.locator("header input[type=search]").fill("candel")
    plain_page.locator("header input[type=search]").press("Enter")
    plain_page.wait_for_url("**/en/search/**")

    assert results(plain_page)[0] == "Soy candle"
    plain_page.locator("select[name=sort]").select_option("price")
    plain_page.get_by_role("button", name="Sort", exact=True).click()
    plain_page.wait_for_url("**sort=price**")

    assert "q=candel" in plain_page.url and "sort=price" in plain_page.url
    assert results(plain_page)[0] == "Soy candle"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    "address", ["/search/?q=찻잔", "/search/?q=우주선", "/en/search/", "/en/search/?q=candel"]
)
def test_pages_of_search_are_accessible_and_fit(page: Page, address: str, size: dict[str, int]):
    page.set_viewport_size(size)
    answer = page.goto(address)

    assert answer is not None and answer.status == 200
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert violations(page) == []
