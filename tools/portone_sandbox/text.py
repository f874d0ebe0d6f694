"""What the pages say, Korean first."""

TEXTS = {
    "test": ("시험 결제 · TEST PAYMENT", "TEST PAYMENT · 시험 결제"),
    "test_note": ("실제로 돈이 오가지 않습니다.", "No money moves."),
    "store": ("상점", "Store"),
    "order": ("주문", "Order"),
    "number": ("결제 번호", "Payment ID"),
    "method": ("결제 수단", "Method"),
    "amount": ("결제 금액", "Amount"),
    "choose": ("어떻게 끝낼까요?", "How should this end?"),
    "approve": ("결제 승인", "Approve payment"),
    "cancel": ("결제 취소", "Cancel payment"),
    "fail": ("결제 실패", "Fail payment"),
    "issue": ("가상계좌 발급", "Issue virtual account"),
    "approve_close": ("승인하고 창 닫기", "Approve and close window"),
    "approve_late": ("웹훅 지연 승인", "Approve with delayed webhook"),
    "approve_twice": ("웹훅 중복 승인", "Approve with duplicate webhooks"),
    "tamper": ("금액을 바꿔 승인", "Approve a different amount"),
    "reason": ("실패 사유", "Reason"),
    "user_cancel": ("결제를 취소했습니다.", "The shopper cancelled the payment."),
    "failures": ("결제가 안 되는 경우", "When it goes wrong"),
    "variants": ("드물지만 일어나는 일", "Rare, but it happens"),
    "issue_note": ("입금은 콘솔에서 합니다.", "Deposit from the console."),
    "close_note": ("상점은 웹훅으로만 알게 됩니다.", "The shop learns by webhook only."),
    "late_note": ("상점으로 먼저 돌아가고 웹훅은 나중에 옵니다.", "The webhook arrives after the return."),
    "twice_note": (
        "같은 웹훅이 세 번, 다른 번호로 한 번 더 옵니다.",
        "Same webhook three times, once more anew.",
    ),
    "tamper_note": ("상점이 요청한 금액과 다르게 결제됩니다.", "Charges another amount than asked."),
    "closed_title": ("결제가 승인되었습니다", "Payment approved"),
    "closed": (
        "이 창을 닫아도 됩니다. 상점에는 웹훅으로만 알립니다.",
        "You may close this window. The shop is told by webhook only.",
    ),
    "done_title": ("결제창을 닫는 중입니다", "Closing the payment window"),
    "done": ("결제가 끝났습니다. 이 창을 닫아도 됩니다.", "All done. You may close this window."),
    "over_title": ("이미 끝난 결제입니다", "This payment has ended"),
    "refused_title": ("결제창을 열 수 없습니다", "The payment window cannot open"),
    "back": ("상점으로 돌아가기", "Back to the shop"),
    "missing_title": ("찾을 수 없습니다", "Not found"),
    "receipt": ("시험 영수증", "Test receipt"),
    # the console
    "console": ("결제 콘솔", "Payment console"),
    "payments": ("결제", "Payments"),
    "no_payments": ("아직 결제가 없습니다.", "No payments yet."),
    "status": ("상태", "Status"),
    "when": ("시각", "Time"),
    "transactions": ("결제 시도", "Attempts"),
    "webhooks": ("웹훅", "Webhooks"),
    "no_webhooks": ("보낸 웹훅이 없습니다.", "No webhooks sent."),
    "cancellations": ("취소 내역", "Cancellations"),
    "actions": ("할 수 있는 일", "Actions"),
    "deposit": ("입금하기", "Deposit"),
    "deposit_late": ("기한이 지나도 입금하기", "Deposit after the deadline"),
    "expire": ("입금 기한 만료", "Expire the account"),
    "console_cancel": ("콘솔에서 취소", "Cancel from the console"),
    "cancel_amount": ("취소 금액 (비우면 전액)", "Amount (empty: all)"),
    "settle_cancel": ("취소 요청 승인", "Complete the cancellation"),
    "refuse_cancel": ("취소 요청 거절", "Refuse the cancellation"),
    "settle_paid": ("대기 결제 승인", "Complete the pending payment"),
    "settle_failed": ("대기 결제 거절", "Refuse the pending payment"),
    "resend": ("웹훅 다시 보내기", "Resend webhook"),
    "forge": ("위조 웹훅 보내기", "Send a forged webhook"),
    "forged": ("위조", "forged"),
    "faults": ("고장 내기", "Faults"),
    "faults_on": ("지금 고장을 내는 중입니다.", "Faults are active."),
    "apply": ("적용", "Apply"),
    "clear": ("모두 정상으로", "Back to normal"),
    "attempts": ("시도", "tries"),
    "next_try": ("다음 시도", "next try"),
    "account": ("가상계좌", "Virtual account"),
    "all_payments": ("모든 결제", "All payments"),
    "refused": ("할 수 없습니다", "Not possible"),
    "latency_ms": ("응답 지연 (ms)", "Latency (ms)"),
    "bad_gateways": ("다음 n번 502 HTML", "Next n calls: 502 HTML"),
    "timeouts": ("다음 n번 응답 없음", "Next n calls: no answer"),
    "timeout_seconds": ("응답 없이 버티는 시간 (초)", "Hang before dropping (s)"),
    "timeout_after_work": ("처리는 하고 응답만 잃기", "Do the work, lose the answer"),
    "pg_errors": ("다음 n번 PG 거절", "Next n calls: PG refuses"),
    "cancel_mode": ("취소 방식", "Cancel mode"),
    "cancel_settle_seconds": (
        "비동기 취소 완료까지 (초, 0=수동)",
        "Async cancel settles after (s, 0=by hand)",
    ),
    "pay_pending": ("승인해도 대기 (PAY_PENDING)", "Approval stays pending"),
    "manual_approval": ("수동 승인 (confirm 필요)", "Manual approval (confirm)"),
    "webhook_delay_seconds": ("지연 웹훅 (초)", "Delayed webhook (s)"),
    "lose_webhooks": ("웹훅 보내지 않기", "Lose all webhooks"),
}
STATUSES = {
    "READY": ("결제 대기", "Ready"),
    "PAY_PENDING": ("승인 대기", "Pending"),
    "VIRTUAL_ACCOUNT_ISSUED": ("입금 대기", "Awaiting deposit"),
    "PAID": ("결제 완료", "Paid"),
    "FAILED": ("실패", "Failed"),
    "PARTIAL_CANCELLED": ("부분 취소", "Partly cancelled"),
    "CANCELLED": ("취소", "Cancelled"),
    "PENDING": ("전송 중", "Sending"),
    "SUCCEEDED": ("성공", "Succeeded"),
    "REQUESTED": ("요청됨", "Requested"),
    "FAILED_NOT_OK_RESPONSE": ("거절됨", "Refused"),
    "FAILED_UNEXPECTED_ERROR": ("전송 실패", "Not delivered"),
}
METHODS = {
    "CARD": ("카드", "Card"),
    "VIRTUAL_ACCOUNT": ("가상계좌", "Virtual account"),
    "TRANSFER": ("계좌이체", "Bank transfer"),
    "MOBILE": ("휴대폰", "Mobile phone"),
    "GIFT_CERTIFICATE": ("상품권", "Gift certificate"),
    "EASY_PAY": ("간편결제", "Easy pay"),
    "PAYPAL": ("페이팔", "PayPal"),
    "ALIPAY": ("알리페이", "Alipay"),
    "ALIPAY_PLUS": ("알리페이 플러스", "Alipay+"),
    "CONVENIENCE_STORE": ("편의점", "Convenience store"),
}
# code: what the PG says
FAILURES = {
    "REJECT_CARD_PAYMENT": ("한도를 초과했거나 잔액이 부족합니다.", "Limit exceeded or not enough money."),
    "INVALID_STOPPED_CARD": ("정지된 카드입니다.", "The card is suspended."),
    "INVALID_CARD_EXPIRATION": ("카드 유효기간이 맞지 않습니다.", "The card's expiry date is wrong."),
    "EXCEED_MAX_DAILY_PAYMENT_COUNT": ("하루 결제 횟수를 초과했습니다.", "Too many payments today."),
    "PROVIDER_ERROR": ("카드사에 일시적인 장애가 있습니다.", "The card company is unavailable."),
}
USER_CANCEL = "PAY_PROCESS_CANCELED"


class Speech:
    """Words in one language: `say.approve`, `say.status("PAID")`."""

    def __init__(self, locale: str) -> None:
        self.english = locale.upper().startswith("EN")
        self.lang = "en" if self.english else "ko"

    def __getattr__(self, name: str) -> str:
        return self._pick(TEXTS[name])

    def status(self, code: str) -> str:
        return self._pick(STATUSES.get(code, (code, code)))

    def pay_method(self, code: str) -> str:
        return self._pick(METHODS.get(code, (code, code)))

    def failure(self, code: str) -> str:
        return self._pick(FAILURES[code])

    def money(self, amount: int, currency: str) -> str:
        if currency != "KRW":
            return f"{currency} {amount:,}"
        return f"₩{amount:,}" if self.english else f"{amount:,}원"

    def _pick(self, pair: tuple[str, str]) -> str:
        return pair[1] if self.english else pair[0]
