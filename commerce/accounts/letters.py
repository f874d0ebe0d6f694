"""What of an allauth mail is handed to the workers: its kind, and values that are plain and safe to keep."""

from typing import Any

_KINDS = {
    "account/email/email_confirmation": "confirm_address",
    "account/email/email_confirmation_signup": "confirm_address",
    "account/email/password_reset_code": "reset_password",
    "account/email/account_already_exists": "already_exists",
    "account/email/unknown_account": "unknown_account",
    "account/email/password_changed": "password_changed",
    "account/email/password_set": "password_changed",
    "account/email/password_reset": "password_changed",
    "account/email/email_changed": "address_changed",
    "account/email/email_confirm": "address_confirmed",
    "account/email/email_deleted": "address_deleted",
    "socialaccount/email/account_connected": "linked",
    "socialaccount/email/account_disconnected": "unlinked",
    "mfa/email/totp_activated": "second_factor_added",
    "mfa/email/totp_deactivated": "second_factor_removed",
    "mfa/email/webauthn_added": "second_factor_added",
    "mfa/email/webauthn_removed": "second_factor_removed",
    "mfa/email/recovery_codes_generated": "recovery_codes_made",
}
KINDS = frozenset(_KINDS.values())


def kind(template_prefix: str) -> str:
    """Return the shop's word for a mail that allauth wants to send.

    Raises:
        KeyError: nobody knows this mail; a test holds the table against allauth's templates.
    """
    return _KINDS[template_prefix]


def details(context: dict[str, Any]) -> dict[str, str]:
    """Return what the text needs: a code, a provider's name. No address of a page: workers make those themselves."""
    found = {}
    if context.get("code"):
        found["code"] = str(context["code"])
    if context.get("provider") is not None:
        found["provider"] = str(context["provider"].name)
    return found
