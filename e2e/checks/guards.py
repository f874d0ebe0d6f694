"""What no page may do, whatever the test is about."""

from playwright.sync_api import ConsoleMessage, Page, Response

# What htmx writes when somebody asks for something else before the answer came. A request that fails writes
# `htmx:sendError` or `htmx:responseError` as well, and that is found.
OVERTAKEN = ("htmx:sendAbort,", "htmx:afterRequest,")


class Guards:
    """Collects what went wrong in a browser: script errors, policy violations, answers of 500 and above."""

    def __init__(self, *, own: str) -> None:
        self.own = own
        self.found: list[str] = []
        self.allowed: list[str] = []

    def watch(self, page: Page) -> None:
        """Listen to a page."""
        page.on("pageerror", lambda error: self.found.append(f"script error on {page.url}: {error}"))
        page.on("console", self._console)
        page.on("response", self._response)

    def allow(self, text: str) -> None:
        """Expect complaints that contain this text: the test provokes them."""
        self.allowed.append(text)

    def check(self) -> None:
        """Fail when something was found."""
        left = [entry for entry in self.found if not any(text in entry for text in self.allowed)]
        assert left == [], "\n".join(left)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(OVERTAKEN):
            where = message.location.get("url", "")
            self.found.append(f"console error: {message.text} ({where})")

    def _response(self, response: Response) -> None:
        if response.url.startswith(self.own) and response.status >= 500:
            self.found.append(f"{response.status} from {response.url}")
