"""Runs everything until it is told to stop: the story of `make run`."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from tools.local.claim import Claim, claim, describe
from tools.local.console import Console
from tools.local.environment import write_services_file
from tools.local.errors import Interrupted
from tools.local.plan import Plan
from tools.local.ports import require_free
from tools.local.servers import Servers, sweep
from tools.local.signals import StopSignals
from tools.local.supervisor import Supervisor
from tools.local.watch import CodeWatch

SHARED_NAMES = (
    "DATABASE_URL",
    "REDIS_URL",
    "BACKUP_PG_BIN",
)  # what a second terminal needs besides the plan's own variables


def run(*, plan: Plan, environ: Mapping[str, str], home: Path, console: Console) -> None:
    """Start the servers and the plan's processes, keep them running, and stop them when a signal asks for it.

    Raises LocalError, before anything is started, when `home` is in use or the port is taken; and later, after
    everything was stopped again, when something needed does not start.
    """
    signals = StopSignals()
    with signals.counted():
        claimed = claim(home=home)
        try:
            require_free(host=plan.host, port=plan.port)
            describe(claimed, text=f"{plan.address}, pid {os.getpid()}")
            _run(plan=plan, environ=environ, claimed=claimed, console=console, signals=signals)
        finally:
            claimed.release()


def _run(
    *, plan: Plan, environ: Mapping[str, str], claimed: Claim, console: Console, signals: StopSignals
) -> None:
    home = claimed.home
    logs = home / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    (home / "tmp").mkdir(exist_ok=True)
    sweep(parent=home / "tmp")
    servers = Servers(home=home, environ={**environ, **plan.env}, token=claimed.token, throw_away=False)
    supervisor = Supervisor(env=servers.env, logs=logs, console=console, signals=signals, hide=plan.hide)
    watch = CodeWatch(folders=plan.code)
    shared: Path | None = None
    try:
        servers.start()
        shared = write_services_file(home=home, env=servers.env, names=[*SHARED_NAMES, *plan.env])
        for step in plan.steps(servers.env):
            supervisor.run_once(service=step)
        supervisor.keep(
            services=plan.services,
            watch=watch,
            on_ready=lambda: _announce(plan, console),
            server_died=servers.dead,
        )
    except Interrupted:
        pass
    finally:
        console.note("\nStopping (Ctrl-C again: at once)")
        watch.stop()
        supervisor.stop()
        if shared is not None:
            shared.unlink(missing_ok=True)
        servers.kill() if signals.hurry else servers.stop()


def _announce(plan: Plan, console: Console) -> None:
    for text in ("", *plan.banner, ""):
        console.note(text)
