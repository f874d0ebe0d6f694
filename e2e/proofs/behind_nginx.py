"""Staging as it is, but for statics without hashes: collecting and compressing them takes longer than the proof."""

from config.settings.staging import *
from config.settings.staging import STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
