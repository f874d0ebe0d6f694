"""A developer's machine: `make run` starts the servers and tells us where they are."""

from urllib.parse import urljoin

from config import env

env.read_files(names=(".env.development", ".local/services.env"))

from config.settings.base import *
from config.settings.base import PORTONE_BROWSER_SDK_URL, PORTONE_REDIRECT_URL, ROOT, private_files

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
