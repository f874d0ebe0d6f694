"""Every page, at a desk and on a phone, in both languages: accessible, in its language, no wider than the screen."""

import re

import pytest
from playwright.sync_api import Page

from e2e.checks.axe import violations
from e2e.conftest import DESK, PHONE
from e2e.pages.shop import Shop

PAGES = [
    "/",
    "/c/",
    "/c/tableware/",
    "/p/rice-bowl/",
    "/cart/",
    "/orders/lookup/",
    "/stories/setting-a-tea-table/",
    "/terms/",
    "/p/rice-bowl/reviews/",
    "/p/rice-bowl/questions/",
    "/reviews/policy/",
    "/wishlist/",
    "/autumn-table/",
    "/newsletter/",
]
pytestmark = pytest.mark.smoke
HANGUL = re.compile(r"[가-힣]")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits(page: Page, path: str, language: str, size: dict[str, int]):
    page.set_viewport_size(size)
    answer = page.goto(Shop(page, language=language).prefix + path)

    assert answer is not None and answer.status == 200
    assert page.locator("html").get_attribute("lang") == language
    assert page.get_by_role("main").count() == 1
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES[:6])
def test_the_english_shop_speaks_english(page: Page, path: str):
    page.goto(f"/en{path}")
    page.evaluate("() => document.querySelectorAll('body [lang=ko]').forEach(element => element.remove())")
    words = [line for line in page.locator("body").inner_text().splitlines() if HANGUL.search(line)]

    assert words == []


def test_the_footer_names_the_business(page: Page):
    page.goto("/")
    footer = page.get_by_role("contentinfo").inner_text()

    for label in ("대표", "사업자등록번호", "통신판매업", "주소", "이용약관", "개인정보처리방침"):
        assert label in footer


def test_no_page_has_inline_scripts_or_styles(page: Page):
    for path in PAGES:
        page.goto(path)
        assert page.locator("[style], style").count() == 0, path
        inline = page.locator(
            "script:not([src]):not([type='application/ld+json']):not([type='application/json'])"
        )
        assert inline.count() == 0, path


def test_the_shop_says_that_it_is_healthy(page: Page):
    answer = page.request.get("/health/")

    assert answer.status == 200
    assert answer.json()["database"] == "ok"
