"""Becomes workers and relays on request: a fork of a process that imported everything takes no seconds.

Reads one JSON object per line: `{"run": [...], "env": {...}, "database": {...}, "log": path}` answers with a
pid that leads its own process group; `{"status": pid}` answers with the exit code, null while it runs.
"""

import json
import logging
import os
import signal
import sys
import traceback
from importlib import import_module
from typing import Any

import django
import dramatiq.cli

django.setup()

from django.db import connections

from commerce.events.base import fact
from workers.tests.chaos import clock, times
from workers.tests.chaos.story import Struck

_children: set[int] = set()


def main() -> None:
    """Serve until whoever started us is gone; then nothing of it stays."""
    fact(Struck)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(_status(request["status"]) if "status" in request else _born(request)), flush=True)
    for pid in _children:
        os.killpg(pid, signal.SIGKILL)


def _status(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    if not found:
        return None
    _children.discard(pid)
    return os.waitstatus_to_exitcode(status)


def _born(request: dict[str, Any]) -> int:
    readable, writable = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become(request, writable)
    os.close(writable)
    os.read(readable, 1)  # from now on the group exists
    os.close(readable)
    _children.add(pid)
    return pid


def _become(request: dict[str, Any], ready: int) -> None:
    code = 70
    try:
        os.setsid()
        os.write(ready, b".")
        os.close(ready)
        _redirect(request["log"])
        os.environ.update(request["env"])
        connections.settings["default"].update(request["database"])
        times.shorten()
        clock.follow()
        code = _run(*request["run"])
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001 - it goes to the log, and we must not return into the zygote's loop
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _redirect(log: str) -> None:
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, number in ((nothing, 0), (target, 1), (target, 2)):
        os.dup2(source, number)


def _run(kind: str, *arguments: str) -> int:
    if kind == "worker":
        entry = "workers.tests.chaos.worker"
        return int(
            dramatiq.cli.main(dramatiq.cli.make_argument_parser().parse_args([entry, *arguments])) or 0
        )
    logging.basicConfig(level=logging.INFO)
    import_module(f"workers.tests.chaos.{kind}").main(*arguments)
    return 0


if __name__ == "__main__":
    main()
