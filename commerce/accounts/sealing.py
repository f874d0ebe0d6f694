"""Secrets of others that the shop must keep for a while: encrypted with SECRET_KEY, so that a copy of the database opens nothing."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    """Return the text as it is stored."""
    return _box().encrypt(text.encode()).decode()


def unseal(stored: str) -> str:
    """Return the text again, also with a key of the past (SECRET_KEY_FALLBACKS); empty when its key is gone."""
    try:
        return _box().decrypt(stored.encode()).decode()
    except InvalidToken:
        return ""


def _box() -> MultiFernet:
    return MultiFernet(
        [Fernet(_derived(key)) for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]]
    )


def _derived(key: str | bytes) -> bytes:
    secret = key.encode() if isinstance(key, str) else key
    return base64.urlsafe_b64encode(hashlib.sha256(b"maru sealed " + secret).digest())
