"""A backup whose worker must leave, and one that is killed: nothing half is left, nothing is blocked, the next is whole."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from tools.local.paths import ROOT
from tools.local.postgres import program
from workers import actors, leaving
from workers.backup import drills, making, options, programs, restoring, running, tables
from workers.backup import manifest as manifests
from workers.backup.refusals import Stopped
from workers.backup.stores import store
from workers.handlers import backups
from workers.jobs import QUEUES, Context, NotNow
from workers.models import BackupRun
from workers.tests.factories import delivery, handler

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
# Says the beginning of an archive, and then nothing for longer than any platform waits.
ENDLESS = "#!/bin/sh\nprintf 'PGDMP half'\necho $$ >{pid}\nexec sleep 300\n"


@pytest.fixture(autouse=True)
def _stays(monkeypatch) -> None:
    """Each test begins in a process that nobody asked to leave."""
    monkeypatch.setattr(leaving, "_asked", threading.Event())


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """A shop whose backups go to a folder."""
    settings.BACKUP_URL = str(tmp_path / "backups")
    settings.BACKUP_PG_BIN = str(program("pg_dump").parent)
    settings.BACKUP_MEDIA = False
    return tmp_path / "backups"


@pytest.fixture
def endless(settings, folder, tmp_path) -> Path:
    """A pg_dump that never ends; the file that it writes its number to."""
    real, pid = settings.BACKUP_PG_BIN, tmp_path / "pid"
    settings.BACKUP_PG_BIN = str(tmp_path / "bin")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pg_restore").symlink_to(f"{real}/pg_restore")
    tool = tmp_path / "bin" / "pg_dump"
    tool.write_text(ENDLESS.format(pid=pid))
    tool.chmod(0o755)
    return pid


def context() -> Context:
    return Context(handler="backups.make", attempt=1, idempotency_key=uuid.uuid4(), now=NOW)


def until(condition, *, seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def ask_when(file: Path) -> threading.Thread:
    """Ask this process to leave as soon as pg_dump runs."""

    def asking() -> None:
        until(lambda: file.exists() and file.read_text().strip())
        leaving.ask()

    thread = threading.Thread(target=asking)
    thread.start()
    return thread


def left(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_worker_that_must_leave_stops_its_backup_and_hands_it_back_untried(
    committed, folder, endless, settings, monkeypatch
):
    making_one = handler(backups.make, kind="external", queue="bulk", timeout=10_000)
    row = delivery(making_one)
    asking = ask_when(endless)

    actors.run(ids=[row.pk], queue=QUEUES["bulk"], handlers={making_one.name: making_one})
    asking.join()

    row.refresh_from_db()
    assert (row.state, row.attempts, row.lost_leases) == (0, 0, 0)
    assert left(folder) == []
    assert not alive(int(endless.read_text()))
    run = BackupRun.objects.get()
    assert (run.state, run.error) == (
        "failed",
        "It was stopped, because its process had to leave; the next try begins anew.",
    )

    monkeypatch.setattr(leaving, "_asked", threading.Event())  # the next worker
    settings.BACKUP_PG_BIN = str(program("pg_dump").parent)
    actors.run(ids=[row.pk], queue=QUEUES["bulk"], handlers={making_one.name: making_one})
    row.refresh_from_db()
    assert (row.state, row.attempts) == (3, 1)
    assert len(manifests.names(store=store(options.from_settings()))) == 1


def test_twin_without_a_word_to_pg_dump_the_worker_would_wait_until_it_is_killed(
    committed, folder, endless, monkeypatch
):
    monkeypatch.setattr(programs.leaving, "ending", lambda _end: contextlib.nullcontext())
    asking = ask_when(endless)
    done = threading.Event()

    def back_up() -> None:
        with contextlib.suppress(Exception):
            making.make(options=options.from_settings(), storages={}, now=NOW)
        done.set()

    thread = threading.Thread(target=back_up)
    thread.start()
    asking.join()

    assert not done.wait(1.5)
    os.kill(int(endless.read_text()), signal.SIGKILL)
    thread.join(30)
    assert done.is_set()


def test_whoever_was_asked_before_does_not_begin(committed, folder):
    leaving.ask()

    with pytest.raises(NotNow) as refusal:
        backups.make(None, context())

    assert refusal.value.seconds == 0
    assert left(folder) == []


def test_a_long_statement_is_cancelled(committed, folder, monkeypatch):
    monkeypatch.setattr(tables, "_SUM", tables.sql.SQL("SELECT pg_sleep(300)::text, '', '' FROM {} LIMIT 1"))
    monkeypatch.setattr(
        tables, "_TABLES", "SELECT 'public', 'django_migrations'"
    )  # one that surely has a row
    with contextlib.closing(programs.connect(options.from_settings().database)) as opened:
        timer = threading.Timer(0.5, leaving.ask)
        timer.start()

        with pytest.raises(Stopped):
            tables.read(opened)


def test_a_drill_stops_too_and_leaves_no_database(committed, folder, monkeypatch):
    running.back_up(options=options.from_settings(), now=NOW)
    monkeypatch.setattr(restoring, "_compare", lambda *_: (leaving.ask(), programs.check()))

    with pytest.raises(NotNow):
        backups.drill(None, context())

    run = BackupRun.objects.get(kind="drill")
    assert (run.state, run.error.split(",")[0]) == ("failed", "It was stopped")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE starts_with(datname, %s)", [drills.PREFIX])
        assert cursor.fetchone() == (0,)


def command(folder: Path, tools: str) -> subprocess.Popen[str]:
    """Start `manage.py backup` in a process of its own."""
    said = connection.settings_dict
    password = f":{said['PASSWORD']}" if said["PASSWORD"] else ""
    return subprocess.Popen(
        [sys.executable, "manage.py", "backup"],
        env={
            **os.environ,
            "DATABASE_URL": f"postgres://{said['USER']}{password}@{said['HOST']}:{said['PORT']}/{said['NAME']}",
            "BACKUP_URL": str(folder),
            "BACKUP_PG_BIN": tools,
            "BACKUP_MEDIA": "false",
        },
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command_heeds_sigterm(committed, folder, endless, settings):
    running_one = command(folder, settings.BACKUP_PG_BIN)
    until(lambda: endless.exists() and endless.read_text().strip(), seconds=60)

    running_one.send_signal(signal.SIGTERM)
    _out, said = running_one.communicate(timeout=30)

    assert running_one.returncode == 1
    assert said.strip() == (
        "CommandError: It was stopped, because its process had to leave; the next try begins anew."
    )
    assert left(folder) == []
    assert not alive(int(endless.read_text()))


def test_a_killed_run_counts_for_nothing_blocks_nobody_and_is_swept_up(committed, folder, endless, settings):
    killed = command(folder, settings.BACKUP_PG_BIN)
    until(lambda: endless.exists() and endless.read_text().strip(), seconds=60)

    killed.kill()
    killed.communicate(timeout=30)
    os.kill(int(endless.read_text()), signal.SIGKILL)  # the real one ends by itself: nobody reads its pipe

    assert manifests.names(store=store(options.from_settings())) == []
    assert BackupRun.objects.get().state == "running"
    settings.BACKUP_PG_BIN = str(program("pg_dump").parent)
    made = running.back_up(options=options.from_settings(), now=NOW + timedelta(days=30))
    assert sorted(left(folder)) == [
        f"backups/{made.name}/database.dump",
        f"backups/{made.name}/manifest.json",
    ]
    assert set(BackupRun.objects.values_list("state", "error")) == {
        ("failed", "it ended without a word, killed or cut off"),
        ("done", ""),
    }
