"""The settings of the real shop, in a process of their own."""

import json
import os
import subprocess
import sys

import pytest

from config.env import ROOT

COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "k9" * 40 + "!Zq_-x7",
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "postgres://shop:Lw2xP0vQ@db.example:5432/shop?sslmode=require",
    "REDIS_URL": "redis://cache.example:6379/0",
    "SHOP_BASE_URL": "https://shop.example",
    "PORTONE_STORE_ID": "store-1",
    "PORTONE_API_KEY": "channel-key-1",
    "PORTONE_API_SECRET": "f3a9c1",
    "PORTONE_WEBHOOK_SECRET": "whsec_b25seS1mb3ItdGhlc2UtdGVzdHMtMDEyMzQ1Njc4OSE=",
    "CLIENT_ADDRESS_HEADER": "X-Real-IP",
    "EMAIL_HOST": "mail.example",
}


REQUIRED = [name for name in COMPLETE if name not in ("DJANGO_SETTINGS_MODULE", "EMAIL_HOST")]
NOTHING = dict.fromkeys(REQUIRED, "")
SETTINGS = "import os, importlib; print(importlib.import_module(os.environ['DJANGO_SETTINGS_MODULE']).DEBUG)"
ALL_SETTINGS = """
import json, django
django.setup()
from django.conf import settings
print(json.dumps({name: repr(getattr(settings, name)) for name in dir(settings) if name.isupper()}))
"""


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


@pytest.mark.parametrize("settings", ["production", "staging"])
def test_the_complete_environment_passes_the_deployment_check(settings: str) -> None:
    done = run(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        DJANGO_SETTINGS_MODULE=f"config.settings.{settings}",
    )

    assert done.returncode == 0, done.stderr


def test_everything_that_is_missing_is_named_at_once() -> None:
    done = run("-c", SETTINGS, **NOTHING)

    assert done.returncode != 0
    assert [name for name in REQUIRED if name not in done.stderr] == []


@pytest.mark.parametrize("missing", REQUIRED)
def test_nothing_starts_without(missing: str) -> None:
    done = run("-c", SETTINGS, **{missing: ""})

    assert done.returncode != 0
    refusal = done.stderr.strip().splitlines()[-1]
    assert missing in refusal
    assert all(name not in refusal for name in REQUIRED if name != missing)


def test_every_weak_value_is_named_at_once_and_no_secret_is_shown() -> None:
    weak = {"SECRET_KEY": "short", "ALLOWED_HOSTS": "*", "SHOP_BASE_URL": "http://shop.example"}

    done = run("-c", SETTINGS, **weak, DATABASE_URL="postgres://u:postgres@db.example/s?note=Lw2x")

    assert done.returncode != 0
    told = done.stderr[done.stderr.index("must be changed") :]
    for name in (*weak, "the password of the database"):
        assert f"  - {name}" in told
    assert "Lw2x" not in told
    assert "short" not in told


def test_a_command_says_what_is_missing_in_a_sentence() -> None:
    done = run("manage.py", "migrate_safely", SECRET_KEY="", REDIS_URL="")

    assert done.returncode == 1
    assert done.stderr.strip() == (
        "Not configured: These environment variables must be set: SECRET_KEY or DJANGO_SECRET_KEY; REDIS_URL. "
        "See .env.example."
    )


def test_the_image_can_be_built_without_secrets_or_servers() -> None:
    done = run("-c", SETTINGS, **NOTHING, DJANGO_BUILD="1")

    assert (done.returncode, done.stdout.strip()) == (0, "False"), done.stderr


SANDBOX = {
    "PORTONE_API_BASE_URL": "http://sandbox.example",
    "PORTONE_API_SECRET": "demo-api-secret-of-the-sandbox",
}


def test_the_sandbox_and_a_sink_for_mails_belong_to_staging_alone() -> None:
    sink = {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}

    production = run("-c", SETTINGS, **SANDBOX, **sink)
    named = run("-c", SETTINGS, **SANDBOX, **sink, DJANGO_ENV="staging")
    staging = run("-c", SETTINGS, **SANDBOX, **sink, DJANGO_SETTINGS_MODULE="config.settings.staging")

    for done in (production, named):
        assert done.returncode != 0
        for name in ("PORTONE_API_BASE_URL", "PORTONE_API_SECRET", "EMAIL_BACKEND"):
            assert f"  - {name}" in done.stderr
    assert staging.returncode == 0, staging.stderr


def test_staging_differs_from_production_in_these_things_alone() -> None:
    production, staging = (
        json.loads(run("-c", ALL_SETTINGS, DJANGO_SETTINGS_MODULE=f"config.settings.{name}").stdout)
        for name in ("production", "staging")
    )

    differ = {name for name in production | staging if production.get(name) != staging.get(name)}
    assert differ == {
        "SETTINGS_MODULE",
        "PORTONE_LIVE_ONLY",
        "ROBOTS_ALLOWED",
    }  # HSTS begins with an hour in both


def test_behind_pgbouncer_nothing_is_asked_that_it_refuses() -> None:
    done = run(
        "-c",
        "import json; from config.settings import production as p; d = p.DATABASES['default'];"
        "print(json.dumps([sorted(d['OPTIONS']), d['DISABLE_SERVER_SIDE_CURSORS']]))",
        DB_PGBOUNCER="1",
    )

    assert json.loads(done.stdout) == [["connect_timeout", "pool", "sslmode"], True]


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
from commerce.checkout import forms
def broken(*_args, **kept):
    address = "Hyojaro 12"
    raise RuntimeError("broken")
forms.Shown.read = broken
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
