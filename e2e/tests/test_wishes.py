"""Hearts, questions and what was seen before, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from e2e.checks.axe import violations
from e2e.checks.guards import Guards


def heart(page: Page, slug: str):
    """Return the heart of a product on the page."""
    return page.locator(f".heart[value={slug}]").first


@pytest.mark.writes
def test_a_heart_works_without_javascript(plain_page: Page):
    plain_page.goto("/en/c/")
    heart(plain_page, "rice-bowl").click()

    expect(heart(plain_page, "rice-bowl")).to_have_attribute("aria-pressed", "true")
    expect(plain_page.get_by_text("Put on your wishlist.")).to_be_visible()
    plain_page.goto("/en/wishlist/")
    expect(plain_page.locator("main .card__title")).to_have_count(1)
    heart(plain_page, "rice-bowl").click()
    expect(plain_page.get_by_role("heading", name="Nothing is on your wishlist yet")).to_be_visible()


@pytest.mark.writes
def test_two_hearts_in_a_hurry_are_both_kept(page: Page):
    page.goto("/en/c/")
    heart(page, "rice-bowl").click()
    heart(page, "moon-jar").click()

    expect(heart(page, "moon-jar")).to_have_attribute("aria-pressed", "true")
    page.goto("/en/wishlist/")

    expect(page.locator("main .card__title")).to_have_count(2)
    assert violations(page) == []
    page.goto("/en/p/moon-jar/")  # a kept copy, with the visitor's own hearts
    expect(heart(page, "moon-jar")).to_have_attribute("aria-pressed", "true")


@pytest.mark.smoke
def test_what_was_seen_before_is_remembered_by_the_browser_alone(page: Page):
    page.goto("/en/p/rice-bowl/")
    page.goto("/en/p/moon-jar/")

    recent = page.locator("recent-products")
    expect(recent.locator(".card__title")).to_have_count(1)
    expect(recent).to_contain_text("Recently viewed")
    assert not [cookie for cookie in page.context.cookies() if "rice-bowl" in cookie.get("value", "")]
    recent.get_by_role("button", name="Forget these").click()
    expect(recent).to_be_hidden()


@pytest.mark.writes
def test_a_secret_question_is_asked_without_javascript(plain_page: Page, guards: Guards):
    guards.allow("422")  # the form is sent with a gap first
    plain_page.goto("/en/p/rice-bowl/questions/")
    plain_page.get_by_label("Your question").fill("Is the second one lighter than the first?")
    plain_page.get_by_label("Only the shop may read it").check()
    plain_page.get_by_role("button", name="Send the question").click()
    expect(plain_page.get_by_text("Please enter your name.").first).to_be_visible()
    expect(plain_page.get_by_label("Your question")).to_have_value(
        "Is the second one lighter than the first?"
    )
    plain_page.get_by_label("Your name").fill("QA Shopper")
    plain_page.get_by_label("E-mail").fill("qa@example.invalid")
    plain_page.get_by_role("button", name="Send the question").click()

    expect(plain_page.get_by_role("heading", name="Your question")).to_be_visible()
    plain_page.goto("/en/p/rice-bowl/questions/")
    expect(plain_page.get_by_text("Is the second one lighter")).to_have_count(0)
    expect(plain_page.get_by_text("This question is for the shop only.").first).to_be_visible()
