"""Production with sandbox payments and a shorter memory for HTTPS: each further difference would hide a bug."""

from config.settings.production import *

PORTONE_LIVE_ONLY = False
SECURE_HSTS_SECONDS = 3600
