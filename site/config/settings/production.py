"""The real shop. It refuses to start while something it needs is missing, and says what."""

from typing import Any

from config import env, reporting, strength

BUILDING = env.flag("DJANGO_BUILD")  # collectstatic in the image needs neither secrets nor servers
if not BUILDING:
    env.required(
        ("SECRET_KEY", "DJANGO_SECRET_KEY"),
        ("ALLOWED_HOSTS",),
        ("DATABASE_URL", "DB_NAME"),
        ("REDIS_URL",),
        ("SHOP_BASE_URL",),
        ("PORTONE_STORE_ID",),
        ("PORTONE_API_KEY",),
        ("PORTONE_API_SECRET",),
        ("PORTONE_WEBHOOK_SECRET",),
        ("CLIENT_ADDRESS_HEADER",),
    )
    strength.refuse_weak()

from config.settings.base import *
from config.settings.base import DATABASES, LOGGING

DEBUG = False
SECRET_KEY_FALLBACKS = env.names(
    "SECRET_KEY_FALLBACKS"
)  # keys of the past: signatures made with them still count
_said: Any = DATABASES["default"].get("OPTIONS", {})  # in DATABASE_URL: sslmode=require and the like
_limits = (
    "-c statement_timeout=15000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=30000"
    " -c jit=off"  # compiling a search takes longer than carrying it out
    " -c random_page_cost=1.1"  # no disk turns any more: else a search with synonyms reads every product
)
_shared = env.flag(
    "DB_PGBOUNCER"
)  # in transaction mode it refuses options at the start: ALTER ROLE … SET has them
DATABASES["default"] |= {
    "CONN_MAX_AGE": 0,
    "DISABLE_SERVER_SIDE_CURSORS": _shared,
    "OPTIONS": {
        "connect_timeout": 3,
        **_said,
        "pool": {
            "min_size": 1,
            "max_size": env.number("DB_POOL_SIZE", 8, least=1),
            "timeout": 5,
            "max_lifetime": 600,
        },
        **({} if _shared else {"options": _limits}),
    },
}

PORTONE_LIVE_ONLY = not env.flag("PORTONE_ALLOW_TEST_CHANNEL")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = env.flag("SECURE_HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"  # browsers keep it to this very host and to https
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")

LOGGING["handlers"]["console"] |= {"formatter": "json", "stream": "ext://sys.stdout"}
if env.text("LOG_FILE"):  # a machine without containers: logrotate moves the file, the handler follows
    LOGGING["handlers"]["file"] = {
        "class": "logging.handlers.WatchedFileHandler",
        "filename": env.text("LOG_FILE"),
        "formatter": "json",
        "filters": ["ids"],
    }
    LOGGING["root"]["handlers"].append("file")

reporting.start(
    dsn=env.text("SENTRY_DSN"),
    environment=env.text("DJANGO_ENV", "production"),
    release=env.text("SENTRY_RELEASE") or env.text("GIT_SHA"),
)
