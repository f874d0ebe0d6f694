"""A shopper narrows a listing: at a desk, on a phone, without JavaScript; addresses hold the state."""

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.checks.axe import violations
from e2e.conftest import PHONE

pytestmark = pytest.mark.smoke


def titles(page: Page) -> set[str]:
    """Return the titles of the products that are shown."""
    return set(page.locator("main .card__title").all_inner_texts())


def box(page: Page, label: str) -> Locator:
    """Return the box of a filter; behind its label stands how many products it leaves."""
    return page.locator(".facet__choice", has_text=label).get_by_role("checkbox")


def show(page: Page) -> None:
    """Send what is ticked."""
    page.get_by_role("button", name="Show products").click()


def test_a_shopper_narrows_a_listing_and_comes_back_to_it(page: Page):
    page.goto("/en/c/tea/")
    whole = titles(page)
    box(page, "Black").check()
    show(page)
    page.wait_for_url("**option=*")
    expect(page.locator(".listing__count")).to_have_text("1 product")
    expect(page.locator(".htmx-request")).to_have_count(0)  # goods are pale while others are on their way
    assert len(titles(page)) == 1 and titles(page) < whole
    assert violations(page) == []

    box(page, "Hide sold out").check()  # the only black one is sold out
    page.locator("select[name=sort]").select_option("price")  # sends what is ticked as well
    expect(page.get_by_role("heading", name="Nothing fits all of these filters")).to_be_visible()

    page.get_by_role("link", name="Remove: Hide sold out").click()
    expect(page.locator(".listing__count")).to_have_text("1 product")
    page.locator("main .card__title a").first.click()
    page.wait_for_url("**/p/**")
    page.go_back()

    expect(box(page, "Black")).to_be_checked()
    expect(box(page, "Hide sold out")).not_to_be_checked()
    expect(page.locator("select[name=sort]")).to_have_value("price")
    assert len(titles(page)) == 1
    page.get_by_role("link", name="Clear all").first.click()
    expect(box(page, "Black")).not_to_be_checked()
    assert titles(page) == whole


def test_filters_unfold_on_a_phone_and_need_no_javascript(plain_page: Page):
    plain_page.set_viewport_size(PHONE)
    plain_page.goto("/en/c/tea/")
    expect(box(plain_page, "Celadon")).to_be_hidden()
    plain_page.locator(".filters__open").click()
    box(plain_page, "Celadon").check()
    box(plain_page, "Black").check()
    show(plain_page)

    expect(plain_page.get_by_role("link", name="Remove:")).to_have_count(2)
    assert len(titles(plain_page)) == 1
    plain_page.go_back()
    expect(plain_page.get_by_role("link", name="Remove:")).to_have_count(0)
