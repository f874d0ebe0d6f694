"""A guest buys: with scripts and without, in Korean and in English."""

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Target
from e2e.mails import text_of, wait_for
from e2e.pages.shop import Shop, Shopper
from e2e.pages.window import PaymentWindow

pytestmark = pytest.mark.writes


def to_payment(shop: Shop, shopper: Shopper, *, path: str = "/p/celadon-cup/", method: str = "CARD") -> str:
    """Put a product into the cart and press the button; return the sum that it said."""
    shop.open(path)
    shop.add_to_cart()
    shop.to_order_sheet()
    shop.fill_order_sheet(shopper, method=method)
    total = shop.total()
    shop.place()
    return total


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_guest_buys_and_a_worker_confirms(page: Page, target: Target, language: str):
    shop = Shop(page, language=language)
    shopper = Shopper(email=f"qa-buys-{language}@example.invalid")

    total = to_payment(shop, shopper)
    PaymentWindow(page).end("approve")
    page.wait_for_url("**/orders/**")

    assert shop.heading() == shop.say("Thank you. Your order is paid.")
    number = shop.order_number()
    expect(page.locator("main")).to_contain_text(total)
    expect(page.locator("main")).to_contain_text(shopper.address)
    if target.mails:
        mail = wait_for(target.mails, to=shopper.email, containing=number)
        assert total in text_of(mail)
        assert number in str(mail["Subject"])
        html = mail.get_body(preferencelist=("html",))
        assert html is not None and f'lang="{language}"' in html.get_content()


def test_a_guest_buys_without_javascript(plain_page: Page, target: Target):
    shop = Shop(plain_page)

    shop.open("/")
    plain_page.get_by_role("navigation").get_by_role("link", name="차", exact=True).first.click()
    plain_page.get_by_role("link", name="청자 찻잔").first.click()
    shop.choose("백자")
    shop.add_to_cart()
    plain_page.get_by_role("textbox", name=shop.say("Quantity of %(title)s", title="청자 찻잔")).fill("2")
    shop.button("Change").click()
    shop.to_order_sheet()
    shop.fill_order_sheet(Shopper(email="qa-plain@example.invalid"))
    total = shop.total()
    shop.place()
    shop.pay_button().click()
    PaymentWindow(plain_page).end("approve")
    plain_page.wait_for_url("**/orders/**")

    assert shop.heading() == shop.say("Thank you. Your order is paid.")
    expect(plain_page.locator("main")).to_contain_text(total)
    expect(plain_page.locator("main")).to_contain_text("백자")


def test_a_failed_payment_is_retried_with_the_same_order(page: Page, target: Target):
    shop = Shop(page)

    total = to_payment(shop, Shopper(email="qa-retry@example.invalid"))
    PaymentWindow(page).end("fail")
    page.wait_for_url("**/orders/**")
    assert shop.heading() == shop.say("The payment failed")
    number = shop.order_number()
    assert shop.total() == total
    shop.place()
    PaymentWindow(page).end("approve")
    page.wait_for_url("**/orders/**")

    assert shop.heading() == shop.say("Thank you. Your order is paid.")
    assert shop.order_number() == number


def test_a_shopper_who_closes_the_browser_is_still_confirmed_by_webhook(page: Page, target: Target):
    shop = Shop(page)
    shopper = Shopper(email="qa-closes@example.invalid", phone="010-0000-4321")

    to_payment(shop, shopper)
    PaymentWindow(page).end("approve_close")
    assert target.mails is not None
    mail = wait_for(target.mails, to=shopper.email, containing="/orders/")
    number = str(mail["Subject"]).split()[-1]
    shop.open("/orders/lookup/")
    page.locator("#id_number").fill(number)
    page.locator("#id_contact").fill("010 0000 4321")
    shop.button("Find the order").click()

    assert shop.heading() == shop.say("Thank you. Your order is paid.")
    assert shop.order_number() == number


def test_a_bank_deposit_is_awaited_and_then_confirmed(page: Page, target: Target):
    shop = Shop(page)
    shopper = Shopper(email="qa-deposit@example.invalid")

    total = to_payment(shop, shopper, method="VIRTUAL_ACCOUNT")
    window = PaymentWindow(page)
    window.end("issue")
    page.wait_for_url("**/orders/**")
    order_page = page.url
    assert shop.heading() == shop.say("Your order is kept. Please transfer the money.")
    expect(page.locator(".deposit")).to_contain_text(total)
    window.deposit()
    assert target.mails is not None
    wait_for(target.mails, to=shopper.email, containing=total)
    page.goto(order_page)
    for _ in range(30):
        if shop.heading() == shop.say("Thank you. Your order is paid."):
            break
        page.wait_for_timeout(500)
        page.reload()

    assert shop.heading() == shop.say("Thank you. Your order is paid.")


def test_a_payment_over_another_amount_is_given_back(page: Page, target: Target):
    shop = Shop(page)

    to_payment(shop, Shopper(email="qa-tamper@example.invalid"))
    PaymentWindow(page).end("tamper")
    page.wait_for_url("**/orders/**")

    refunded = shop.say("This order was cancelled and refunded")
    for _ in range(40):
        if shop.heading() == refunded:
            break
        page.wait_for_timeout(500)
        page.reload()
    assert shop.heading() == refunded


def test_a_double_click_places_one_order(page: Page, target: Target):
    shop = Shop(page)

    shop.open("/p/soy-candle/")
    shop.add_to_cart()
    shop.to_order_sheet()
    shop.fill_order_sheet(Shopper(email="qa-double@example.invalid"))
    sheet = page.url
    shop.pay_button().dblclick()
    PaymentWindow(page)
    page.goto(sheet)  # as somebody does who is not sure that it worked

    assert shop.heading() == shop.say("Your order waits for its payment")
    first = shop.order_number()
    page.goto(sheet)
    assert shop.order_number() == first
