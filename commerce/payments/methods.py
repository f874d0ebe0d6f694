"""The ways to pay that the shop offers, by PortOne's names."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commerce.payments import banks

METHODS = ("CARD", "EASY_PAY", "TRANSFER", "VIRTUAL_ACCOUNT")
LABELS: dict[str, str | Promise] = {
    "CARD": _("Credit or debit card"),
    "EASY_PAY": _("Easy pay"),
    "TRANSFER": _("Bank transfer now"),
    "VIRTUAL_ACCOUNT": _("Deposit later"),
}
HINTS: dict[str, str | Promise] = {
    "CARD": _("The card company's window opens next."),
    "EASY_PAY": _("Kakao Pay, Naver Pay, Toss Pay and others"),
    "TRANSFER": _("Directly from your account"),
    "VIRTUAL_ACCOUNT": _("We give you an account; you transfer within a day."),
}
# PortOne's codes: https://developers.portone.io/schema/v2.openapi.yml (EasyPayProvider), and the services' own names.
_EASY_PAYS = {
    "KAKAOPAY": ("카카오페이", "Kakao Pay"),
    "NAVERPAY": ("네이버페이", "Naver Pay"),
    "TOSSPAY": ("토스페이", "Toss Pay"),
    "TOSS_BRANDPAY": ("토스 브랜드페이", "Toss Brandpay"),
    "SAMSUNGPAY": ("삼성페이", "Samsung Pay"),
    "APPLEPAY": ("애플페이", "Apple Pay"),
    "PAYCO": ("페이코", "PAYCO"),
    "SSGPAY": ("SSG페이", "SSG Pay"),
    "LPAY": ("L.페이", "L.pay"),
    "SKPAY": ("SK페이", "SK pay"),
    "LGPAY": ("LG페이", "LG Pay"),
    "PINPAY": ("핀페이", "PinPay"),
    "KPAY": ("케이페이", "KPAY"),
    "CHAI": ("차이", "CHAI"),
    "KB_APP": ("KB Pay", "KB Pay"),
    "ALIPAY": ("알리페이", "Alipay"),
}


def paid_with(*, detail: str, language: str) -> str:
    """Return what people call the card, the easy pay service or the bank that an order was paid with.

    `detail` is what PortOne says: the name of a card, or a code. Other words are shown as they are.
    """
    if detail in _EASY_PAYS:
        korean, english = _EASY_PAYS[detail]
        return korean if language == "ko" else english
    return banks.name(code=detail, language=language)
