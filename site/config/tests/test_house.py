"""What the house promises: where things are, and what the environment is called."""

import re
import subprocess
from pathlib import Path

from config.env import ROOT

NAME = re.compile(r"^([A-Z0-9_]+)=", re.MULTILINE)
CALL = re.compile(r"\b(?:text|flag|number|names|days|_address)\(\s*\"([A-Z0-9_]+)\"")
READERS = (ROOT / "site" / "config", ROOT / "deploy")
SAFE = {".env.example", ".env.development"}


def test_site_is_a_source_root_and_never_a_package():
    assert (ROOT / "site").is_dir()
    assert not (ROOT / "site" / "__init__.py").exists()


def test_every_variable_that_is_read_is_explained_and_the_reverse():
    read = {"DB_NAME", "DB_USER", "DB_PASSWORD", "DB_HOST", "DB_PORT"}
    for path in (path for folder in READERS for path in folder.rglob("*.py")):
        if "tests" not in path.parts:
            read |= set(CALL.findall(path.read_text()))
    explained = set(NAME.findall((ROOT / ".env.example").read_text()))

    assert explained - read == {"DJANGO_SETTINGS_MODULE"}
    assert read - explained == set()


def test_what_a_developer_may_set_is_explained_too_and_holds_no_secret():
    text = (ROOT / ".env.development").read_text()
    explained = set(NAME.findall((ROOT / ".env.example").read_text()))

    assert set(NAME.findall(text)) == {"DJANGO_SETTINGS_MODULE", "DEBUG", "DEBUG_TOOLBAR"}
    assert set(re.findall(r"^# ([A-Z0-9_]+)=", text, re.MULTILINE)) <= explained


def test_the_repository_holds_no_secret_file():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()

    assert [name for name in tracked if Path(name).name.startswith(".env") and name not in SAFE] == []
