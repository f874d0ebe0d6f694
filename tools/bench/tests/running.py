"""Run `make bench` as it is run, in the test database."""

import os
import subprocess
import sys

from django.conf import settings
from django.db import connection


def bench(*arguments: str, port: int) -> "subprocess.CompletedProcess[str]":
    """Run it to its end; `port` is where its Valkey listens."""
    database = connection.settings_dict
    login = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    servers = {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": f"{settings.ROOT / 'site'}:{settings.ROOT}",
        "DATABASE_URL": f"postgres://{login}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
        "REDIS_URL": f"redis://127.0.0.1:{port}/0",
        "BROKER_URL": f"redis://127.0.0.1:{port}/1",
    }
    return subprocess.run(
        [sys.executable, "-m", "tools.bench", *arguments],
        env=os.environ | servers,
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
