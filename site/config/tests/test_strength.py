"""Which values production does not start with."""

import pytest

from config import strength

STRONG = {
    "SECRET_KEY": "k9" * 40 + "!Zq_-x7",
    "ALLOWED_HOSTS": "shop.example,.maru.example",
    "DATABASE_URL": "postgres://shop:Lw2xP0vQ@db.example:5432/shop",
    "REDIS_URL": "redis://cache.example:6379/0",
    "SHOP_BASE_URL": "https://shop.example",
    "PORTONE_API_SECRET": "f3a9c1",
    "PORTONE_WEBHOOK_SECRET": "whsec_b25seS1mb3ItdGhlc2UtdGVzdHMtMDEyMzQ1Njc4OSE=",
    "CLIENT_ADDRESS_HEADER": "X-Real-IP",
    "EMAIL_HOST": "mail.example",
}
ELSEWHERE = (
    "SECRET_KEY_FALLBACKS",
    "DJANGO_SECRET_KEY",
    "CSRF_TRUSTED_ORIGINS",
    "DIRECT_DATABASE_URL",
    "DB_NAME",
)
ELSEWHERE += ("BROKER_URL", "METRICS_TOKEN", "PORTONE_API_BASE_URL", "EMAIL_BACKEND")
ELSEWHERE += ("SENTRY_DSN", "BACKUP_URL", "BACKUP_KEY")


@pytest.fixture(autouse=True)
def strong(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ELSEWHERE:
        monkeypatch.delenv(name, raising=False)
    for name, value in STRONG.items():
        monkeypatch.setenv(name, value)


def test_strong_values_are_left_alone() -> None:
    assert strength.weaknesses(rehearsal=False) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "k9!Zq", "SECRET_KEY needs at least 50 characters"),
        ("SECRET_KEY", "ab" * 40, "SECRET_KEY needs at least 50 characters"),
        ("SECRET_KEY", "django-insecure-" + "k9!Zq_" * 10, "SECRET_KEY is a placeholder"),
        (
            "SECRET_KEY",
            "development-only-key-that-protects-nothing-at-all-anywhere",
            "SECRET_KEY is a placeholder",
        ),
        ("SECRET_KEY_FALLBACKS", "old", "SECRET_KEY_FALLBACKS"),
        ("ALLOWED_HOSTS", "shop.example,*", "ALLOWED_HOSTS must name the hosts"),
        ("ALLOWED_HOSTS", "shop.example,https://a.example", "ALLOWED_HOSTS has https://a.example"),
        ("ALLOWED_HOSTS", "shop.example,a.example:8000", "ALLOWED_HOSTS has a.example:8000"),
        ("SHOP_BASE_URL", "http://shop.example", "SHOP_BASE_URL must begin with https://"),
        ("SHOP_BASE_URL", "https://", "SHOP_BASE_URL must begin with https://"),
        ("SHOP_BASE_URL", "https://other.example", "SHOP_BASE_URL leads to other.example"),
        ("CSRF_TRUSTED_ORIGINS", "http://shop.example", "CSRF_TRUSTED_ORIGINS has http://shop.example"),
        ("DATABASE_URL", "sqlite:///db.sqlite3", "the database must be PostgreSQL"),
        ("DATABASE_URL", "postgres://shop@db.example/shop", "the password of the database"),
        ("DATABASE_URL", "postgres://shop:shop@db.example/shop", "the password of the database"),
        ("DATABASE_URL", "postgres://shop:Postgres@db.example/shop", "the password of the database"),
        ("DIRECT_DATABASE_URL", "postgres://shop@db.example/shop", "the password of DIRECT_DATABASE_URL"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL is no address of a database"),
        ("DIRECT_DATABASE_URL", "postgres://shop:Lw2x@db:port/shop", "DIRECT_DATABASE_URL is no address"),
        ("REDIS_URL", "http://cache.example", "REDIS_URL must begin with redis://"),
        ("REDIS_URL", "redis://cache.example:port/0", "REDIS_URL has a port that is no number"),
        ("REDIS_URL", "redis://cache.example/cache", "REDIS_URL must end with the number of a database"),
        ("REDIS_URL", "redis://:changeme@cache.example/0", "the password in REDIS_URL"),
        ("BROKER_URL", "redis://cache.example:6379/0", "BROKER_URL must be another database"),
        ("CLIENT_ADDRESS_HEADER", "x-forwarded-for", "CLIENT_ADDRESS_HEADER must be one that only the proxy"),
        ("METRICS_TOKEN", "guess-me", "METRICS_TOKEN needs at least 16"),
        ("SENTRY_DSN", "sentry.example", "SENTRY_DSN is no address of Sentry"),
        ("BACKUP_URL", "ftp://backups.example/shop", "BACKUP_URL must be a folder"),
        ("BACKUP_KEY", "age1-mistyped", "BACKUP_KEY is no public age key"),
        (
            "PORTONE_API_BASE_URL",
            "http://127.0.0.1:8010",
            "PORTONE_API_BASE_URL must be https://api.portone.io",
        ),
        ("PORTONE_API_SECRET", "demo-api-secret-of-the-sandbox", "PORTONE_API_SECRET is the sandbox's"),
        (
            "PORTONE_WEBHOOK_SECRET",
            "whsec_bWFydS1kZW1vLXdlYmhvb2stc2VjcmV0LTAwMDAwMDA=",
            "PORTONE_WEBHOOK_SECRET is",
        ),
        ("PORTONE_WEBHOOK_SECRET", "whsec_c2hvcnQ=", "PORTONE_WEBHOOK_SECRET must be as PortOne shows it"),
        ("PORTONE_WEBHOOK_SECRET", "whsec_not base64", "PORTONE_WEBHOOK_SECRET must be as PortOne shows it"),
        ("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend", "EMAIL_BACKEND sends nothing"),
        ("EMAIL_HOST", "", "EMAIL_HOST is not set"),
    ],
)
def test_what_protects_nothing_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)

    found = strength.weaknesses(rehearsal=False)

    assert len(found) == 1
    assert found[0].startswith(said)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHOP_BASE_URL", "https://www.maru.example"),
        ("DATABASE_URL", "postgres://shop@db.example/shop?sslcert=/run/secrets/shop.crt"),
        ("REDIS_URL", "rediss://:b8Wq2xZk@cache.example/0"),
        ("EMAIL_BACKEND", "anymail.backends.amazon_ses.EmailBackend"),
    ],
)
def test_other_good_ways_are_no_weakness(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    assert strength.weaknesses(rehearsal=False) == []


def test_the_sandboxes_secrets_are_those_that_the_local_runner_hands_out() -> None:
    from tools.local.shop import SANDBOX_CREDENTIALS  # noqa: PLC0415  config may not need tools

    names = ("PORTONE_API_SECRET", "PORTONE_WEBHOOK_SECRET")
    assert {SANDBOX_CREDENTIALS[name] for name in names} <= strength.OF_THE_SANDBOX
