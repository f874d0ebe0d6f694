"""Check the settings of staging and production with made-up values: `python -m tools.deploy.settings`.

It proves that the settings are sound, not that a server's environment is: `make predeploy` on the server does that.
"""

import os
import secrets
import subprocess
import sys

MODULES = ("config.settings.staging", "config.settings.production")


def made_up() -> dict[str, str]:
    """Return an environment that production accepts and that leads nowhere."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "shop.example",
        "CSRF_TRUSTED_ORIGINS": "https://shop.example",
        "SHOP_BASE_URL": "https://shop.example",
        "DATABASE_URL": f"postgres://shop:{secrets.token_urlsafe(24)}@db.example/shop?sslmode=require",
        "REDIS_URL": f"rediss://:{secrets.token_urlsafe(24)}@cache.example/0",
        "PORTONE_STORE_ID": "store-5f3c2a1e-0b7d-4c6f-9a2e-1d4b8c7e6f50",
        "PORTONE_API_KEY": "channel-key-5f3c2a1e-0b7d-4c6f-9a2e-1d4b8c7e6f50",
        "PORTONE_API_SECRET": secrets.token_urlsafe(48),
        "PORTONE_WEBHOOK_SECRET": "whsec_bm9ib2R5LWtub3dzLXRoaXMtb25lLXlldC1hdC1hbGw=",
        "CLIENT_ADDRESS_HEADER": "X-Real-IP",
        "EMAIL_HOST": "smtp.example",
        "EMAIL_USE_TLS": "true",
        "DEFAULT_FROM_EMAIL": "hello@shop.example",
    }


def check(module: str) -> int:
    """Run Django's deployment check; warnings count. Return its exit code."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, env=inherited | made_up() | {"DJANGO_SETTINGS_MODULE": module}, check=False
    ).returncode


def main() -> int:
    """Check each and return 1 if one is not sound."""
    failed = [module for module in MODULES if check(module)]
    print(f"not sound: {', '.join(failed)}" if failed else f"sound: {', '.join(MODULES)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
