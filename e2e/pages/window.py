"""The payment window of the sandbox."""

from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

LABELS = {
    "approve": ("결제 승인", "Approve payment"),
    "cancel": ("결제 취소", "Cancel payment"),
    "fail": ("결제 실패", "Fail payment"),
    "issue": ("가상계좌 발급", "Issue virtual account"),
    "approve_close": ("승인하고 창 닫기", "Approve and close window"),
    "approve_twice": ("웹훅 중복 승인", "Approve with duplicate webhooks"),
    "tamper": ("금액을 바꿔 승인", "Approve a different amount"),
}


class PaymentWindow:
    """Ends a payment in one of many ways. Only a window that calls itself a test is touched."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._button("approve").wait_for()
        assert "TEST PAYMENT" in page.locator("body").inner_text()
        address = urlsplit(page.url)
        self.origin = f"{address.scheme}://{address.netloc}"

    def end(self, how: str) -> None:
        """Press a button by its meaning; the window may speak either language."""
        self._button(how).click()

    def deposit(self) -> None:
        """Pay into the virtual account that was issued last, as a bank would."""
        newest = self.page.request.get(f"{self.origin}/_sandbox/payments").json()["items"][-1]["id"]
        answer = self.page.request.post(f"{self.origin}/_sandbox/payments/{newest}/deposit", data={})
        assert answer.ok, answer.text()

    def _button(self, how: str) -> Locator:
        korean, english = LABELS[how]
        named = self.page.get_by_role("button", name=korean, exact=True)
        return named.or_(self.page.get_by_role("button", name=english, exact=True)).first
