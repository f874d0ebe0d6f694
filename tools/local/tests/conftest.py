"""Starts the tiny shop as a process of its own, and makes sure that nothing of it survives the test."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools.local.claim import TOKEN_VARIABLE
from tools.local.leftovers import processes_with, stop_processes_with
from tools.local.paths import LOCAL, ROOT
from tools.local.ports import free_port

SERVER_VARIABLES = ("DATABASE_URL", "REDIS_URL", "DB_NAME", "DB_HOST", "DB_USER", "DB_PASSWORD", "DB_PORT")


def plain_environment() -> dict[str, str]:
    """Return our environment as if no servers were known: the test run itself may have been given some."""
    return {name: value for name, value in os.environ.items() if name not in SERVER_VARIABLES}


class TinyShop:
    """One run of `tools.local.tests.tiny_shop`."""

    def __init__(self, *, home: Path, port: int, fault: str) -> None:
        self.home = home
        self.output = home.parent / f"output-{time.monotonic_ns()}.txt"
        with self.output.open("wb") as output:
            argv = [sys.executable, "-m", "tools.local.tests.tiny_shop", str(home), str(port), fault]
            self.process = subprocess.Popen(
                argv, cwd=ROOT, env=plain_environment(), stdout=output, stderr=subprocess.STDOUT
            )

    @property
    def text(self) -> str:
        return self.output.read_text(errors="replace")

    def children(self) -> list[int]:
        token = (self.home / "token").read_text()
        return processes_with(variable=TOKEN_VARIABLE, value=token)

    def wait_for(self, text: str) -> "TinyShop":
        wait_until(lambda: text in self.text or self.process.poll() is not None)
        assert text in self.text, self.text
        return self


def wait_until(condition: Callable[[], bool], *, seconds: float = 30.0) -> None:
    """Wait until the condition holds; the test fails when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a folder for one runner, in the project, where the database's user can reach it."""
    LOCAL.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=LOCAL, prefix="runner-test-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "home"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(home: Path, port: int) -> Iterator[Callable[..., TinyShop]]:
    """Return a function that starts the tiny shop in `home`."""
    started: list[TinyShop] = []

    def _start(fault: str = "") -> TinyShop:
        started.append(TinyShop(home=home, port=port, fault=fault))
        return started[-1]

    yield _start
    for shop in started:
        shop.process.kill()
        shop.process.wait()
    if (home / "token").exists():
        stop_processes_with(variable=TOKEN_VARIABLE, value=(home / "token").read_text())
