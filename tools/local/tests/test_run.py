"""The runner with real processes: what it starts, it stops, however it ends."""

import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from tools.local.claim import TOKEN_VARIABLE
from tools.local.leftovers import processes_with
from tools.local.tests.conftest import TinyShop, wait_until

Start = Callable[..., TinyShop]
OPEN = "The tiny shop is open"


def stop(shop: TinyShop, number: signal.Signals, *, seconds: float = 10) -> None:
    """Send a signal and expect a tidy end within `seconds`."""
    asked_at = time.monotonic()
    shop.process.send_signal(number)
    assert shop.process.wait(20) == 0, shop.text
    assert time.monotonic() - asked_at < seconds


def test_ctrl_c_ends_every_process(start: Start) -> None:
    shop = start().wait_for(OPEN)
    token = (shop.home / "token").read_text()
    names = {Path(f"/proc/{pid}/comm").read_text().strip() for pid in shop.children()}
    assert {"postgres", "valkey-server", "sleep"} <= names
    stop(shop, signal.SIGINT)
    assert processes_with(variable=TOKEN_VARIABLE, value=token) == []
    assert not (shop.home / "services.env").exists()
    assert not (shop.home / "postgres" / "data" / "postmaster.pid").exists()


def test_a_process_that_ignores_the_stop_is_ended_within_ten_seconds(start: Start) -> None:
    shop = start("deaf").wait_for(OPEN)
    token = (shop.home / "token").read_text()
    stop(shop, signal.SIGTERM, seconds=10)
    assert processes_with(variable=TOKEN_VARIABLE, value=token) == []


def test_a_second_ctrl_c_does_not_wait(start: Start) -> None:
    shop = start("deaf").wait_for(OPEN)
    token = (shop.home / "token").read_text()
    shop.process.send_signal(signal.SIGINT)
    shop.wait_for("Stopping")
    stop(shop, signal.SIGINT, seconds=3)
    assert processes_with(variable=TOKEN_VARIABLE, value=token) == []


def test_children_do_not_survive_a_killed_runner_and_the_next_start_works(start: Start) -> None:
    shop = start("deaf").wait_for(OPEN)
    token = (shop.home / "token").read_text()
    shop.process.kill()
    shop.process.wait()
    wait_until(lambda: not processes_with(variable=TOKEN_VARIABLE, value=token), seconds=10)
    again = start().wait_for(OPEN)
    assert "start number 2" in again.text
    assert len(again.children()) >= 6


def test_a_closed_terminal_stops_the_shop_and_the_data_is_still_there_at_the_next_start(start: Start) -> None:
    shop = start().wait_for(OPEN)
    assert "start number 1 broker True" in shop.text
    stop(shop, signal.SIGHUP)
    assert "start number 2 broker True" in start().wait_for(OPEN).text


def test_two_at_a_time_are_refused(start: Start, port: int) -> None:
    first = start().wait_for(OPEN)
    second = start()
    assert second.process.wait(10) == 1
    assert (
        f"already running from this folder (http://127.0.0.1:{port}, pid {first.process.pid})" in second.text
    )
    assert first.process.poll() is None
    assert len(first.children()) >= 6


def test_a_taken_port_is_named_before_anything_starts(start: Start, home: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        shop = start()
        assert shop.process.wait(10) == 1
    assert f"Port {port} on 127.0.0.1 is not free" in shop.text
    assert f"PORT={port + 1} make run" in shop.text
    assert not (home / "postgres").exists()
    assert not (home / "valkey").exists()


def test_web_dying_at_the_start_ends_the_run(start: Start) -> None:
    shop = start("broken web")
    assert shop.process.wait(30) == 1
    assert "web has stopped by itself (exit code 4) before it was ready" in shop.text
    assert "cannot bind" in shop.text
    assert not (shop.home / "token").exists()


def test_another_process_dying_is_told_and_starts_again(start: Start) -> None:
    shop = start("short-lived").wait_for("It starts again in 2 s.")
    assert "other has stopped by itself (exit code 5). Its last lines:\n    my last words" in shop.text
    assert shop.process.poll() is None


def test_a_process_that_asks_for_it_is_started_anew_without_a_word(start: Start) -> None:
    shop = start("again").wait_for("run 2")
    assert shop.text.index("run 1") < shop.text.index("run 2")
    assert "stopped by itself" not in shop.text


def test_a_change_of_code_starts_the_process_that_follows_it_anew(start: Start) -> None:
    shop = start().wait_for("relaying")
    assert shop.text.index(OPEN) < shop.text.index("relaying")  # it comes later
    time.sleep(0.5)  # until the folder is watched
    (shop.home / "code" / "notes.txt").write_text("not code")
    time.sleep(1)
    assert "Code has changed" not in shop.text
    (shop.home / "code" / "module.py").write_text("answer = 42")
    shop.wait_for("Code has changed: starting relay anew")
    wait_until(lambda: shop.text.count("relaying") == 2)
    assert "starting web anew" not in shop.text


def test_the_servers_are_told_to_a_second_terminal_and_to_nobody_else(start: Start) -> None:
    shop = start().wait_for(OPEN)
    file = shop.home / "services.env"
    assert file.stat().st_mode & 0o777 == 0o600
    lines = dict(line.split("=", 1) for line in file.read_text().splitlines())
    assert sorted(lines) == ["BACKUP_PG_BIN", "DATABASE_URL", "GREETING", "REDIS_URL"]
    assert lines["GREETING"] == "hello"
