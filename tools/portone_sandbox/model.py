"""What the sandbox remembers: payments with their attempts, cancellations, receipts and deliveries."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Cancellation:
    id: str
    status: str  # SUCCEEDED, REQUESTED or FAILED
    total: int
    tax_free: int
    vat: int
    reason: str
    trigger: str  # API or CONSOLE
    requested_at: str
    cancelled_at: str | None = None
    skip_webhook: bool = False


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One opening of the payment window; `tx_id` is PortOne's transactionId."""

    tx_id: str
    payment_id: str
    status: str
    order_name: str
    total: int
    tax_free: int
    vat: int
    currency: str
    pay_method: str
    platform: str
    ip: str
    user_agent: str
    requested_at: str
    updated_at: str
    status_changed_at: str
    redirect_url: str | None = None
    parent_origin: str | None = None
    locale: str = "KO_KR"
    customer: Json = field(default_factory=dict)
    products: list[Json] = field(default_factory=list)
    custom_data: str | None = None
    notice_urls: list[str] = field(default_factory=list)
    easy_pay_provider: str | None = None
    account_expires_at: str | None = None
    cash_receipt: Json = field(default_factory=dict)
    method: Json | None = None
    pg_tx_id: str | None = None
    payment_token: str | None = None
    authenticated_total: int | None = None
    paid_at: str | None = None
    failed_at: str | None = None
    failure: Json | None = None
    cancelled_at: str | None = None
    cancellations: list[Cancellation] = field(default_factory=list)
    result: dict[str, str] | None = None

    def cancelled(self, *statuses: str) -> tuple[int, int]:
        """Sum (total, tax-free) of the cancellations in one of `statuses`."""
        chosen = [one for one in self.cancellations if one.status in statuses]
        return sum(one.total for one in chosen), sum(one.tax_free for one in chosen)


@dataclass(slots=True, kw_only=True)
class Predefined:
    """Amounts that the shop registered before the window opened; None was not registered."""

    total: int | None = None
    tax_free: int | None = None
    currency: str | None = None


@dataclass(slots=True, kw_only=True)
class Payment:
    payment_id: str
    attempts: list[Attempt] = field(default_factory=list)
    predefined: Predefined | None = None

    @property
    def current(self) -> Attempt | None:
        """The attempt that speaks for the payment: the one that was paid, else the latest."""
        done = [one for one in self.attempts if one.status in SETTLED]
        return done[0] if done else (self.attempts[-1] if self.attempts else None)


@dataclass(slots=True, kw_only=True)
class Receipt:
    """A cash receipt (현금영수증)."""

    payment_id: str
    status: str  # ISSUED or CANCELLED
    type: str  # PERSONAL or CORPORATE
    order_name: str
    total: int
    tax_free: int
    vat: int
    currency: str
    is_manual: bool
    issue_number: str
    pg_receipt_id: str
    url: str
    issued_at: str
    cancelled_at: str | None = None


@dataclass(slots=True, kw_only=True)
class Try:
    """One HTTP request of a delivery and what came of it."""

    requested_at: str
    header: str
    code: str | None = None
    response_header: str = ""
    response_body: str = ""
    responded_at: str | None = None
    error: str | None = None


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One webhook to one address; `id` is the webhook-id header and stays the same over retries."""

    id: str
    payment_id: str
    tx_id: str
    type: str
    url: str
    body: str
    payment_status: str
    triggered_at: str
    trigger: str | None = None
    status: str = "PENDING"
    next_at: str | None = None
    failures: int = 0
    resends: int = 0
    forged: bool = False
    tries: list[Try] = field(default_factory=list)


SETTLED = ("PAID", "PARTIAL_CANCELLED", "CANCELLED")
