"""A developer's machine: `make run` starts the servers and tells us where they are."""

from importlib.util import find_spec
from urllib.parse import urljoin

from config import env, social

env.read_files(names=(".env.development", ".local/services.env"))

from config.settings.base import *
from config.settings.base import (
    INSTALLED_APPS,
    MIDDLEWARE,
    PORTONE_BROWSER_SDK_URL,
    PORTONE_REDIRECT_URL,
    ROOT,
    SOCIAL_KEYS,
    private_files,
)

DEBUG = env.flag("DEBUG", default=True)
SECRET_KEY = env.secret_key("development-only-key-that-protects-nothing")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", default=("localhost", "127.0.0.1", "[::1]", "testserver"))
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")

MEDIA_ROOT = ROOT / env.text("MEDIA_FOLDER", ".local/media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": private_files(ROOT / env.text("PRIVATE_FOLDER", ".local/private")),
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = ROOT / env.text("EMAIL_FOLDER", ".local/mails")

POSTCODE_SCRIPT_URL = env.text("POSTCODE_SCRIPT_URL", "/static/dev/postcode.js")  # works offline
POSTCODE_CSP_HOSTS = env.names("POSTCODE_CSP_HOSTS")
WEBHOOK_PRIVATE_ADDRESSES = env.flag("WEBHOOK_PRIVATE_ADDRESSES", default=True)  # a receiver on this machine
WEBHOOK_PLAIN_HTTP = True

if not PORTONE_REDIRECT_URL and "cdn.portone.io" not in PORTONE_BROWSER_SDK_URL:
    PORTONE_REDIRECT_URL = urljoin(PORTONE_BROWSER_SDK_URL, "/pay")  # the sandbox's window

STAFF_MFA_REQUIRED = env.flag("STAFF_MFA_REQUIRED")  # the demo's staff have no second factor
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys on http://localhost
SOCIAL_STANDIN_URL = env.text("SOCIAL_STANDIN_URL").rstrip(
    "/"
)  # the stand-in for the providers: `make run` has one
if SOCIAL_STANDIN_URL:
    SOCIAL_FORM_TARGETS = social.form_targets(keys=SOCIAL_KEYS, standin=SOCIAL_STANDIN_URL)

# The toolbar is a development requirement: where only production's are installed there is none.
DEBUG_TOOLBAR = DEBUG and env.flag("DEBUG_TOOLBAR", default=True) and find_spec("debug_toolbar") is not None
if DEBUG_TOOLBAR:
    INSTALLED_APPS = [*INSTALLED_APPS, "debug_toolbar"]
    _after = (
        MIDDLEWARE.index("config.csp.PolicyMiddleware") + 1
    )  # below the policy, whose nonce its scripts carry
    MIDDLEWARE = [
        *MIDDLEWARE[:_after],
        "debug_toolbar.middleware.DebugToolbarMiddleware",
        *MIDDLEWARE[_after:],
    ]
    INTERNAL_IPS = ["127.0.0.1", "::1"]
    DEBUG_TOOLBAR_CONFIG = {
        "SHOW_COLLAPSED": True,
        "SHOW_TOOLBAR_CALLBACK": "debug_toolbar.middleware.show_toolbar_with_docker",
        "DISABLE_PANELS": {
            "debug_toolbar.panels.redirects.RedirectsPanel",
            "debug_toolbar.panels.profiling.ProfilingPanel",
            "debug_toolbar.panels.templates.TemplatesPanel",  # it copies the context of every template of a page
        },
    }
