"""The content security policy stops nothing that the shop or Wagtail's admin needs. What it may stop is listed here."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.checks.policy import Violations
from e2e.pages.shop import Shop
from tools.deploy.headers import complaints

ACCEPTED_IN_THE_SHOP: tuple[str, ...] = ()
ACCEPTED_IN_THE_ADMIN: tuple[str, ...] = ()
SCREENS = (
    "/admin/",
    "/admin/pages/",
    "/admin/images/",
    "/admin/images/add/",
    "/admin/documents/",
    "/admin/users/",
    "/admin/reports/site-history/",
    "/admin/reports/workflow/",
    "/admin/redirects/",
    "/admin/account/",
    "/admin/orders/",
    "/admin/stock/",
)
SHOP = (
    "/",
    "/c/",
    "/c/tableware/",
    "/p/rice-bowl/",
    "/cart/",
    "/orders/lookup/",
    "/accounts/login/",
    "/accounts/signup/",
    "/stories/setting-a-tea-table/",
)


@pytest.mark.smoke
def test_the_shops_policy_stops_nothing(page: Page) -> None:
    stopped = Violations(page)
    for prefix in ("", "/en"):
        for path in SHOP:
            page.goto(prefix + path)

    assert stopped.beyond(ACCEPTED_IN_THE_SHOP) == []


@pytest.mark.smoke
@pytest.mark.parametrize("path", ["/", "/p/rice-bowl/", "/cart/", "/accounts/login/", "/admin/login/"])
def test_the_headers_are_what_a_scanner_asks_for(page: Page, path: str) -> None:
    answer = page.goto(path)

    assert answer is not None
    https, admin = answer.url.startswith("https:"), "/admin/" in answer.url.split("?")[0]
    said = complaints(answer.all_headers(), https=https, admin=admin)
    # a developer's server tells its version; nginx and gunicorn of a deployed shop do not
    assert [fault for fault in said if https or fault != "server tells a version"] == []


@pytest.mark.writes
def test_the_order_sheet_and_the_payment_page_are_stopped_in_nothing(page: Page) -> None:
    stopped = Violations(page)
    shop = Shop(page).open("/p/rice-bowl/")
    shop.add_to_cart()
    shop.to_order_sheet()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    assert stopped.beyond(ACCEPTED_IN_THE_SHOP) == []


@pytest.mark.writes
def test_the_admins_policy_stops_nothing(editor: Page) -> None:
    stopped = Violations(editor)
    for path in SCREENS:
        answer = editor.goto(path)
        assert answer is not None and answer.status < 500, path

    assert stopped.beyond(ACCEPTED_IN_THE_ADMIN) == []


@pytest.mark.writes
def test_an_editor_writes_and_previews_under_the_policy(editor: Page) -> None:
    stopped = Violations(editor)
    editor.goto("/admin/pages/search/?q=향꽂이")
    editor.get_by_role("link", name="향꽂이").first.click()
    text = editor.locator(".public-DraftEditor-content").first
    text.scroll_into_view_if_needed()
    text.click()
    editor.keyboard.type(" written under the policy")
    expect(text).to_contain_text("written under the policy")

    editor.locator("[data-side-panel-toggle=preview]").first.click()
    frame = editor.frame_locator("iframe.w-preview__iframe").last
    filled = expect(frame.locator("h1"))  # a frame that is stopped stays empty
    filled.to_have_text(re.compile(r"\S"), timeout=20_000)

    assert stopped.beyond(ACCEPTED_IN_THE_ADMIN) == []
