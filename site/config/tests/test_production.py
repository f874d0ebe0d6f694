"""The settings of the real shop, in a process of their own."""

import json
import os
import subprocess
import sys

from config.env import ROOT

COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "k9" * 40 + "!Zq_-x7",
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "postgres://shop:secret@db.example:5432/shop?sslmode=require",
    "REDIS_URL": "redis://cache.example:6379/0",
    "SHOP_BASE_URL": "https://shop.example",
    "PORTONE_STORE_ID": "store-1",
    "PORTONE_API_KEY": "channel-key-1",
    "PORTONE_API_SECRET": "secret",
    "PORTONE_WEBHOOK_SECRET": "whsec_cG9ydG9uZS1zYW5kYm94LXdlYmhvb2stc2VjcmV0ISE=",
}


def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run Python in production's environment, changed as asked."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        env=inherited | {"PYTHONPATH": "site:."} | COMPLETE | changes,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_complete_environment_passes_the_deployment_check() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr


def test_what_the_database_address_says_of_encryption_is_kept() -> None:
    done = run(
        "-c",
        "import json; from config.settings import production as p;"
        "print(json.dumps(p.DATABASES['default']['OPTIONS']))",
    )

    options = json.loads(done.stdout)
    assert options["sslmode"] == "require"
    assert "statement_timeout=15000" in options["options"]
    assert options["pool"]["max_size"] == 8


REPORT = """
import django, sentry_sdk
from sentry_sdk.transport import Transport
class Kept(Transport):
    def capture_envelope(self, envelope):
        print(envelope.serialize().decode("utf-8", "replace"))
django.setup()
sentry_sdk.get_client().transport = Kept()
from django.conf import settings
from django.test import Client
from commerce.checkout import views
def broken(*_args, **kept):
    address = "Hyojaro 12"
    raise RuntimeError("broken")
views.forms.Shown.read = broken
settings.CACHES["default"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
answer = None
try:
    Client(raise_request_exception=False).post(
        "/checkout/", {"name": "Kim Hana", "address1": "Hyojaro 12"}, secure=True, headers={"host": "shop.example"})
except Exception as error:
    print("beyond:", type(error).__name__)
sentry_sdk.flush()
"""


def test_reports_of_faults_say_nothing_about_shoppers() -> None:
    done = run("-c", REPORT, SENTRY_DSN="https://key@sentry.example/1")

    assert '"RuntimeError"' in done.stdout, done.stderr[-2000:]
    assert "Kim Hana" not in done.stdout
    assert "Hyojaro" not in done.stdout
