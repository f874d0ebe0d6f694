"""A shop of a few tiny processes under the real runner, with real PostgreSQL and Valkey, for the tests beside it.

python -m tools.local.tests.tiny_shop HOME PORT [what goes wrong]
"""

import sys
from pathlib import Path

from tools.local.answers import status_of
from tools.local.console import Console
from tools.local.environment import current_environment
from tools.local.errors import LocalError
from tools.local.plan import Plan
from tools.local.process import Service
from tools.local.run import run

CHECK_SERVERS = """
import os, psycopg, redis
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS starts (at timestamptz DEFAULT now())")
    connection.execute("INSERT INTO starts DEFAULT VALUES")
    count, = connection.execute("SELECT count(*) FROM starts").fetchone()
print("start number", count, "broker", redis.Redis.from_url(os.environ["REDIS_URL"]).ping())
"""
WITH_A_CHILD = (
    "import subprocess, sys, time; subprocess.Popen(['sleep', '600']); print('working'); time.sleep(600)"
)
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(600)"
)
SHORT_LIVED = "import time; print('my last words'); time.sleep(0.5); raise SystemExit(5)"
WANTS_AGAIN = """
import pathlib, sys, time
mark = pathlib.Path(sys.argv[1]) / "was-here"
print("run", 2 if mark.exists() else 1)
if not mark.exists():
    mark.touch()
    time.sleep(1)
    raise SystemExit(3)
time.sleep(600)
"""
BROKEN = "print('cannot bind'); raise SystemExit(4)"


def tiny_plan(*, home: Path, port: int, fault: str) -> Plan:
    """Return a web server, a worker with a child of its own, and one that listens to nobody if `fault` says so."""
    web = ("-m", "http.server", "--bind", "127.0.0.1", str(port)) if fault != "broken web" else ("-c", BROKEN)
    other = {"deaf": STUBBORN, "short-lived": SHORT_LIVED, "again": WANTS_AGAIN}.get(fault, WITH_A_CHILD)
    return Plan(
        host="127.0.0.1",
        port=port,
        address=f"http://127.0.0.1:{port}",
        env={"GREETING": "hello"},
        steps=lambda _env: [_python("check", "-c", CHECK_SERVERS)],
        services=(
            Service(
                name="web",
                argv=(sys.executable, *web),
                ready=lambda: status_of(f"http://127.0.0.1:{port}/requirements/") == 200,
            ),
            _python("worker", "-c", WITH_A_CHILD),
            Service(name="other", argv=(sys.executable, "-c", other, str(home)), again_code=3),
            Service(
                name="relay",
                argv=(sys.executable, "-c", "import time; print('relaying'); time.sleep(600)"),
                follows_code=True,
                comes_later=True,
            ),
        ),
        banner=("The tiny shop is open",),
        code=(home / "code",),
    )


def _python(name: str, *arguments: str) -> Service:
    return Service(name=name, argv=(sys.executable, *arguments))


def main(home: str, port: str, fault: str = "") -> int:
    """Run it as the command line does."""
    try:
        (Path(home) / "code").mkdir(parents=True, exist_ok=True)
        plan = tiny_plan(home=Path(home), port=int(port), fault=fault)
        run(plan=plan, environ=current_environment(), home=Path(home), console=Console())
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
