"""The whole shop on free ports with throw-away data, for tests that drive it from outside."""

import shutil
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.local import shop
from tools.local.environment import current_environment
from tools.local.errors import LocalError
from tools.local.paths import LOCAL
from tools.local.ports import free_port
from tools.local.process import Process, Service, stop_all
from tools.local.servers import DATABASE_VARIABLES, Servers, throw_away_home

FOREIGN = (*DATABASE_VARIABLES, "REDIS_URL", "BROKER_URL", "PORTONE_API_SECRET", "PORTONE_API_BASE_URL")
STOP_SECONDS = 5.0


class Stack:
    """Starts PostgreSQL, Valkey, the PortOne sandbox, web, worker and relay; stops and deletes them afterwards.

        with Stack(name="e2e") as stack:
            page.goto(stack.base_url)

    `base_url` and `sandbox_url` have no slash at the end; `database_url` and `redis_url` lead to the servers;
    `env` is what the processes got, so that `subprocess.run([sys.executable, "manage.py", ...], env=stack.env)`
    acts on the same shop. The database is migrated and, unless `seed` is false, has the demo shop in it. Logs
    stay in .local/logs/<name>/<process>.log after the end; mails are files below `home / "mails"` and uploads
    are below `home / "media"`, both deleted with the rest. `env` given here is added to that of every process.

    With `wsgi` ("config.wsgi:application") the web process is gunicorn as in production. Without `background`
    neither worker nor relay runs, and nothing happens that the test does not do.

    Servers that the environment names are never used: this shop is filled and thrown away. Create it in the
    main thread; it must end there too. Raises LocalError when something does not start, with its last lines.
    Starting takes about as long as the first `make run`.
    """

    def __init__(
        self,
        *,
        name: str = "stack",
        seed: bool = True,
        env: Mapping[str, str] | None = None,
        wsgi: str = "",
        background: bool = True,
    ) -> None:
        self.base_url = f"http://127.0.0.1:{free_port()}"
        self.sandbox_url = f"http://127.0.0.1:{free_port()}"
        self.standin_url = f"http://127.0.0.1:{free_port()}"
        self.database_url = ""
        self.redis_url = ""
        self.logs = LOCAL / "logs" / name
        self.home = Path()
        self.env: dict[str, str] = {}
        self._seed = seed
        self._wsgi = wsgi
        self._background = background
        self._extra = dict(env or {})
        self._processes: list[Process] = []
        self._undo = ExitStack()

    def __enter__(self) -> Self:
        """Start everything and return when the first page has answered."""
        try:
            self._start()
        except BaseException:
            self._undo.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything and delete the data."""
        self._undo.close()

    def stop(self, *names: str) -> None:
        """Ask processes by their names (web, worker, relay) to end, and wait for it."""
        leaving = [process for process in self._processes if process.service.name in names]
        stop_all(leaving, patience=STOP_SECONDS)
        self._processes = [process for process in self._processes if process not in leaving]

    def start(self, *names: str) -> None:
        """Start processes that `stop` has ended, and return when they are ready."""
        self._processes += [self._launch(service) for service in self._services() if service.name in names]
        self._wait_until_ready()

    def check(self) -> None:
        """Raise LocalError, with its last lines, when a process or a server has died."""
        for process in self._processes:
            if not process.alive:
                raise LocalError(_obituary(process))

    def _start(self) -> None:
        claimed = self._undo.enter_context(throw_away_home(parent=LOCAL / "tmp"))
        self.home = claimed.home
        shutil.rmtree(self.logs, ignore_errors=True)
        servers = Servers(home=self.home, environ=self._environment(), token=claimed.token, throw_away=True)
        servers.start()
        self._undo.callback(servers.stop)
        self.env = servers.env
        self.database_url, self.redis_url = self.env["DATABASE_URL"], self.env["REDIS_URL"]
        self._undo.callback(lambda: stop_all(self._processes, patience=STOP_SECONDS))
        self._run_once(shop.manage("migrate", "--no-input", name="migrate"))
        if self._seed:
            self._run_once(shop.manage("seed_demo", name="seed"))
        self._processes = [self._launch(service) for service in self._services()]
        self._wait_until_ready()

    def _environment(self) -> dict[str, str]:
        """Return our environment without what leads to other servers, and with what leads to this shop."""
        inherited = {name: value for name, value in current_environment().items() if name not in FOREIGN}
        return {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "SHOP_BASE_URL": self.base_url,
            "DEBUG_TOOLBAR": "0",  # pages as shoppers see them
            "MEDIA_FOLDER": str(self.home / "media"),
            "PRIVATE_FOLDER": str(self.home / "private"),
            "EMAIL_FOLDER": str(self.home / "mails"),
            **shop.sandbox_environment(port=_port(self.sandbox_url)),
            **shop.standin_environment(port=_port(self.standin_url)),
            **self._extra,
        }

    def _services(self) -> Iterable[Service]:
        port = _port(self.base_url)
        if self._wsgi:
            yield shop.gunicorn(port=port, shop=self.base_url, application=self._wsgi)
        else:
            yield shop.web(host="127.0.0.1", port=port, shop=self.base_url, reload=False)
        if self._background:
            yield shop.worker(threads=4)
            yield shop.relay()
        yield shop.sandbox(port=_port(self.sandbox_url), shop=self.base_url, state=self.home / "sandbox.json")
        yield shop.standin(port=_port(self.standin_url), shop=self.base_url)

    def _launch(self, service: Service) -> Process:
        log = self.logs / f"{service.name}.log"
        return Process(service=service, env=self.env, log=log, on_line=lambda _text: None)

    def _run_once(self, service: Service) -> None:
        process = self._launch(service)
        self._processes = [process]  # so that an interruption stops it
        while process.alive:
            time.sleep(0.05)
        process.kill()
        if process.code:
            raise LocalError(_obituary(process))

    def _wait_until_ready(self, *, patience: float = 90.0) -> None:
        deadline = time.monotonic() + patience
        waiting = [ready for process in self._processes if (ready := process.service.ready) is not None]
        for ready in waiting:
            while not ready():
                self.check()
                if time.monotonic() > deadline:
                    raise LocalError(
                        f"The shop did not answer within {patience:.0f} s. Its logs: {self.logs}"
                    )
                time.sleep(0.2)


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


def _obituary(process: Process) -> str:
    last = "\n".join(f"    {line}" for line in process.last_lines)
    return f"{process.service.name} has ended (exit code {process.code}). Its last lines:\n{last}"
