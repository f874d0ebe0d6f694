"""The content security policy stops nothing that the shop or Wagtail's admin needs. What it may stop is listed here."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.checks.policy import Violations
from e2e.conftest import Target
from e2e.pages.shop import Shop, Shopper
from e2e.pages.window import PaymentWindow
from tools.deploy.headers import complaints

ACCEPTED_IN_THE_SHOP: tuple[str, ...] = ()
ACCEPTED_IN_THE_ADMIN: tuple[str, ...] = ()
SCREENS = (  # what no menu leads to; the menus themselves are read
    "/admin/pages/",
    "/admin/images/add/",
    "/admin/documents/multiple/add/",
    "/admin/users/new/",
    "/admin/groups/new/",
    "/admin/redirects/add/",
    "/admin/account/",
    "/admin/reports/site-history/",
    "/admin/reports/workflow/",
    "/admin/reports/aging-pages/",
    "/admin/events/",
    "/django-admin/",
    "/django-admin/auth/group/add/",
    "/django-admin/sites/",
)
FIRST = (  # lists, of whose first thing the page is opened as well
    "/admin/users/",
    "/admin/images/",
    "/admin/orders/",
    "/admin/stock/",
    "/admin/events/",
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
    assert complaints(answer.all_headers(), https=https, admin=admin) == []


@pytest.mark.writes
def test_the_order_sheet_the_payment_page_and_the_order_are_stopped_in_nothing(
    page: Page, target: Target
) -> None:
    stopped = Violations(page)
    shop = Shop(page).open("/p/rice-bowl/")
    shop.add_to_cart()
    shop.to_order_sheet()
    shop.fill_order_sheet(Shopper(email="qa-policy@example.invalid"))
    shop.place()
    window = PaymentWindow(page)  # the provider's own origin
    assert not page.url.startswith(target.url)
    window.end("approve")
    page.wait_for_url("**/orders/**")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    assert stopped.beyond(ACCEPTED_IN_THE_SHOP) == []


@pytest.mark.writes
def test_the_admins_policy_stops_nothing_on_any_screen(admin: Page) -> None:
    stopped = Violations(admin)
    admin.goto("/admin/")
    walk = dict.fromkeys((*menu(admin), *SCREENS))
    for path in walk:
        answer = admin.goto(path)
        assert answer is not None and answer.status < 500, path
        admin.wait_for_timeout(200)  # scripts have run
    for path in FIRST:
        admin.goto(path)
        first = admin.locator("main table a[href*='/admin/'], main .listing a[href*='/admin/']").first
        if first.count():
            first.click()
            admin.wait_for_load_state()
            walk[admin.url] = None

    print(f"\n{len(walk)} screens")
    assert len(walk) >= 25
    assert stopped.beyond(ACCEPTED_IN_THE_ADMIN) == []


@pytest.mark.writes
def test_what_an_editor_opens_on_a_page_is_not_stopped(admin: Page) -> None:
    """The edit page with its side panels, the schedule's dates, a picture to choose, history, a new page, the user bar."""
    stopped = Violations(admin)
    admin.goto("/admin/pages/search/?q=향꽂이")
    admin.get_by_role("link", name="향꽂이").first.click()
    number = re.search(r"/pages/(\d+)/", admin.url)
    assert number
    for panel in ("status", "checks", "comments"):
        toggle = admin.locator(f"[data-side-panel-toggle={panel}]").first
        if toggle.count():
            toggle.click()
            admin.wait_for_timeout(500)
    admin.locator("[data-side-panel-toggle=status]").first.click()
    schedule = admin.locator("[data-a11y-dialog-show=schedule-publishing-dialog]").first
    schedule.click()
    admin.locator("#schedule-publishing-dialog input[name=go_live_at]").click()
    expect(admin.locator(".xdsoft_datetimepicker:visible").first).to_be_visible()
    admin.keyboard.press("Escape")
    for path in (
        f"/admin/pages/{number[1]}/history/",
        f"/admin/pages/{number[1]}/usage/",
        "/admin/pages/3/add_subpage/",
        "/p/incense-holder/",
    ):
        answer = admin.goto(path)
        assert answer is not None and answer.status < 500, path
        admin.wait_for_timeout(500)

    assert stopped.beyond(ACCEPTED_IN_THE_ADMIN) == []


def menu(page: Page) -> list[str]:
    """Return where the entries of the admin's menus lead, in their order."""
    links = page.locator(".sidebar a[href^='/admin/'], aside a[href^='/admin/']")
    said = page.locator("#wagtail-sidebar-props").first.text_content() or ""
    found = [str(link.get_attribute("href")) for link in links.all()]
    found += [path for path in re.findall(r'"(/admin/[^"?]*)"', said) if "logout" not in path]
    return list(dict.fromkeys(found))


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
