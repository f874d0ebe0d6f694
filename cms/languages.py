"""The languages of the shop, and the addresses that pages have in them."""

from typing import Any

from django.conf import settings

_codes: dict[int, str] = {}  # language code by the id of Wagtail's Locale


def default() -> str:
    """Return the language in which goods are written: `ko`."""
    return str(settings.LANGUAGE_CODE)


def of(*, page: Any) -> str:
    """Return the language of a page; which row stands for which language is asked once per process."""
    if page.locale_id not in _codes:
        _codes[page.locale_id] = str(page.locale.language_code)
    return _codes[page.locale_id]


def leads(*, page: Any) -> bool:
    """Return whether a page is written in the default language: only such pages say what is sold."""
    return of(page=page) == default()


def lead_of(*, page: Any) -> Any:
    """Return the page of the default language that says the same; the page itself when there is none."""
    if leads(page=page):
        return page
    if "lead" in vars(page):  # whoever read both has said so
        return page.lead
    twins = type(page).objects.filter(translation_key=page.translation_key, alias_of=None)
    return twins.filter(locale__language_code=default()).first() or page


def address(*, kind: str, path: str, language: str) -> str:
    """Return the address of a product (`p`) or category (`c`): `/p/moon-jar/`, `/en/c/tableware/bowls/`."""
    prefix = "" if language == default() else f"/{language}"
    return f"{prefix}/{kind}/{path}/"
