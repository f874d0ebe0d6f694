"""What production does not start with: values that are there and protect nothing.

`weaknesses()` looks at the environment only and opens no connection. No sentence repeats a secret's value.
"""

import base64
import binascii
from collections.abc import Iterator
from urllib.parse import urlsplit

import pyrage
from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.utils import BadDsn, Dsn

from config import env, social

KEY_LENGTH, KEY_SIGNS = 50, 5  # what Django's own check asks of SECRET_KEY (security.W009)
NO_SENDER = ("console", "dummy", "filebased", "locmem")  # parts of Django's e-mail backends that send nothing
PORTONE = "https://api.portone.io"
EVERYBODY_KNOWS = frozenset(
    [
        "postgres",
        "password",
        "passwd",
        "secret",
        "changeme",
        "change-me",
        "admin",
        "root",
        "test",
        "maru",
        "shop",
    ]
    + [
        "1234",
        "12345678",
        "123456789",
        "1234567890",
        "qwerty",
        "default",
        "redis",
        "valkey",
        "user",
        "example",
    ]
)
OF_THE_SANDBOX = frozenset(  # they are in this repository
    ["demo-api-secret-of-the-sandbox", "test-api-secret"]
    + [
        "whsec_bWFydS1kZW1vLXdlYmhvb2stc2VjcmV0LTAwMDAwMDA=",
        "whsec_cG9ydG9uZS1zYW5kYm94LXdlYmhvb2stc2VjcmV0ISE=",
    ]
)
PLACEHOLDERS = ("change-me", "changeme", "your-", "django-insecure", "development", "example", "test-only")

_rehearsing = False


def rehearse() -> None:
    """Let this process use the payment sandbox and a sink for mails: only `config.settings.staging` says so."""
    global _rehearsing
    _rehearsing = True


def refuse_weak() -> None:
    """Refuse to go on with values that protect nothing.

    Raises:
        ImproperlyConfigured: it names every weak value.
    """
    found = weaknesses(rehearsal=_rehearsing)
    if found:
        lines = "\n".join(f"  - {weakness}" for weakness in found)
        raise ImproperlyConfigured(
            f"These environment variables must be changed:\n{lines}\nSee docs/deployment.md."
        )


def weaknesses(*, rehearsal: bool) -> list[str]:
    """Return one sentence for each value that production must not start with."""
    found = [*_key(), *_hosts(), *_address(), *_database(), *_redis(), *_proxy(), *_watching(), *_backups()]
    found += _social()
    if not rehearsal:
        found += [*_payments(), *_mail()]
    return found


def _key() -> Iterator[str]:
    key = env.secret_key()
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_SIGNS:
        yield f"SECRET_KEY needs at least {KEY_LENGTH} characters, {KEY_SIGNS} of them different"
    elif any(word in key.lower() for word in PLACEHOLDERS):
        yield "SECRET_KEY is a placeholder that others know"
    if any(len(old) < KEY_LENGTH for old in env.names("SECRET_KEY_FALLBACKS")):
        yield f"SECRET_KEY_FALLBACKS: each needs at least {KEY_LENGTH} characters"


def _hosts() -> Iterator[str]:
    for host in env.names("ALLOWED_HOSTS"):
        if "*" in host:
            yield "ALLOWED_HOSTS must name the hosts: with * anybody chooses the address in links and mails"
        elif "/" in host or ":" in host:
            yield f"ALLOWED_HOSTS has {host}: only names of hosts, without https:// and port"


def _address() -> Iterator[str]:
    url = env.text("SHOP_BASE_URL")
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        yield "SHOP_BASE_URL must begin with https://"
    elif not _is_allowed(parts.hostname):
        yield f"SHOP_BASE_URL leads to {parts.hostname}, which ALLOWED_HOSTS does not name"
    for origin in env.names("CSRF_TRUSTED_ORIGINS"):
        if not origin.startswith("https://"):
            yield f"CSRF_TRUSTED_ORIGINS has {origin}: each begins with https://"


def _is_allowed(host: str) -> bool:
    allowed = env.names("ALLOWED_HOSTS")
    return any("*" in one or host == one or (one[:1] == "." and f".{host}".endswith(one)) for one in allowed)


def _database() -> Iterator[str]:
    for name, address in (("the database", env.database), ("DIRECT_DATABASE_URL", env.direct_database)):
        try:
            found = address()
        except ImproperlyConfigured as refusal:
            yield str(refusal)
            continue
        if not found:
            continue
        if found.get("ENGINE") != "django.db.backends.postgresql":
            yield f"{name} must be PostgreSQL: postgres://…"
            continue
        said = found.get("OPTIONS")
        options = said if isinstance(said, dict) else {}
        by_other_means = str(found.get("HOST") or "").startswith("/") or not {
            "sslcert",
            "passfile",
        }.isdisjoint(options)
        password = str(found.get("PASSWORD") or "")
        if not by_other_means and (
            password.lower() in EVERYBODY_KNOWS | {"", str(found.get("USER") or "").lower()}
        ):
            yield f"the password of {name} is missing, or one that everybody tries first"


def _redis() -> Iterator[str]:
    try:
        cache, broker = env.redis()
    except ImproperlyConfigured as refusal:
        yield str(refusal)
        return
    said = {"REDIS_URL": cache, "BROKER_URL": env.text("BROKER_URL")}
    for name, url in said.items():
        if not url:
            continue
        if urlsplit(url).scheme not in ("redis", "rediss", "unix"):
            yield f"{name} must begin with redis://, rediss:// or unix://"
        elif not _has_port(url):
            yield f"{name} has a port that is no number"
        elif (urlsplit(url).password or "-").lower() in EVERYBODY_KNOWS:
            yield f"the password in {name} is one that everybody tries first"
    if cache == broker:
        yield "BROKER_URL must be another database than REDIS_URL: clearing the cache would delete messages"


def _has_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _proxy() -> Iterator[str]:
    if env.text("CLIENT_ADDRESS_HEADER").lower() == "x-forwarded-for":
        yield "CLIENT_ADDRESS_HEADER must be one that only the proxy writes: X-Real-IP, Fly-Client-IP"


def _watching() -> Iterator[str]:
    token = env.text("METRICS_TOKEN")
    if token and len(token) < 16:
        yield "METRICS_TOKEN needs at least 16 characters"
    try:
        Dsn(env.text("SENTRY_DSN") or "https://key@sentry.example/1")
    except BadDsn:
        yield "SENTRY_DSN is no address of Sentry, https://…@…/…: nobody would hear of faults"


def _backups() -> Iterator[str]:
    url = env.text("BACKUP_URL")
    if url and not url.startswith(("/", "s3://")):
        yield "BACKUP_URL must be a folder like /backups or a bucket like s3://bucket/shop"
    try:
        for key in env.names("BACKUP_KEY"):
            pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        yield "BACKUP_KEY is no public age key (age1…): no backup would be made"


def _social() -> Iterator[str]:
    for name in social.half_given():
        yield f"{name}_CLIENT_ID and {name}_SECRET_KEY belong together: set both, or neither"
    if env.text("SOCIAL_STANDIN_URL"):
        yield "SOCIAL_STANDIN_URL is for development: whoever reaches that server signs in as anybody"


def _payments() -> Iterator[str]:
    if not env.text("PORTONE_API_BASE_URL", PORTONE).startswith(PORTONE):
        yield f"PORTONE_API_BASE_URL must be {PORTONE}: elsewhere nobody pays; a sandbox belongs to config.settings.staging"
    if env.text("PORTONE_API_SECRET") in OF_THE_SANDBOX:
        yield "PORTONE_API_SECRET is the sandbox's, which everybody knows"
    if env.text("PORTONE_WEBHOOK_SECRET") in OF_THE_SANDBOX:
        yield "PORTONE_WEBHOOK_SECRET is the sandbox's, which everybody knows: anybody could report a payment"
    elif not _is_signing_secret(env.text("PORTONE_WEBHOOK_SECRET")):
        yield "PORTONE_WEBHOOK_SECRET must be as PortOne shows it: whsec_ and at least 16 bytes in base64"


def _is_signing_secret(text: str) -> bool:
    try:
        return text.startswith("whsec_") and len(base64.b64decode(text[6:], validate=True)) >= 16
    except binascii.Error:
        return False


def _mail() -> Iterator[str]:
    backend = env.text("EMAIL_BACKEND", "smtp")
    if any(word in backend for word in NO_SENDER):
        yield "EMAIL_BACKEND sends nothing: customers would get no confirmation"
    elif "smtp" in backend and not env.text("EMAIL_HOST"):
        yield "EMAIL_HOST is not set: customers would get no confirmation"
