"""The shop's processes, as data."""

import re
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tools.local.answers import status_of
from tools.local.paths import ROOT
from tools.local.process import Service

CODE = tuple(ROOT / folder for folder in ("site", "commerce", "cms", "workers"))

# Known to everyone, so worth nothing outside this machine. Without PORTONE_API_SECRET the sandbox takes part.
SANDBOX_CREDENTIALS = {
    "PORTONE_STORE_ID": "store-d3m0d3m0-0000-4000-8000-000000000000",
    "PORTONE_API_KEY": "channel-key-d3m0d3m0-0000-4000-8000-000000000000",
    "PORTONE_API_SECRET": "demo-api-secret-of-the-sandbox",
    "PORTONE_WEBHOOK_SECRET": "whsec_bWFydS1kZW1vLXdlYmhvb2stc2VjcmV0LTAwMDAwMDA=",
}

# The same for signing in: without a provider's key the stand-in takes part.
STANDIN_CREDENTIALS = {
    f"{provider}_{part}": f"demo-{provider.lower()}-{word}"
    for provider in ("KAKAO", "NAVER", "GOOGLE")
    for part, word in (("CLIENT_ID", "client"), ("SECRET_KEY", "secret"))
}

AGAIN = 3  # django.utils.autoreload ends with it when a file has changed

# What nobody reads twice. It stays in the log file.
NOISE = {
    "web": re.compile(
        r"^$|Watching for file changes|^Performing system checks|^System check identified no issues"
        r"|^Django version|^Starting development server|^Quit the server|^WARNING: This is a development server"
        r"|^For more information on production servers|^\w+ \d\d, \d{4} - \d\d:\d\d:\d\d$"
        r'|"GET /(static|media|__reload__|health)/.* (200|304) '
    ),
    "migrate": re.compile(
        r"^Operations to perform|^  Apply all|^Running migrations|^  No migrations to apply"
        r"|^  Applying (?!commerce|cms|workers)\S+ OK$"  # two hundred of other people's
    ),
    "worker": re.compile(r"INFO dramatiq\.|\[dramatiq\.\S+\] \[INFO\]"),
}


def is_noise(name: str, text: str) -> bool:
    """Tell whether a line is left out on the screen."""
    return name in NOISE and bool(NOISE[name].search(text))


def manage(*arguments: str, name: str = "") -> Service:
    """Return a management command as a service."""
    return Service(name=name or arguments[0], argv=(sys.executable, "manage.py", *arguments))


def wants_sandbox(environ: Mapping[str, str]) -> bool:
    """Tell whether payments go to the sandbox: unless somebody has named another PortOne."""
    return not environ.get("PORTONE_API_SECRET") and not environ.get("PORTONE_API_BASE_URL")


def sandbox_environment(*, port: int) -> dict[str, str]:
    """Return what the shop must know to use the sandbox on this port."""
    base = f"http://127.0.0.1:{port}"
    return {
        **SANDBOX_CREDENTIALS,
        "PORTONE_API_BASE_URL": base,
        "PORTONE_BROWSER_SDK_URL": f"{base}/v2/browser-sdk.js",
    }


def sandbox(*, port: int, shop: str, state: Path) -> Service:
    """Return the PortOne that needs no contract; it reports payments to the shop's webhook."""
    return Service(
        name="sandbox",
        argv=(
            *(sys.executable, "-m", "tools.portone_sandbox", "--host", "127.0.0.1", "--port", str(port)),
            *("--webhook-url", f"{shop}/webhooks/portone/", "--state", str(state)),
        ),
        ready=partial(answers, f"http://127.0.0.1:{port}/"),
    )


def wants_standin(environ: Mapping[str, str]) -> bool:
    """Tell whether sign-ins go to the stand-in: unless somebody has named a provider's key, or another stand-in."""
    return not any(environ.get(name) for name in (*STANDIN_CREDENTIALS, "SOCIAL_STANDIN_URL"))


def standin_environment(*, port: int) -> dict[str, str]:
    """Return what the shop must know to use the stand-in on this port."""
    return {**STANDIN_CREDENTIALS, "SOCIAL_STANDIN_URL": f"http://127.0.0.1:{port}"}


def standin(*, port: int, shop: str) -> Service:
    """Return Kakao, Naver and Google as one small server."""
    return Service(
        name="standin",
        argv=(
            *(sys.executable, "-m", "tools.social_standin", "--host", "127.0.0.1", "--port", str(port)),
            *("--shop", shop),
        ),
        ready=partial(answers, f"http://127.0.0.1:{port}/"),
    )


def web(*, host: str, port: int, shop: str, reload: bool) -> Service:
    """Return the web process: Django's own server, which with `reload` watches code, templates and translations.

    Django would load everything twice, first in a process that only starts the serving one again when that
    ends with code 3. We are such a process already; RUN_MAIN says so.
    """
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    argv = (sys.executable, "manage.py", "runserver", address, *(() if reload else ("--noreload",)))
    return Service(
        name="web",
        argv=argv,
        env={"RUN_MAIN": "true"} if reload else {},
        ready=partial(answers, f"{shop}/"),
        again_code=AGAIN if reload else None,
    )


def gunicorn(*, port: int, shop: str, application: str) -> Service:
    """Return the web process of production: two processes of eight threads, started again when one dies."""
    return Service(
        name="web",
        argv=(
            *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"),
            *("--workers", "2", "--threads", "8", "--timeout", "60", "--backlog", "512"),
        ),
        env={"PYTHONPATH": f"{ROOT / 'site'}:{ROOT}"},
        ready=partial(answers, f"{shop}/health/"),
    )


def worker(*, threads: int = 8) -> Service:
    """Return the process that carries out what events ask for."""
    options = ("--processes", "1", "--threads", str(threads), "--worker-shutdown-timeout", "4000")
    argv = (sys.executable, "-m", "dramatiq", "workers.main", *options)
    soon = {"dramatiq_worker_timeout": "100"}  # milliseconds until an idle thread notices that it must stop
    return Service(name="worker", argv=argv, env=soon, follows_code=True, comes_later=True)


def relay() -> Service:
    """Return the process that carries events from the outbox to the workers, and keeps the schedule."""
    return Service(
        name="relay", argv=(sys.executable, "manage.py", "relay_outbox"), follows_code=True, comes_later=True
    )


def answers(url: str) -> bool:
    """Tell whether something serves this address, whatever it says."""
    return status_of(url) is not None
