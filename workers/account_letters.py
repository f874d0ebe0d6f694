"""Mails about accounts: codes, news of changes that somebody else might have made, and the two-year notice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commerce.accounts.models import AccountLetter
from commerce.accounts.services import CODE_MINUTES
from commerce.consents.kinds import BY_CODE
from workers import links
from workers.letters import Letter
from workers.sender import sender

_CODES: dict[str, tuple[Promise, Promise]] = {
    "confirm_address": (
        _("Please confirm your e-mail address"),
        _(
            "Enter this code on the page that is waiting for it. Without it, nobody can use this address with us."
        ),
    ),
    "reset_password": (
        _("Your code for a new password"),
        _("Enter this code on the page that is waiting for it, and choose a new password there."),
    ),
}
_NEWS: dict[str, tuple[Promise, Promise]] = {
    "already_exists": (
        _("You already have an account"),
        _(
            "Somebody, probably you, tried to sign up with this address. You have an account already: sign in, or set a "
            "new password if you have forgotten yours. Kakao, Naver and Google can be connected once you are signed in."
        ),
    ),
    "unknown_account": (
        _("There is no account with this address"),
        _(
            "Somebody, probably you, asked for a new password. There is no account with this address: perhaps you signed "
            "up with another one."
        ),
    ),
    "password_changed": (
        _("Your password was changed"),
        _("The password of your account is a new one."),
    ),
    "address_changed": (
        _("Your e-mail address was changed"),
        _("Your account has another e-mail address now. This one is not used any more."),
    ),
    "address_confirmed": (
        _("Your e-mail address is confirmed"),
        _("From now on you sign in with this address."),
    ),
    "address_deleted": (
        _("An e-mail address was removed"),
        _("This address does not belong to your account any more."),
    ),
    "linked": (
        _("A new way to sign in"),
        _("From now on you can sign in to your account with %(provider)s as well."),
    ),
    "unlinked": (
        _("A way to sign in was removed"),
        _("You can no longer sign in to your account with %(provider)s."),
    ),
    "second_factor_added": (
        _("Two-step sign-in is on"),
        _("An app or a security key was added. Signing in with the password asks for it."),
    ),
    "second_factor_removed": (
        _("A second step of signing in was removed"),
        _("An app or a security key does not belong to your account any more."),
    ),
    "recovery_codes_made": (
        _("New recovery codes"),
        _("New recovery codes were made for your account. The old ones do not work any more."),
    ),
}
_FOR_NOBODY = ("already_exists", "unknown_account")  # what follows from these is not "secure your account"
KINDS = frozenset({*_CODES, *_NEWS})


def of(*, row: AccountLetter) -> Letter:
    """Compose a waiting mail.

    Raises:
        KeyError: nobody knows its kind.
    """
    with translation.override(row.language):
        if row.kind in _CODES:
            headline, text = _CODES[row.kind]
            more = {"text": text, "code": row.details["code"], "minutes": CODE_MINUTES}
            return _letter("account_code", headline, row.to, row.language, **more)
        headline, text = _NEWS[row.kind]
        return _letter(
            "account_news",
            headline,
            row.to,
            row.language,
            text=str(text) % {"provider": _provider(row.details.get("provider", ""))},
            at=_moment(row.written_at, row.language),
            alarming=row.kind not in _FOR_NOBODY,
            sign_in=links.home() + reverse("account_login"),
            sign_up=links.home() + reverse("account_signup") if row.kind == "unknown_account" else "",
            reset=links.home() + reverse("account_reset_password"),
        )


def consents_due(*, to: str, language: str, given: Sequence[tuple[str, datetime]]) -> Letter:
    """Compose the notice that somebody still receives advertisements: who sends them, since when, how to end it.

    Network Act §50(8), decree §62-3. `given` has codes of consents and when each was given.
    """
    with translation.override(language):
        return _letter(
            "consents_due",
            gettext("Your consent to advertisements"),
            to,
            language,
            given=[(BY_CODE[code].label, _day(at, language)) for code, at in given],
            page=links.home() + reverse("account-consents"),
        )


def copy_ready(*, to: str, language: str, until: datetime) -> Letter:
    """Compose the news that a copy of somebody's data can be fetched on my page until a moment; nothing of it is inside."""
    with translation.override(language):
        return _letter(
            "copy_ready",
            gettext("The copy of your data is ready"),
            to,
            language,
            until=_moment(until, language),
            page=links.home() + reverse("account-privacy"),
        )


def _letter(kind: str, headline: Any, to: str, language: str, **context: Any) -> Letter:
    shop = sender(language=language)
    return Letter(
        kind=kind,
        order_id=None,
        to=to,
        language=language,
        subject=f"[{shop.brand}] {headline}",
        context={"headline": headline, "shop": shop, "home": links.home(), **context},
    )


def _provider(name: str) -> str:
    """Return how a provider is called in the language of the mail."""
    return {"Kakao": gettext("Kakao"), "Naver": gettext("Naver")}.get(name, name)


def _moment(at: datetime, language: str) -> str:
    return format_date(timezone.localtime(at), "Y년 n월 j일 H:i" if language == "ko" else "N j, Y, H:i")


def _day(at: datetime, language: str) -> str:
    return format_date(timezone.localtime(at), "Y년 n월 j일" if language == "ko" else "N j, Y")
