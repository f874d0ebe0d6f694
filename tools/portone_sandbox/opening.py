"""Opening the payment window: a checked request becomes the first state of an attempt."""

from dataclasses import dataclass

from tools.portone_sandbox import attempts, money
from tools.portone_sandbox.errors import WindowError
from tools.portone_sandbox.model import Attempt, Payment
from tools.portone_sandbox.payrequest import PayRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Where a browser came from, for the payment's `origin`."""

    ip: str
    user_agent: str

    @property
    def platform(self) -> str:
        return "MOBILE" if "Mobi" in self.user_agent else "PC"


def check_predefined(payment: Payment, request: PayRequest) -> None:
    """Compare with what the shop registered beforehand; raises WindowError."""
    fixed = payment.predefined
    if fixed is None:
        return
    pairs = (
        (fixed.total, request.total),
        (fixed.tax_free, request.tax_free),
        (fixed.currency, request.currency),
    )
    if any(registered is not None and registered != asked for registered, asked in pairs):
        raise WindowError("AmountNotEqualToPredefined", "사전 등록된 결제 금액과 일치하지 않습니다.")


def new_attempt(request: PayRequest, visitor: Visitor, moment: str) -> Attempt:
    """Write down who wants to pay what, in the state READY."""
    return Attempt(
        tx_id=attempts.new_tx_id(),
        payment_id=request.payment_id,
        status="READY",
        order_name=request.order_name,
        total=request.total,
        tax_free=request.tax_free,
        vat=money.vat_of(request.total - request.tax_free) if request.vat is None else request.vat,
        currency=request.currency,
        pay_method=request.pay_method,
        platform=visitor.platform,
        ip=visitor.ip,
        user_agent=visitor.user_agent,
        requested_at=moment,
        updated_at=moment,
        status_changed_at=moment,
        redirect_url=request.redirect_url,
        parent_origin=request.parent_origin,
        locale=request.locale,
        customer=request.customer,
        products=request.products,
        custom_data=request.custom_data,
        notice_urls=request.notice_urls,
        easy_pay_provider=request.easy_pay_provider,
        account_expires_at=request.account_expires_at,
        cash_receipt=request.cash_receipt,
    )
