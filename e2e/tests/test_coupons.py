"""A coupon from its code to an order and back."""

import pytest
from playwright.sync_api import Locator, expect

from e2e.checks.axe import violations
from e2e.checks.guards import Guards
from e2e.pages.shop import Shop, Shopper
from e2e.pages.window import PaymentWindow
from e2e.tests.test_my_page import mine, won

pytestmark = pytest.mark.writes
__all__ = ["mine"]  # the fixture: a browser in which the demo's shopper is signed in
TITLE = "Maru 10% coupon"
MOST = 10_000  # won that it takes off


def usable(shop: Shop) -> bool:
    """Return whether my page says that the coupon can be used."""
    shop.open("/account/coupons/")
    return TITLE in shop.page.locator("section[aria-labelledby=usable]").inner_text()


def choice(shop: Shop) -> Locator:
    return shop.page.get_by_role("radio", name=TITLE)


def says(shop: Shop, text: str) -> None:
    expect(shop.page.locator("[data-part=coupon-news]")).to_contain_text(text)


def a_full_sheet(shop: Shop) -> int:
    """Fill the order sheet in for two cups; return what they cost with delivery."""
    for _ in range(2):
        shop.open("/p/celadon-cup/")
        shop.add_to_cart()
    shop.to_order_sheet()
    shop.fill_order_sheet(Shopper(email="shopper@maru.example"))
    return won(shop.total())


def take_it(shop: Shop) -> int:
    """Choose the coupon, for its code where it is not there yet; return what is left to pay."""
    if choice(shop).count():  # an earlier run registered it
        choice(shop).check()
    else:
        shop.page.fill("#id_coupon_code", "maru-10")
        shop.page.locator("#id_coupon_code").press("Enter")
    says(shop, "The coupon takes")
    expect(choice(shop)).to_be_checked()
    expect(shop.page.locator("#id_name")).to_have_value(Shopper().name)
    return won(shop.total())


def cancel(shop: Shop, *, paid: int) -> None:
    shop.link("Cancel the order").click()
    expect(shop.page.locator("main")).to_contain_text("The coupon that you used comes back to you.")
    expect(shop.page.locator(".summary__total dd")).to_have_text(f"₩{paid:,}")
    shop.page.locator("#id_reason").select_option(index=1)
    shop.button("Cancel now").click()
    shop.page.wait_for_url("**/orders/**")


def test_a_code_takes_something_off_an_order_and_comes_back_when_it_is_cancelled(mine: Shop) -> None:
    page = mine.page
    before = a_full_sheet(mine)

    paid = take_it(mine)

    assert 0 < before - paid <= MOST
    expect(page.locator(".summary__rows").first).to_contain_text(f"−₩{before - paid:,}")
    assert violations(page) == []
    page.get_by_role("radio", name="Use no coupon").check()
    says(mine, "No coupon is used.")
    assert won(mine.total()) == before
    choice(mine).check()
    says(mine, "The coupon takes")
    page.locator("#id_agree_order").check()
    mine.place()
    PaymentWindow(page).end("approve")
    page.wait_for_url("**/orders/**")
    expect(page.locator("main")).to_contain_text(TITLE)
    order_page, number = page.url, mine.order_number()
    assert not usable(mine)
    expect(page.locator(".coupons--past")).to_contain_text(number)
    page.goto(order_page)
    cancel(mine, paid=paid)
    for _ in range(60):  # a worker gives it back
        if usable(mine):
            break
        page.wait_for_timeout(500)
    assert usable(mine)


def test_a_code_that_there_is_not_is_said_and_stays(mine: Shop, guards: Guards) -> None:
    guards.allow("422")
    page = mine.open("/account/coupons/").page

    page.fill("#id_code", "NO-SUCH-CODE")
    mine.button("Register the code").click()

    expect(page.locator("#id_code_error")).to_contain_text("There is no coupon with this code.")
    expect(page.locator("#id_code")).to_have_value("NO-SUCH-CODE")
    expect(page.locator("#id_code")).to_be_focused()
    assert violations(page) == []
