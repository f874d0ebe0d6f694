"""Tracking numbers as people type them, and the address where a parcel is followed."""

import re
import unicodedata
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PLACE = "{n}"
_SEPARATORS = re.compile(r"[\s\-‐-―.]")
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?E\+?\d+$", re.IGNORECASE)


class BadNumber(Exception):
    """What was typed is no tracking number; `why` is `empty`, `letters`, `rounded` or `length`."""

    def __init__(self, why: str, *, least: int = 0, most: int = 0) -> None:
        super().__init__(why)
        self.why, self.least, self.most = why, least, most


def digits(*, text: str, least: int, most: int) -> str:
    """Return a tracking number as digits alone; `least` and `most` are how many its courier uses.

    Full-width digits, spaces, hyphens and dots are forgiven.

    Raises:
        BadNumber: it is empty, has letters, has another length, or a spreadsheet rounded it (`6.1E+11`).
    """
    typed = unicodedata.normalize("NFKC", text).strip().lstrip("'")
    if _SCIENTIFIC.match(typed):
        raise BadNumber("rounded")
    number = _SEPARATORS.sub("", typed)
    if not number:
        raise BadNumber("empty")
    if not (number.isascii() and number.isdigit()):
        raise BadNumber("letters")
    if not least <= len(number) <= most:
        raise BadNumber("length", least=least, most=most)
    return number


def address(*, template: str, number: str) -> str:
    """Return where a parcel is followed."""
    return template.replace(PLACE, number)


def check_address(template: str) -> None:
    """Refuse a template that is no https address or does not have exactly one place for the number.

    Raises:
        ValidationError: it would lead shoppers somewhere else, or nowhere.
    """
    parts = urlsplit(template)
    plain = template.replace(PLACE, "")
    if parts.scheme != "https" or not parts.hostname or parts.username is not None or "\\" in template:
        raise ValidationError(_("Enter an address that begins with https://."), code="https")
    if PLACE in parts.netloc or template.count(PLACE) != 1 or "{" in plain or "}" in plain:
        raise ValidationError(_("The address must contain {n} exactly once, behind the host."), code="place")
    if re.search(r"\s", template):
        raise ValidationError(_("An address has no spaces."), code="spaces")
