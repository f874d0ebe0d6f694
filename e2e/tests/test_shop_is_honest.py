"""Sold out, last ones, mistakes: said in words, and nothing that was typed is lost."""

import pytest
from playwright.sync_api import Page, expect

from e2e.pages.shop import Shop, Shopper


@pytest.mark.smoke
def test_what_is_sold_out_says_so_and_cannot_be_bought(page: Page, target):
    shop = Shop(page)
    shop.open("/c/")
    page.get_by_role("listitem").filter(has_text="청자 찻잔").first.get_by_role("link").first.click()
    sold_out = page.locator(".option__values a[data-sold]").first
    sold_out.click()

    expect(shop.button("Sold out")).to_be_disabled()
    expect(sold_out).to_contain_text(shop.say("Sold out"))


@pytest.mark.writes
@pytest.mark.parametrize("quantity", ["-3", "100000", "many", ""])
def test_an_impossible_quantity_gets_an_answer_and_changes_nothing(plain_page: Page, quantity: str):
    shop = Shop(plain_page)
    shop.open("/p/rice-bowl/")
    shop.add_to_cart()
    field = plain_page.locator("input[name=quantity]").first
    field.fill(quantity)
    shop.button("Change").click()

    expect(plain_page.get_by_role("alert")).to_be_visible()
    expect(plain_page.locator("input[name=quantity]").first).to_have_value(quantity)
    shop.open("/cart/")
    expect(plain_page.locator("input[name=quantity]").first).to_have_value("1")


@pytest.mark.writes
def test_a_mistake_on_the_order_sheet_keeps_what_was_typed(plain_page: Page):
    shop = Shop(plain_page)
    shop.open("/p/rice-bowl/")
    shop.add_to_cart()
    shop.to_order_sheet()
    shop.fill_order_sheet(Shopper(phone="12", email="not an address"))
    plain_page.locator("#id_agree_terms").uncheck()
    shop.place()

    assert plain_page.url.endswith("/checkout/")
    expect(plain_page.locator("#id_phone")).to_have_value("12")
    expect(plain_page.locator("#id_email")).to_have_value("not an address")
    expect(plain_page.locator("#id_address1")).to_have_value(Shopper().address)
    expect(plain_page.locator("#id_phone")).to_have_attribute("aria-invalid", "true")
    expect(plain_page.locator(".form-errors li")).to_have_count(3)


@pytest.mark.writes
def test_a_removed_line_can_be_put_back(plain_page: Page):
    shop = Shop(plain_page)
    shop.open("/p/rice-bowl/")
    shop.add_to_cart()
    plain_page.locator("input[name=quantity]").first.fill("0")
    shop.button("Change").click()
    assert shop.heading() == shop.say("Your cart is empty")
    shop.button("Undo").click()

    expect(plain_page.locator("input[name=quantity]").first).to_have_value("1")


@pytest.mark.smoke
def test_a_foreign_order_has_no_address(page: Page, guards):
    guards.allow("404")
    answer = page.goto("/orders/not-a-token-of-any-order-000000/")

    assert answer is not None and answer.status == 404
