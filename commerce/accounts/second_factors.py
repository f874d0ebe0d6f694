"""Second factors: how they are called, and that their secrets are not stored in the clear."""

import base64
import hashlib
import logging

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

logger = logging.getLogger(__name__)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Secrets of apps and recovery codes are encrypted with SECRET_KEY; a copy of the database alone opens nothing."""

    def encrypt(self, text: str) -> str:
        """Return the text as it is stored."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text again; keys of the past (SECRET_KEY_FALLBACKS) still open it.

        Without its key it becomes a secret that nobody knows, by which no code is right: the owner uses another way, or
        `reset_mfa`. An empty one would let in whoever computes codes with it.
        """
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error("the key of a second factor is gone: keep it in SECRET_KEY_FALLBACKS")
            return str(generate_totp_secret())

    def _get_site_name(self) -> str:
        """Return what an app shows beside the code."""
        return str(settings.WAGTAIL_SITE_NAME)


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str | bytes) -> bytes:
    secret = key.encode() if isinstance(key, str) else key
    return base64.urlsafe_b64encode(hashlib.sha256(b"maru second factor " + secret).digest())
