"""Accessibility by axe: WCAG 2.2 A and AA."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page, one line each, with the first place."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{entry['id']}: {entry['help']} at {entry['nodes'][0]['target']}" for entry in found]
