"""The test run: real PostgreSQL, mails in memory, fast hashes."""

from config import env, social
from config.settings.base import *
from config.settings.base import INSTALLED_APPS

SECRET_KEY = "test-only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES = {
    "default": env.database(default="postgres://maru:maru@127.0.0.1:5432/maru") | {"CONN_HEALTH_CHECKS": True}
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "parts": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},  # tests about copies switch them on
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
}
WHITENOISE_AUTOREFRESH = True  # nothing was collected: look when a file is asked for
SHOP_BASE_URL = "http://testserver"
WEBHOOK_PRIVATE_ADDRESSES = True  # receivers of the tests; those about the policy take it away
WEBHOOK_PLAIN_HTTP = True
PAGE_COPIES = False  # tests about copies switch them on
PAGE_COPIES_NEAR = 0  # seconds
RELAY_KICK = False  # nobody listens
PORTONE_STORE_ID = "store-00000000-0000-4000-8000-000000000000"
PORTONE_CHANNEL_KEY = "channel-key-00000000-0000-4000-8000-000000000000"
PORTONE_API_SECRET = "test-api-secret"
PORTONE_WEBHOOK_SECRET = "whsec_cG9ydG9uZS1zYW5kYm94LXdlYmhvb2stc2VjcmV0ISE="
PORTONE_API_BASE_URL = "http://127.0.0.1:9"
PORTONE_BROWSER_SDK_URL = "http://127.0.0.1:9/v2/browser-sdk.js"
POSTCODE_SCRIPT_URL = "/static/dev/postcode.js"
POSTCODE_CSP_HOSTS = []

STAFF_MFA_REQUIRED = False  # tests about it switch it on
SOCIAL_KEYS = {name: social.Key(f"test-{name}", f"secret-of-{name}") for name in ("kakao", "naver", "google")}
SOCIAL_STANDIN_URL = "http://127.0.0.1:9"  # nobody listens: tests that sign in there start one
INSTALLED_APPS = [
    *INSTALLED_APPS,
    *(app for app in social.apps(keys=SOCIAL_KEYS) if app not in INSTALLED_APPS),
]
SOCIALACCOUNT_PROVIDERS = social.providers(keys=SOCIAL_KEYS)
SOCIAL_FORM_TARGETS = social.form_targets(keys=SOCIAL_KEYS, standin=SOCIAL_STANDIN_URL)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
