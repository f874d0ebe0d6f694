"""What every environment shares. Values come from `config.env`; nothing secret has a default here."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from config import buckets, env
from config.settings.accounts import *
from config.settings.accounts import ACCOUNT_APPS

SITE_DIR = Path(__file__).resolve().parents[2]
ROOT = SITE_DIR.parent

DEBUG = False
ALLOWED_HOSTS: list[str] = env.names("ALLOWED_HOSTS")
SECRET_KEY = env.secret_key()

INSTALLED_APPS = [
    "config",  # commands that deploy; it has no tables
    "commerce",
    "cms",
    "workers",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "cms.backoffice.apps.PeopleConfig",  # wagtail.users with our forms
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.locales",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "csp",
    *ACCOUNT_APPS,
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "config.metrics.MetricsMiddleware",
    "config.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.csp.PolicyMiddleware",
    "config.tracing.CorrelationMiddleware",
    "config.page_copies.PageCopiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.doors.DoorsMiddleware",  # sign-in without a cache, and the second factor of staff
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.redirects.RedirectMiddleware",
    "config.replica.ReplicaMiddleware",  # beside the view: what broke at the replica is done again
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "commerce.context.shop",
                "cms.context.shop",
            ],
        },
    }
]

# --- data -------------------------------------------------------------------------------------------------

DATABASES = {"default": env.database()}
DATABASES["default"] |= {"CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
DB_READ_MAX_LAG = env.number("DB_READ_MAX_LAG", 2)  # seconds
if _replica := env.read_database():  # docs/scaling.md
    DATABASES["read_replica"] = _replica | {
        "CONN_MAX_AGE": 60,  # one connection for each thread, and no pool that waits for a dead server
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_replica.get("OPTIONS", {}),  # type: ignore[dict-item]
            "connect_timeout": 2,
            "options": "-c default_transaction_read_only=on -c statement_timeout=15000 -c jit=off -c random_page_cost=1.1",
        },
    }
    DATABASE_ROUTERS = ["config.db_router.ReadWriteRouter"]
DIRECT_DATABASE = env.direct_database()  # past PgBouncer; None: the same as `default`
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL, BROKER_URL = env.redis()
RELAY_KICK = True  # a commit wakes the relay; without it the relay polls twice a second
CACHES = {
    "default": {
        "BACKEND": "config.caching.ValkeyCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "maru",
        "TIMEOUT": 3600,
    },
    # header and footer as every page of a language has them, in this process, under a version of `default`
    "parts": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "parts",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

# --- people -----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "commerce.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of before; a sign-in renews it
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SIGN_IN_TRIES = 20  # to the admin from one address …
SIGN_IN_SECONDS = 600  # … within so many seconds
CSRF_COOKIE_HTTPONLY = True  # scripts read the token from their form
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from a payment window
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # no session for anonymous shoppers

# --- language and time ------------------------------------------------------------------------------------

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [SITE_DIR / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["config.formats"]

# --- files ------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [SITE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = ROOT / env.text("MEDIA_FOLDER", "media")


def private_files(folder: Path) -> dict[str, Any]:
    """Describe the storage of what shoppers send us: no address leads to it, only staff views read it."""
    options = {"location": folder, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}


STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.Collected"},
    "private": private_files(ROOT / env.text("PRIVATE_FOLDER", "private")),
}
MEDIA_ORIGIN = ""  # where pictures come from, when it is not the shop itself
if _bucket := env.media_bucket():
    STORAGES |= buckets.storages(**_bucket)
    MEDIA_ORIGIN = buckets.origin(
        **{name: _bucket[name] for name in ("bucket", "region", "endpoint", "domain")}
    )
WAGTAILDOCS_SERVE_METHOD = "serve_view"  # a document is asked for here, wherever its file lies
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a product with sixty variants has more than the default thousand

# --- backups: docs/backup.md ------------------------------------------------------------------------------

BACKUP_URL = env.text("BACKUP_URL")  # a folder, or s3://bucket/prefix; empty: there are none
BACKUP_KEY = env.names("BACKUP_KEY")  # public age keys (age1…): whoever has a secret one can open backups
BACKUP_IDENTITY = env.text("BACKUP_IDENTITY")  # a secret age key or its file: to restore and to drill
BACKUP_KEEP_DAILY = env.number("BACKUP_KEEP_DAILY", 7, least=1)
BACKUP_KEEP_WEEKLY = env.number("BACKUP_KEEP_WEEKLY", 4)
BACKUP_KEEP_MONTHLY = env.number("BACKUP_KEEP_MONTHLY", 3)
BACKUP_LATE_HOURS = env.number("BACKUP_LATE_HOURS", 26)  # the nightly one is overdue then
BACKUP_MEDIA = env.flag(
    "BACKUP_MEDIA", default=True
)  # false: the bucket's own versions keep what people sent
BACKUP_PG_BIN = env.text("BACKUP_PG_BIN")  # the folder of pg_dump and pg_restore; empty: the PATH
BACKUP_SPOOL = env.text("BACKUP_SPOOL")  # room for one dump while it is made or restored; empty: /tmp
BACKUP_DRILL_DATABASE = env.drill_database()
BACKUP_BUCKET = env.backup_bucket()

# --- Wagtail ----------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "마루"
WAGTAILADMIN_BASE_URL = env.text("SHOP_BASE_URL", "http://localhost:8000")
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [("ko", "한국어"), ("en", "English")]
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILIMAGES_IMAGE_MODEL = "cms.ShopImage"
WAGTAILDOCS_DOCUMENT_MODEL = "cms.ShopDocument"
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 30_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024  # bytes
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]  # no SVG: it can carry scripts
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]  # nothing a browser runs
WAGTAILDOCS_SERVE_METHOD = "serve_view"  # with its own headers, never as a page of the shop
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no picture of a colleague is fetched from elsewhere
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = True
WAGTAILADMIN_USER_LOGIN_FORM = "cms.backoffice.sign_in.SignIn"
WAGTAIL_WORKFLOW_ENABLED = True

# --- mail -------------------------------------------------------------------------------------------------

EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "마루 <hello@maru.example>")

# --- payments ---------------------------------------------------------------------------------------------

PORTONE_STORE_ID = env.text("PORTONE_STORE_ID")
PORTONE_CHANNEL_KEY = env.text("PORTONE_API_KEY")  # public: the channel key that the browser uses
PORTONE_API_SECRET = env.text("PORTONE_API_SECRET")
PORTONE_WEBHOOK_SECRET = env.text("PORTONE_WEBHOOK_SECRET")
PORTONE_API_BASE_URL = env.text("PORTONE_API_BASE_URL", "https://api.portone.io")
PORTONE_BROWSER_SDK_URL = env.text("PORTONE_BROWSER_SDK_URL", "https://cdn.portone.io/v2/browser-sdk.js")
PORTONE_REDIRECT_URL = env.text("PORTONE_REDIRECT_URL")  # a window that opens without scripts: sandbox only
_PORTONE_HOSTS = ("https://*.portone.io", "https://*.iamport.co")  # PortOne publishes no list
PORTONE_CSP_HOSTS = env.names(
    "PORTONE_CSP_HOSTS", default=_PORTONE_HOSTS
)  # what the payment page may talk to
PORTONE_LIVE_ONLY = False  # production refuses payments of test channels

# --- webhooks to merchants: where they may go ---------------------------------------------------------------

WEBHOOK_PRIVATE_ADDRESSES = env.flag("WEBHOOK_PRIVATE_ADDRESSES")  # true: receivers in the shop's own network
WEBHOOK_PLAIN_HTTP = False  # only a developer's machine and the tests send without TLS

# --- the shop ---------------------------------------------------------------------------------------------

SHOP_BASE_URL = env.text("SHOP_BASE_URL", "http://localhost:8000")  # absolute links in mails and to PortOne
CHECKOUT_PAYMENT_MINUTES = 30  # how long stock is kept for an unpaid order
CHECKOUT_WINDOW_MINUTES = 10  # and at least so long after its payment window was opened
CHECKOUT_PENDING_MINUTES = 60  # and so much longer while the provider is working on the payment
CHECKOUT_DEPOSIT_HOURS = 24  # how long a virtual account waits for its deposit
# Cash receipts (현금영수증) that nobody asked for: from so many won on they must be issued all the same, to the
# number that the tax office keeps for this (자진발급).
CASH_RECEIPT_SELF_ISSUE_FROM = 100_000
CASH_RECEIPT_SELF_ISSUE_NUMBER = "01000001234"
CHECKOUT_ADDRESS_DAYS = 90  # how long a device keeps an address, if its owner asks for it
API_TRIES = 60  # orders that a client may try to place through the API …
API_SECONDS = 60  # … within so many seconds
POSTCODE_SCRIPT_URL = env.text(
    "POSTCODE_SCRIPT_URL", "https://t1.kakaocdn.net/mapjsapi/bundle/postcode/prod/postcode.v2.js"
)  # the search for postcodes; empty: postcodes are typed only
POSTCODE_CSP_HOSTS = env.names(
    "POSTCODE_CSP_HOSTS",
    default=("https://postcode.map.kakao.com", "https://postcode.map.daum.net", "https://t1.daumcdn.net"),
)  # frames that this search opens
# a parcel counts as delivered so many days after it was sent, if nobody says anything
FULFILMENT_DELIVERED_DAYS = env.number("FULFILMENT_DELIVERED_DAYS", 10)
# a purchase counts as confirmed so many days after the last delivery, never while it may be withdrawn
FULFILMENT_CONFIRM_DAYS = env.number("FULFILMENT_CONFIRM_DAYS", 7)
SHOP_CLOSED_DAYS = env.days("SHOP_CLOSED_DAYS")  # no business days: 2026-12-24,2027-02-05
# a buyer is asked for a review so many days after the last parcel arrived
REVIEW_INVITATION_DAYS = env.number("REVIEW_INVITATION_DAYS", 5)
RESTOCK_HOLD_HOURS = env.number(
    "RESTOCK_HOLD_HOURS", 12
)  # a unit that is back is kept so long for the first who waits
CLIENT_ADDRESS_HEADER = env.text(
    "CLIENT_ADDRESS_HEADER"
)  # set by the shop's own proxy, for example X-Real-IP
DRAIN_FILE = env.text("DRAIN_FILE", "/tmp/maru-draining")  # while it exists, this process asks to be left out
METRICS_TOKEN = env.text("METRICS_TOKEN")  # who may read /metrics; empty: nobody, and loopback in development
ROBOTS_ALLOWED = True  # false: search engines keep out of the whole site
LISTING_PAGE_SIZE = env.number("LISTING_PAGE_SIZE", 24, least=1)  # products of a listing or a search
LISTING_TRIES = 120  # listings that a client may narrow, sort or turn a page of in a minute
SEARCH_TRIES = 60  # searches that a client may make in a minute …
SUGGEST_TRIES = 240  # … and suggestions while it types
BEST_SELLERS = "commerce.sales.selectors.best_selling"  # who counts sales; see `commerce.catalog.bestsellers`
SEARCH_STORIES = "cms.story_search.find"  # who knows of stories; see `commerce.search.stories`
TOGETHER_ORDERS = env.number(
    "TOGETHER_ORDERS", 3
)  # paid orders that two products must have in common to be shown together
FEEDS = env.names("FEEDS", default=("google-ko", "google-en", "naver"))  # see `commerce.feeds.kinds`
FEED_KEY = env.text(
    "FEED_KEY"
)  # the part of their addresses that nobody guesses; empty: made of the secret key
PAGE_COPIES = True  # pages that are alike for everybody are answered from the cache
PAGE_COPIES_NEAR = 0.5  # seconds in which a process does not ask the cache again which version copies have
POINTS_PERCENT = env.number(
    "POINTS_PERCENT", 0
)  # of the goods of a confirmed purchase, as points; 0: there are none
POINTS_DAYS = env.number("POINTS_DAYS", 365)  # how long points last
POINTS_LEAST_PAYMENT = env.number("POINTS_LEAST_PAYMENT", 100)  # won that points leave to pay with money
POINTS_RETURN_DAYS = env.number("POINTS_RETURN_DAYS", 30)  # points that are given back live so long at least
COUPON_RETURN_DAYS = env.number("COUPON_RETURN_DAYS", 7)  # coupons that are given back live so long at least
PERSONAL_DATA = ["commerce.privacy.parts.PARTS"]  # what is kept about customers; see `commerce.privacy.parts`
# whose rows about an account are forgotten when a customer leaves: packages for signing in
SIGN_IN_APPS = ("account", "socialaccount", "mfa", "usersessions")
CART_COOKIE_AGE = 60 * 60 * 24 * 30  # seconds

# --- content security policy: strict for the shop; `config.csp` loosens it for the admin only ---------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *filter(None, [MEDIA_ORIGIN])],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "media-src": ["'self'", *filter(None, [MEDIA_ORIGIN])],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],  # the preview panel of the admin
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = [
    "security.W019"
]  # not DENY: the admin shows previews of pages in a frame of its own

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"ids": {"()": "config.logs.Ids"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s%(ids)s"},
        "json": {"()": "config.logs.Lines"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["ids"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {name: {"level": "WARNING"} for name in ("httpx", "wagtail", "django_tasks")},
}
