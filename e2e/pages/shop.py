"""The shop as a shopper uses it. Methods are what a shopper does; what to expect stays in the tests."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from e2e.words import say


@dataclass(frozen=True)
class Shopper:
    """Who orders. Addresses under example.invalid reach nobody."""

    name: str = "QA 자동시험"
    phone: str = "010-0000-1234"
    email: str = "qa@example.invalid"
    postcode: str = "04524"
    address: str = "서울특별시 중구 세종대로 110"
    detail: str = "101호"


class Shop:
    """A browser in the shop, in one language."""

    def __init__(self, page: Page, *, language: str = "ko") -> None:
        self.page = page
        self.language = language
        self.prefix = "" if language == "ko" else f"/{language}"

    def say(self, text: str, **values: str) -> str:
        """Return what the page calls something."""
        return say(self.language, text, **values)

    def open(self, path: str) -> "Shop":
        """Go to an address of the shop, without language prefix."""
        self.page.goto(f"{self.prefix}{path}")
        return self

    def button(self, text: str, **values: str) -> Locator:
        """Return the button with that name."""
        return self.page.get_by_role("button", name=self.say(text, **values), exact=True)

    def link(self, text: str) -> Locator:
        """Return the link with that name."""
        return self.page.get_by_role("link", name=self.say(text), exact=True)

    def choose(self, value: str) -> None:
        """Choose an option of the product."""
        options = self.page.get_by_role("group").get_by_role("link")
        options.filter(has_text=re.compile(rf"^\s*{re.escape(value)}(\s|$)")).click()

    def add_to_cart(self) -> None:
        """Put the chosen variant into the cart."""
        self.button("Add to cart").click()
        self.page.wait_for_url("**/cart/**")

    def to_order_sheet(self) -> None:
        """Go from the cart to the order sheet."""
        self.link("Order now").click()
        self.page.wait_for_url("**/checkout/")

    def fill_order_sheet(self, shopper: Shopper, *, method: str = "CARD") -> None:
        """Fill in everything that a guest must say."""
        self.page.locator("#id_name").fill(shopper.name)
        self.page.locator("#id_phone").fill(shopper.phone)
        self.page.locator("#id_email").fill(shopper.email)
        self.page.locator("#id_postcode").fill(shopper.postcode)
        self.page.locator("#id_address1").fill(shopper.address)
        self.page.locator("#id_address2").fill(shopper.detail)
        self.page.locator(f"#id_method_{method}").check()
        self.page.locator("#id_agree_order").check()
        self.page.locator("#id_agree_terms").check()

    def pay_button(self) -> Locator:
        """Return the button that says the sum."""
        before, after = self.say("Pay %(total)s", total="\0").split("\0")
        return self.page.get_by_role(
            "button", name=re.compile(f"^{re.escape(before)}[₩0-9,원]+{re.escape(after)}$")
        )

    def total(self) -> str:
        """Return the sum on the button, as it is written."""
        found = re.search(r"₩[0-9,]+|[0-9,]+원", self.pay_button().inner_text())
        assert found, "the button says no sum"
        return found.group()

    def place(self) -> None:
        """Press the button with the sum."""
        self.pay_button().click()

    def heading(self) -> str:
        """Return the first heading."""
        return self.page.get_by_role("heading", level=1).inner_text()

    def order_number(self) -> str:
        """Return the number on the order page."""
        found = re.search(r"\d{8}-[0-9A-Z]{7}", self.page.locator("main").inner_text())
        assert found, "no order number on the page"
        return found.group()
