"""`python -m tools.local exec`: a command with servers of its own."""

import subprocess
import sys
from collections.abc import Mapping

from tools.local.paths import LOCAL, ROOT
from tools.local.tests.conftest import plain_environment

ASK = """
import os, psycopg, redis
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    connection.execute("CREATE EXTENSION pg_trgm")
    print(connection.execute("SELECT array_length(show_trgm('청소기'), 1)").fetchone()[0])
    print(connection.execute("SHOW server_encoding").fetchone()[0], connection.execute("SHOW fsync").fetchone()[0])
broker = redis.Redis.from_url(os.environ["REDIS_URL"])
print(broker.config_get("maxmemory-policy")["maxmemory-policy"], os.environ["DJANGO_SETTINGS_MODULE"])
"""


def execute(*command: str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "tools.local", "exec", "--", *command]
    env = plain_environment() if environ is None else environ
    return subprocess.run(
        argv, cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False, timeout=60
    )


def folders() -> set[str]:
    return {path.name for path in (LOCAL / "tmp").iterdir()}


def test_the_command_finds_servers_that_know_korean() -> None:
    environ = plain_environment() | {"DJANGO_SETTINGS_MODULE": ""}
    del environ["DJANGO_SETTINGS_MODULE"]
    done = execute(sys.executable, "-c", ASK, environ=environ)
    assert done.stdout.splitlines() == ["4", "UTF8 off", "noeviction config.settings.test"], done.stderr


def test_the_exit_code_is_the_commands_own_and_the_data_is_gone() -> None:
    (LOCAL / "tmp").mkdir(parents=True, exist_ok=True)
    before = folders()
    done = execute(sys.executable, "-c", "import os; print(os.environ['DATABASE_URL']); raise SystemExit(7)")
    assert done.returncode == 7
    assert done.stdout.startswith("postgresql://maru:")
    assert folders() <= before


def test_a_command_ended_by_a_signal_gives_the_shells_exit_code() -> None:
    assert execute("bash", "-c", "kill -KILL $$").returncode == 128 + 9


def test_a_command_that_does_not_exist_is_named() -> None:
    done = execute("no-such-command-here")
    assert done.returncode == 1
    assert "There is no command 'no-such-command-here'." in done.stderr
    assert "Traceback" not in done.stderr


def test_servers_that_the_environment_names_are_used() -> None:
    mine = {"DATABASE_URL": "postgresql://me@127.0.0.1:1/mine", "REDIS_URL": "redis://127.0.0.1:1/5"}
    show = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"
    done = execute(sys.executable, "-c", show, environ=plain_environment() | mine)
    assert done.stdout.strip() == f"{mine['DATABASE_URL']} {mine['REDIS_URL']}"
