"""What the house promises: where things are, what the environment is called, when production refuses."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.env import ROOT

CALL = re.compile(r"\b(?:text|flag|number|names)\(\s*\"([A-Z0-9_]+)\"")
COMPLETE = {
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "shop.example.com",
    "DATABASE_URL": "postgres://shop@db.example.com/shop",
    "REDIS_URL": "redis://cache.example.com/0",
    "SHOP_BASE_URL": "https://shop.example.com",
    "PORTONE_STORE_ID": "store-1",
    "PORTONE_API_KEY": "channel-key-1",
    "PORTONE_API_SECRET": "secret",
    "PORTONE_WEBHOOK_SECRET": "whsec_c2VjcmV0",
}


def test_site_is_a_source_root_and_never_a_package():
    assert (ROOT / "site").is_dir()
    assert not (ROOT / "site" / "__init__.py").exists()


def test_every_variable_that_is_read_is_explained_and_the_reverse():
    read = {"DB_NAME", "DB_USER", "DB_PASSWORD", "DB_HOST", "DB_PORT"}
    for path in (ROOT / "site" / "config").rglob("*.py"):
        if "tests" not in path.parts:
            read |= set(CALL.findall(path.read_text()))
    explained = set(re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert explained - read == {"DJANGO_SETTINGS_MODULE"}
    assert read - explained == set()


def start(settings: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from django.conf import settings; print(settings.DEBUG)",
        ],
        env={
            **kept,
            "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": settings,
            **environment,
        },
        capture_output=True,
        text=True,
        cwd=Path("/"),
        check=False,
    )


def test_production_names_everything_that_is_missing_at_once():
    done = start("config.settings.production")

    assert done.returncode != 0
    for name in COMPLETE:
        assert name in done.stderr


@pytest.mark.parametrize("missing", sorted(COMPLETE))
def test_production_refuses_to_start_without(missing: str):
    done = start("config.settings.production", **{k: v for k, v in COMPLETE.items() if k != missing})

    assert done.returncode != 0
    refusal = done.stderr.strip().splitlines()[-1]
    assert missing in refusal
    assert all(name not in refusal for name in COMPLETE if name != missing)


def test_production_starts_with_everything_set():
    done = start("config.settings.production", **COMPLETE)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "False"


def test_the_image_can_be_built_without_secrets_or_servers():
    done = start("config.settings.production", DJANGO_BUILD="1", SECRET_KEY="build-only")

    assert done.returncode == 0, done.stderr


def test_the_repository_holds_no_secret_file():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()

    assert [name for name in tracked if Path(name).name.startswith(".env") and name != ".env.example"] == []
