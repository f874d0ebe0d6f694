"""Starting, refusing to start, and coming back with what was remembered."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from portone_server_sdk import PaymentClient
from portone_server_sdk.payment import CancelledPayment, PartialCancelledPayment, VirtualAccountIssuedPayment

from tools.portone_sandbox.config import UnableToStart, is_loopback, webhook_key
from tools.portone_sandbox.tests.conftest import CHANNEL, SECRET, STORE, WEBHOOK_SECRET, Shop, running
from tools.portone_sandbox.tests.receiver import Receiver

ROOT = Path(__file__).resolve().parents[3]
GOOD = {
    "PORTONE_API_SECRET": SECRET,
    "PORTONE_STORE_ID": STORE,
    "PORTONE_API_KEY": CHANNEL,
    "PORTONE_WEBHOOK_SECRET": WEBHOOK_SECRET,
    "PATH": os.environ.get("PATH", ""),
}


def start(*options: str, environ: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tools.portone_sandbox", "--port", "0", *options],
        cwd=ROOT,
        env=dict(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("options", "change", "reason"),
    [
        ((), {"DJANGO_ENV": "production"}, "DJANGO_ENV=production"),
        ((), {"DJANGO_ENV": " Production "}, "DJANGO_ENV=production"),
        ((), {"DJANGO_SETTINGS_MODULE": "config.settings.production"}, "DJANGO_SETTINGS_MODULE"),
        (("--host", "0.0.0.0"), {}, "loopback"),
        (("--host", "192.168.0.7"), {}, "loopback"),
        (("--time-scale", "-1"), {}, "--time-scale"),
        (("--webhook-url", "shop/hook"), {}, "--webhook-url"),
        ((), {"PORTONE_API_SECRET": ""}, "PORTONE_API_SECRET"),
        ((), {"PORTONE_WEBHOOK_SECRET": "whsec_***"}, "PORTONE_WEBHOOK_SECRET"),
    ],
)
def test_it_refuses_to_start(options: tuple[str, ...], change: dict[str, str], reason: str) -> None:
    process = start(*options, environ=GOOD | change)

    out, err = process.communicate(timeout=20)

    assert process.returncode == 2
    assert reason in err
    assert out == ""
    assert SECRET not in err


def test_it_serves_until_told_to_stop() -> None:
    process = start(environ=GOOD | {"DJANGO_SETTINGS_MODULE": "config.settings.development"})
    assert process.stdout is not None
    url = process.stdout.readline().split()[2]

    answer = httpx.get(f"{url}/_sandbox/health", trust_env=False)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=10)

    assert answer.json() == {"status": "ok", "payments": 0}
    assert (process.returncode, err) == (0, "")
    assert SECRET not in out and WEBHOOK_SECRET not in out


def test_a_taken_port_is_named() -> None:
    with running(webhook_url="http://127.0.0.1:9/") as server:
        process = start("--port", str(server.server_address[1]), environ=GOOD)
        _, err = process.communicate(timeout=20)

    assert process.returncode == 1
    assert str(server.server_address[1]) in err


@pytest.mark.parametrize("content", [None, '{"payments": []}'])
def test_a_state_file_that_cannot_be_used_is_named(tmp_path: Path, content: str | None) -> None:
    state = tmp_path / "missing" / "state" if content is None else tmp_path / "state"
    if content is not None:
        state.write_text(content * 50)

    process = start("--state", str(state), environ=GOOD)
    _, err = process.communicate(timeout=20)

    assert process.returncode == 1
    assert f"--state {state}" in err
    assert "Traceback" not in err
    assert content is None or state.read_text() == content * 50


def test_help_names_every_variable() -> None:
    process = start("--help", environ=GOOD)
    out, _ = process.communicate(timeout=20)

    assert process.returncode == 0
    for word in ("PORTONE_API_SECRET", "PORTONE_STORE_ID", "PORTONE_API_KEY", "PORTONE_WEBHOOK_SECRET"):
        assert word in out
    for option in ("--host", "--port", "--webhook-url", "--state", "--time-scale", "--manual-approval"):
        assert option in out


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_loopback_hosts(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::", "shop.example", "localhost.example", ""])
def test_other_hosts(host: str) -> None:
    assert not is_loopback(host)


def test_the_webhook_secret_must_be_base64() -> None:
    assert webhook_key("whsec_YWJj") == webhook_key("YWJj") == b"abc"
    for secret in ("whsec_", "whsec_?", ""):
        with pytest.raises(UnableToStart):
            webhook_key(secret)


def test_a_restart_keeps_payments_and_goes_on_telling(tmp_path: Path, receiver: Receiver) -> None:
    state = tmp_path / "sandbox.sqlite3"
    receiver.clear()
    with running(webhook_url=receiver.url, state=state) as server:
        shop = Shop(server)
        shop.pay("ORDER0001")
        shop.lever("ORDER0001", "cancel", amount=2000)
        shop.pay("ORDER0002", action="issue", payMethod="VIRTUAL_ACCOUNT")
        receiver.wait(5)
        shop.faults(webhookDelaySeconds=300_000)
        shop.pay("ORDER0003", action="approve_late")
        receiver.wait(6)

    with running(webhook_url=receiver.url, state=state, time_scale=0.001) as server:
        client = PaymentClient(secret=SECRET, base_url=server.sandbox.config.base_url, store_id=STORE)
        partial = client.get_payment(payment_id="ORDER0001")
        account = client.get_payment(payment_id="ORDER0002")
        waiting = [one for one in server.sandbox.store.deliveries.values() if one.next_at]
        client.cancel_payment(payment_id="ORDER0001", reason="나머지", current_cancellable_amount=10000)
        cancelled = client.get_payment(payment_id="ORDER0001")

    assert isinstance(partial, PartialCancelledPayment)
    assert [one.status for one in partial.webhooks or []] == ["SUCCEEDED"] * 3
    assert isinstance(account, VirtualAccountIssuedPayment)
    assert [one.payment_id for one in waiting] == ["ORDER0003"]
    assert isinstance(cancelled, CancelledPayment)


def test_an_interrupted_delivery_is_taken_up_again(tmp_path: Path, receiver: Receiver) -> None:
    state = tmp_path / "sandbox.sqlite3"
    receiver.clear()
    with running(webhook_url=receiver.url, state=state) as server:
        shop = Shop(server)
        shop.faults(webhookDelaySeconds=700)
        shop.pay(action="approve_late")
        receiver.wait(1)

    with running(webhook_url=receiver.url, state=state):
        receiver.wait(2)

    assert receiver.types() == ["Ready", "Paid"]


def test_without_a_state_file_nothing_is_kept(receiver: Receiver) -> None:
    for _ in range(2):
        with running(webhook_url=receiver.url) as server:
            assert server.sandbox.store.payments == {}
            Shop(server).pay()
