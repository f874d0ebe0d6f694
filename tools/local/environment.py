"""What the environment says, and what a second terminal gets to know."""

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

import environ as django_environ

SERVICES_FILE = "services.env"  # below .local; config.settings.development reads it


def current_environment() -> dict[str, str]:
    """Return the environment with the programs beside this Python first, as an activated venv has them."""
    found = dict(os.environ)
    found["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), found.get("PATH", os.defpath)])
    return found


def with_file(environ: Mapping[str, str], *, path: Path) -> dict[str, str]:
    """Return `environ` and what the file adds; what the environment already has wins."""

    class Reader(django_environ.Env):  # type: ignore[misc]  # it ships no types
        ENVIRON: ClassVar[dict[str, str]] = dict(environ)

    if path.exists():
        Reader.read_env(str(path))
    return dict(Reader.ENVIRON)


def write_services_file(*, home: Path, env: Mapping[str, str], names: Iterable[str]) -> Path:
    """Write the named variables to a file that only we can read, so that `manage.py` works next to a running shop."""
    path = home / SERVICES_FILE
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={env[name]}\n" for name in names if name in env))
    return path
