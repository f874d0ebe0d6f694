"""Settings of the smallest project that can be migrated."""

from config import env

SECRET_KEY = "test-only"
INSTALLED_APPS = ["config", "config.tests.releases"]
DATABASES = {"default": env.database()}
DIRECT_DATABASE = env.direct_database()
CACHE_URL, BROKER_URL = env.redis(default="redis://127.0.0.1:6379/0")
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
