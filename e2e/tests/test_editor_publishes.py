"""What an editor publishes is what a shopper sees."""

import pytest
from playwright.sync_api import Page, expect

from e2e.checks.guards import Guards
from e2e.pages.shop import Shop
from e2e.words import say

pytestmark = pytest.mark.writes


def open_product(editor: Page, title: str) -> None:
    """Open a product in the admin by its name."""
    editor.goto(f"/admin/pages/search/?q={title}")
    editor.get_by_role("link", name=title).first.click()


def publish(editor: Page) -> None:
    """Publish the page that is being edited."""
    editor.locator("footer [data-w-dropdown-target=toggle]").first.click()
    editor.locator("button[name=action-publish]").click()
    editor.locator(".messages .success").wait_for()


def test_a_new_price_is_in_the_shop_when_it_is_published(editor: Page, page: Page):
    open_product(editor, "향꽂이")
    editor.get_by_role("tab", name=say("ko", "Variants")).click()
    price = editor.locator("input[name='variants-0-price']")
    old = int(price.input_value())
    price.fill(str(old + 1_000))
    publish(editor)

    Shop(page).open("/p/incense-holder/")
    expect(page.locator("[data-price]")).to_have_text(f"{old + 1_000:,}원")
    Shop(page, language="en").open("/p/incense-holder/")
    expect(page.locator("[data-price]")).to_have_text(f"₩{old + 1_000:,}")


def test_a_product_that_is_unpublished_is_off_sale_at_once(editor: Page, page: Page, guards: Guards):
    guards.allow("404")
    Shop(page).open("/p/paper-lamp/")
    assert Shop(page).heading() == "한지 조명"

    open_product(editor, "한지 조명")
    number = editor.url.rstrip("/").split("/")[-2]
    editor.goto(f"/admin/pages/{number}/unpublish/")
    editor.locator("main form [type=submit]").last.click()
    editor.locator(".messages .success").wait_for()

    answer = page.goto("/p/paper-lamp/")
    assert answer is not None and answer.status == 404
    editor.goto(f"/admin/pages/{number}/edit/")
    publish(editor)
    answer = page.goto("/p/paper-lamp/")
    assert answer is not None and answer.status == 200
