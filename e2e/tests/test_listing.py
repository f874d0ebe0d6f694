"""A shopper narrows a listing: at a desk, on a phone, without JavaScript; addresses hold the state."""

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.checks.axe import violations
from e2e.conftest import PHONE
from e2e.pages.shop import Shop

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


def load_more(page: Page, *, before: int) -> int:
    """Press "load more" and return how many products are shown then."""
    cards = page.locator("#grid > li")
    page.locator("#load-more").click()
    expect(cards.nth(before)).to_be_visible()
    expect(page.locator(".htmx-request")).to_have_count(0)
    return cards.count()


def has_more(page: Page) -> int:
    """Return how many products are shown; a shop that shows all of them has nothing to test here."""
    if not page.locator("#load-more").count():
        pytest.skip("everything fits on one page here")
    return page.locator("#grid > li").count()


def test_what_was_loaded_is_there_again_after_a_product(page: Page):
    page.set_viewport_size(PHONE)
    page.goto("/en/c/?sort=new")
    one = has_more(page)
    both = load_more(page, before=one)
    address = page.url
    assert both > one and address.endswith("?sort=new&page=2&from=1")

    link = page.locator("#grid .card__title a").nth(one)
    link.scroll_into_view_if_needed()
    was = page.evaluate("scrollY")
    assert was > 0
    link.click()
    page.wait_for_url("**/p/**")
    page.go_back()

    expect(page.locator("#grid > li")).to_have_count(both)
    assert page.url == address
    page.wait_for_function("was => Math.abs(scrollY - was) < 60", arg=was)
    page.reload()
    expect(page.locator("#grid > li")).to_have_count(both)
    page.wait_for_function("was => Math.abs(scrollY - was) < 60", arg=was)
    assert violations(page) == []


def test_what_was_loaded_is_in_the_address_without_javascript(plain_page: Page):
    plain_page.goto("/c/?sort=new")
    cards = plain_page.locator("#grid > li")
    one = cards.count()
    more = Shop(plain_page).link("Load more")
    if not more.count():
        pytest.skip("everything fits on one page here")
    more.click()
    plain_page.wait_for_url("**from=1#added")

    both = cards.count()
    assert both > one
    expect(cards.nth(one)).to_be_in_viewport()
    cards.nth(one).locator(".card__title a").click()
    plain_page.wait_for_url("**/p/**")
    plain_page.go_back()
    expect(cards).to_have_count(both)
    expect(cards.nth(one)).to_be_in_viewport()
