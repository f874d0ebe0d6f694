"""The payment window of the sandbox."""

from playwright.sync_api import Page

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
    """Ends a payment in one of many ways."""

    def __init__(self, page: Page, *, sandbox: str) -> None:
        self.page = page
        self.sandbox = sandbox

    def wait(self) -> "PaymentWindow":
        """Wait until the window is open."""
        self.page.wait_for_url(f"{self.sandbox}/**")
        return self

    def end(self, how: str) -> None:
        """Press a button by its meaning; the window may speak either language."""
        korean, english = LABELS[how]
        button = self.page.get_by_role("button", name=korean).or_(
            self.page.get_by_role("button", name=english)
        )
        button.first.click()
