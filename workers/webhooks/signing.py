"""Signatures and secrets of Standard Webhooks (https://www.standardwebhooks.com, version 1)."""

import base64
import binascii
import hashlib
import hmac
import secrets as randomness
from collections.abc import Sequence

PREFIX = "whsec_"
BYTES = 32  # the standard asks for 24 to 64


def new_secret() -> str:
    """Return a fresh secret: `whsec_` and base64 of 32 random bytes."""
    return PREFIX + base64.b64encode(randomness.token_bytes(BYTES)).decode()


def signature(*, secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return `v1,<base64>`: HMAC-SHA256 over `id.timestamp.body`; the timestamp is in seconds.

    Raises:
        ValueError: the secret is none of ours.
    """
    if not secret.startswith(PREFIX):
        raise ValueError("a webhook secret begins with whsec_")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a webhook secret is base64") from None  # never with the secret in the message
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def signatures(*, secrets: Sequence[str], message_id: str, timestamp: int, body: bytes) -> str:
    """Return the header's value: one signature per valid secret, so that a rotation loses nobody."""
    return " ".join(
        signature(secret=secret, message_id=message_id, timestamp=timestamp, body=body) for secret in secrets
    )
