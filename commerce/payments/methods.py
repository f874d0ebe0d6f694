"""The ways to pay that the shop offers, by PortOne's names."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
