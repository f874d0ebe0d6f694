"""The `method` object of a payment: which card, account or wallet the test shopper used."""

import secrets
from datetime import datetime, timedelta

from tools.portone_sandbox import times
from tools.portone_sandbox.model import Attempt, Json

ACCOUNT_DAYS = 7
BANK = "SHINHAN"
REMITTEE = "포트원 샌드박스"


def paid_with(attempt: Attempt) -> Json:
    """Describe the means of payment for an approved attempt."""
    if attempt.method is not None:
        return attempt.method
    makers = {
        "TRANSFER": _transfer,
        "MOBILE": _mobile,
        "GIFT_CERTIFICATE": _gift_certificate,
        "CONVENIENCE_STORE": lambda attempt: {"type": "PaymentMethodConvenienceStore"},
        "EASY_PAY": _easy_pay,
        "PAYPAL": _easy_pay,
        "ALIPAY": _easy_pay,
        "ALIPAY_PLUS": _easy_pay,
    }
    return makers.get(attempt.pay_method, lambda attempt: _card())(attempt)


def virtual_account(attempt: Attempt, *, now: datetime) -> Json:
    """Issue a fresh virtual account for the attempt; it lasts seven days unless the shop asked otherwise."""
    name = attempt.customer.get("name")
    return {
        "type": "PaymentMethodVirtualAccount",
        "bank": BANK,
        "accountNumber": "562" + "".join(secrets.choice("0123456789") for _ in range(11)),
        "accountType": "NORMAL",
        "remitteeName": REMITTEE,
        **({"remitterName": name} if name else {}),
        "issuedAt": times.stamp(now),
        "expiredAt": attempt.account_expires_at or times.stamp(now + timedelta(days=ACCOUNT_DAYS)),
    }


def _card() -> Json:
    return {
        "type": "PaymentMethodCard",
        "card": {
            "publisher": "SHINHAN_CARD",
            "issuer": "SHINHAN_CARD",
            "brand": "LOCAL",
            "type": "CREDIT",
            "ownerType": "PERSONAL",
            "bin": "457973",
            "name": "신한카드",
            "number": "457973******001*",
        },
        "approvalNumber": f"{secrets.randbelow(10**8):08d}",
        "installment": {"month": 0, "isInterestFree": False},
        "pointUsed": False,
    }


def _easy_pay(attempt: Attempt) -> Json:
    wallet = {"PAYPAL": "PAYPAL", "ALIPAY": "ALIPAY", "ALIPAY_PLUS": "ALIPAY"}.get(attempt.pay_method)
    return {
        "type": "PaymentMethodEasyPay",
        "provider": wallet or attempt.easy_pay_provider or "KAKAOPAY",
        "easyPayMethod": _card(),
    }


def _transfer(attempt: Attempt) -> Json:
    return {"type": "PaymentMethodTransfer", "bank": BANK, "accountNumber": "110***123456"}


def _mobile(attempt: Attempt) -> Json:
    phone = attempt.customer.get("phoneNumber")
    return {"type": "PaymentMethodMobile", **({"phoneNumber": phone} if phone else {})}


def _gift_certificate(attempt: Attempt) -> Json:
    return {
        "type": "PaymentMethodGiftCertificate",
        "giftCertificateType": "CULTURELAND",
        "approvalNumber": secrets.token_hex(8),
    }
