"""Configuration: the shop's own variable names, and the reasons to refuse to start."""

import base64
import binascii
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

REQUIRED = ("PORTONE_API_SECRET", "PORTONE_STORE_ID", "PORTONE_API_KEY", "PORTONE_WEBHOOK_SECRET")


class UnableToStart(Exception):
    """The sandbox may not or cannot run here; the message names the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    api_secret: str
    store_id: str
    channel_key: str
    webhook_secret: str
    webhook_url: str
    host: str = "127.0.0.1"
    port: int = 8010
    state: Path | None = None
    time_scale: float = 1.0
    manual_approval: bool = False

    @property
    def base_url(self) -> str:
        """Where this sandbox listens."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def read(
    *,
    environ: Mapping[str, str],
    host: str,
    port: int,
    webhook_url: str,
    state: Path | None = None,
    time_scale: float = 1.0,
    manual_approval: bool = False,
) -> Config:
    """Build the configuration; raises UnableToStart in production, off loopback, or when a value is missing."""
    _refuse_production(environ)
    if not is_loopback(host):
        raise UnableToStart(f"host {host!r} is not a loopback address: the sandbox never faces a network")
    if time_scale < 0:
        raise UnableToStart("--time-scale must not be negative")
    if urlsplit(webhook_url).scheme not in ("http", "https") or not urlsplit(webhook_url).hostname:
        raise UnableToStart(f"--webhook-url {webhook_url!r} is not an http address")
    missing = [name for name in REQUIRED if not environ.get(name, "").strip()]
    if missing:
        raise UnableToStart("not set: " + ", ".join(missing))
    webhook_key(environ["PORTONE_WEBHOOK_SECRET"])
    return Config(
        api_secret=environ["PORTONE_API_SECRET"],
        store_id=environ["PORTONE_STORE_ID"],
        channel_key=environ["PORTONE_API_KEY"],
        webhook_secret=environ["PORTONE_WEBHOOK_SECRET"],
        webhook_url=webhook_url,
        host=host,
        port=port,
        state=state,
        time_scale=time_scale,
        manual_approval=manual_approval,
    )


def webhook_key(secret: str) -> bytes:
    """Decode `whsec_<base64>` (the prefix is optional) into the HMAC key; raises UnableToStart."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise UnableToStart("PORTONE_WEBHOOK_SECRET is not whsec_<base64>") from error
    if not key:
        raise UnableToStart("PORTONE_WEBHOOK_SECRET is empty after decoding")
    return key


def is_loopback(host: str) -> bool:
    """Tell whether `host` (a name or an address) can only be this machine."""
    bare = host.strip("[]").lower()
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def _refuse_production(environ: Mapping[str, str]) -> None:
    if environ.get("DJANGO_ENV", "").strip().lower() == "production":
        raise UnableToStart("DJANGO_ENV=production: payments there must be real")
    if environ.get("DJANGO_SETTINGS_MODULE", "").strip().endswith(".production"):
        raise UnableToStart("DJANGO_SETTINGS_MODULE is a production module: payments there must be real")
