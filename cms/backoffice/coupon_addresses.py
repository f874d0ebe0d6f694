"""E-mail addresses as somebody pastes them: one a line, or with commas, or out of a mail program."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower

from commerce.customers.models import User

MOST = 500
_BETWEEN = re.compile(r"[,;\r\n\t]+")
_NAMED = re.compile(r"<([^<>]*)>\s*$")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: addresses in lower case, each once and in their order, and what is none."""

    addresses: list[str]
    malformed: list[str]


def parse(text: str) -> Typed:
    """Read addresses out of a text; `하나 <hana@example.com>` counts as the address."""
    addresses: dict[str, None] = {}
    malformed: dict[str, None] = {}
    for piece in _pieces(text):
        try:
            validate_email(piece)
        except ValidationError:
            malformed[piece] = None
        else:
            addresses[piece.lower()] = None
    return Typed([*addresses], [*malformed])


def customers(*, addresses: Collection[str]) -> dict[str, User]:
    """Return the accounts of addresses, in one query; who has left or is locked out is not among them."""
    rows = User.objects.annotate(lower=Lower("email")).filter(lower__in=addresses, is_active=True)
    return {user.email.lower(): user for user in rows}


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for part in _BETWEEN.split(text):
        piece = part.strip()
        named = _NAMED.search(piece)
        words = piece.split()
        if named:
            pieces.append(named[1].strip())
        elif len(words) > 1 and all("@" in word for word in words):
            pieces.extend(words)
        elif piece:
            pieces.append(piece)
    return [piece for piece in pieces if piece]
