"""Standard Webhooks signatures: HMAC-SHA256 over `id.timestamp.body`, base64, `v1,` in front."""

import base64
import hmac

from tools.portone_sandbox.config import webhook_key


def sign(*, secret: str, id: str, timestamp: int, body: str) -> str:
    """Sign one delivery attempt; `timestamp` in Unix seconds, `body` exactly as sent."""
    message = f"{id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.digest(webhook_key(secret), message, "sha256")).decode()
