"""Settings of the shop that is measured over HTTP: production's, without TLS and without built style sheets."""

import os

os.environ["DJANGO_BUILD"] = "1"  # a measurement has no secrets to be strong

from config.settings.production import *

SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"  # browsers take the others by https only
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "config.static_files.Plain"},
}
SEARCH_TRIES = SUGGEST_TRIES = LISTING_TRIES = 1_000_000  # one client asks for everything
LOGGING_CONFIG = None
