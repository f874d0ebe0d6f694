"""A customer's own pages: orders that are searched, addresses, and points that pay for an order and come back from it."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from e2e.checks.axe import violations
from e2e.checks.guards import Guards
from e2e.conftest import DESK, PHONE
from e2e.pages.shop import Shop, Shopper
from e2e.pages.window import PaymentWindow

pytestmark = pytest.mark.writes
WELCOME = 5_000  # points of the demo's shopper


@pytest.fixture
def mine(page: Page, guards: Guards) -> Shop:
    """A browser in which the demo's shopper is signed in."""
    guards.allow(
        "The action has been blocked. ()"
    )  # what axe brings along has no address; a page's own style has one
    page.goto("/en/accounts/login/?next=/en/account/")
    page.fill("#id_login", "shopper@maru.example")
    page.fill("#id_password", "maru-shopper")
    page.locator("form.access__form button:not([type=button])").first.click()
    page.wait_for_url("**/en/account/")
    return Shop(page, language="en")


def won(text: str) -> int:
    return int("".join(sign for sign in text if sign.isdigit()))


def balance(shop: Shop) -> int:
    shop.open("/account/points/")
    return won(shop.page.locator(".balance").inner_text())


def pay_with_all_points(shop: Shop) -> tuple[int, str]:
    """Order a cup with all points and pay the rest; return what was paid and the order's number."""
    page = shop.page
    shop.open("/p/celadon-cup/")
    shop.add_to_cart()
    shop.to_order_sheet()
    shop.fill_order_sheet(Shopper(email="shopper@maru.example"))
    before = won(shop.total())
    shop.button("Use all").click()
    expect(page.locator(".summary__total dd")).to_have_text(f"₩{before - WELCOME:,}")
    assert won(shop.total()) == before - WELCOME
    expect(page.locator("[data-part=points-news]")).to_contain_text(f"₩{WELCOME:,}")
    assert violations(page) == []
    page.locator("#id_agree_order").check()
    shop.place()
    PaymentWindow(page).end("approve")
    page.wait_for_url("**/orders/**")
    expect(page.locator("main")).to_contain_text("Points used")
    return before - WELCOME, shop.order_number()


def test_points_pay_for_an_order_and_come_back_when_it_is_cancelled(mine: Shop) -> None:
    page = mine.page
    assert balance(mine) == WELCOME

    paid, number = pay_with_all_points(mine)

    order_page = page.url
    assert balance(mine) == 0
    expect(page.locator(".ledger")).to_contain_text(number)
    page.goto(order_page)
    mine.link("Cancel the order").click()
    expect(page.locator(".summary__total dd")).to_have_text(f"₩{paid:,}")
    expect(page.locator(".summary__rows")).to_contain_text(f"₩{WELCOME:,}")
    page.locator("#id_reason").select_option(index=1)
    mine.button("Cancel now").click()
    page.wait_for_url("**/orders/**")
    for _ in range(60):  # a worker gives them back
        if balance(mine) == WELCOME:
            break
        page.wait_for_timeout(500)

    assert balance(mine) == WELCOME
    expect(page.locator(".ledger")).to_contain_text("Given back")
    find_it(mine, number)


def find_it(shop: Shop, number: str) -> None:
    """Search and narrow the list of orders."""
    page = shop.page
    shop.open("/account/orders/")
    page.locator("#id_q").fill(number)
    page.locator("form.narrow button").click()
    expect(page.locator(".lines > li")).to_have_count(1)
    expect(page.locator(".lines")).to_contain_text(number)
    shop.open(f"/account/orders/?q={number}&status=delivered")
    expect(page.locator("main")).to_contain_text("No order matches")
    shop.link("Show all").last.click()
    expect(page.locator(".lines")).to_contain_text(number)


def test_an_address_is_added_and_changed(mine: Shop, guards: Guards) -> None:
    guards.allow("422")  # it is sent with a wrong postcode first
    page = mine.page
    mine.open("/account/addresses/new/")
    name = f"박세라 {uuid.uuid4().hex[:6]}"  # the shop may know earlier ones
    page.fill("#id_recipient_name", name)
    page.fill("#id_recipient_phone", "010-5555-6666")
    page.fill("#id_postcode", "63122")
    page.fill("#id_address1", "제주 제주시 연동 1")
    mine.button("Save").click()
    page.wait_for_url(re.compile(r"/account/addresses/$"))
    one = page.locator(".places__one").filter(has_text=name)
    expect(one).to_contain_text("63122")

    one.get_by_role("link", name=re.compile("^Change")).click()
    expect(page.locator("#id_postcode")).to_have_value("63122")
    page.fill("#id_postcode", "6312")
    mine.button("Save").click()
    expect(page.locator(".form-errors")).to_be_visible()
    expect(page.locator("#id_recipient_name")).to_have_value(name)
    page.fill("#id_postcode", "63100")
    mine.button("Save").click()
    page.wait_for_url(re.compile(r"/account/addresses/$"))
    expect(page.locator(".places__one").filter(has_text=name)).to_contain_text("63100")


def test_every_page_of_mine_can_be_used_by_everybody(mine: Shop) -> None:
    for viewport in (PHONE, DESK):
        mine.page.set_viewport_size(viewport)
        for path in ("", "orders/", "points/", "coupons/", "addresses/", "privacy/"):
            mine.open(f"/account/{path}")
            assert violations(mine.page) == [], path
            wide = mine.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide == 0, path
