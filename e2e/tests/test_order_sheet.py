"""The order sheet knows the sum before anybody pays: with scripts at once, without them on demand."""

import pytest
from playwright.sync_api import Page, expect

from e2e.checks.axe import violations
from e2e.conftest import DESK, PHONE
from e2e.pages.shop import Shop, Shopper

JEJU, ULLEUNG = "63122", "40205"


def sheet(page: Page, language: str = "ko") -> Shop:
    """Go to an order sheet with a bowl."""
    shop = Shop(page, language=language)
    shop.open("/p/rice-bowl/")
    shop.add_to_cart()
    shop.to_order_sheet()
    return shop


def won(shop: Shop) -> int:
    """Return the sum on the button."""
    return int("".join(sign for sign in shop.total() if sign.isdigit()))


@pytest.mark.writes
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_postcode_far_away_changes_the_sum_before_paying(page: Page, language: str):
    shop = sheet(page, language)
    before = won(shop)
    shop.fill_order_sheet(Shopper(postcode=JEJU))

    expect(page.locator("[data-part=news]")).not_to_be_empty()
    assert won(shop) == before + 3_000
    page.locator("#id_postcode").fill("04524")
    expect(page.locator(".summary__total dd")).to_have_text(
        f"{before:,}원" if language == "ko" else f"₩{before:,}"
    )
    assert won(shop) == before
    expect(page.locator("#id_name")).to_have_value(Shopper().name)


@pytest.mark.writes
def test_without_scripts_a_button_looks_the_fee_up(plain_page: Page):
    shop = sheet(plain_page)
    before = won(shop)
    plain_page.locator("#id_postcode").fill(ULLEUNG)
    shop.button("Check the delivery fee").click()

    assert won(shop) == before + 5_000
    expect(plain_page.locator("#id_postcode")).to_have_value(ULLEUNG)
    expect(plain_page.locator(".form-errors")).to_have_count(0)


@pytest.mark.writes
def test_a_found_postcode_fills_the_address_and_leads_on(page: Page):
    shop = sheet(page)
    search = page.locator("[data-postcode-search]").get_attribute("data-postcode-search") or ""
    if "/dev/" not in search:
        pytest.skip("this shop has the search of another house")
    page.locator("#id_postcode").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("region", name=shop.say("Find postcode")).get_by_role("button").filter(
        has_text=JEJU
    ).click()

    expect(page.locator("#id_postcode")).to_have_value(JEJU)
    expect(page.locator("#id_address1")).to_have_value("제주특별자치도 제주시 문연로 6 (연동)")
    expect(page.locator("#id_address2")).to_be_focused()
    expect(page.locator("[data-part=news]")).not_to_be_empty()
    expect(page.get_by_role("region", name=shop.say("Find postcode"))).to_be_hidden()


@pytest.mark.writes
def test_a_search_that_cannot_be_reached_leaves_the_fields_to_type_in(page: Page, guards):
    guards.allow("postcode")
    shop = sheet(page)
    page.route("**/postcode.*js", lambda route: route.abort())
    shop.button("Find postcode").click()

    expect(page.locator("[data-part=news]")).to_contain_text(
        shop.say("The postcode search cannot be reached. Please type postcode and address.")
    )
    expect(page.locator("#id_postcode")).to_be_focused()


@pytest.mark.writes
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_state_of_the_sheet_can_be_used_by_everybody(
    page: Page, language: str, viewport: dict[str, int]
):
    page.set_viewport_size(viewport)
    shop = sheet(page, language)
    assert violations(page) == []

    shop.button("Find postcode").click()
    page.get_by_role("region", name=shop.say("Find postcode")).get_by_role("button").nth(1).wait_for()
    assert violations(page) == []

    shop.place()
    expect(page.locator(".form-errors")).to_be_focused()
    assert violations(page) == []

    shop.fill_order_sheet(Shopper(postcode=ULLEUNG))
    expect(page.locator("[data-part=news]")).not_to_be_empty()
    assert violations(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


@pytest.mark.writes
def test_what_was_agreed_to_is_no_error_any_more(page: Page):
    shop = sheet(page)
    shop.place()
    agreed, other = page.locator("#id_agree_order"), page.locator("#id_agree_terms")
    expect(agreed).to_have_attribute("aria-invalid", "true")

    agreed.check()

    expect(page.locator("#id_agree_order_error")).to_be_empty()
    expect(agreed).not_to_have_attribute("aria-invalid", "true")
    expect(other).to_have_attribute("aria-invalid", "true")
