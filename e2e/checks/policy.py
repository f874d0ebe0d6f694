"""Collect what a content security policy stops in a browser."""

from playwright.sync_api import ConsoleMessage, Page

_MARK = "policy-violation "
# A blocked frame raises no event in its parent; Chromium only says so in words.
_FRAMES = ("frame-ancestors", "Refused to frame", "Refused to display", "X-Frame-Options")
_LISTEN = f"""
document.addEventListener("securitypolicyviolation", (event) => console.error("{_MARK}" + JSON.stringify({{
    directive: event.effectiveDirective, blocked: event.blockedURI, page: location.pathname,
    source: (event.sourceFile || "").split("/").pop(), sample: event.sample.slice(0, 60)}})));
"""


class Violations:
    """What was stopped on the pages that are watched, in words, and scripts that broke."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        page.add_init_script(_LISTEN)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.found.append(f"script error on {page.url}: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.text.startswith(_MARK) or any(word in message.text for word in _FRAMES):
            self.found.append(message.text.removeprefix(_MARK))

    def beyond(self, accepted: tuple[str, ...]) -> list[str]:
        """Return what nobody accepted; `accepted` are parts of the words."""
        return sorted({text for text in self.found if not any(part in text for part in accepted)})
