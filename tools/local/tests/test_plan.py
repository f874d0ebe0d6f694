"""What `make run` would start, and with which environment: decided before anything runs."""

import io

import pytest

from tools.local.console import Console
from tools.local.errors import LocalError
from tools.local.plan import Plan, shop_plan
from tools.local.shop import is_noise


def plan(**environ: str) -> Plan:
    return shop_plan(environ=environ, console=Console(stream=io.StringIO()))


def names(of: Plan) -> list[str]:
    return [service.name for service in of.services]


def test_by_default_everything_runs_on_loopback_and_payments_go_to_the_sandbox() -> None:
    shop = plan(SANDBOX_PORT="23999")
    assert names(shop) == ["web", "worker", "relay", "sandbox", "standin"]
    assert (shop.host, shop.port, shop.address) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert shop.env["SHOP_BASE_URL"] == "http://localhost:8000"
    assert shop.env["DJANGO_SETTINGS_MODULE"] == "config.settings.development"
    assert shop.env["PORTONE_API_BASE_URL"].startswith("http://127.0.0.1:")
    assert shop.env["PORTONE_WEBHOOK_SECRET"].startswith("whsec_")
    assert "ALLOWED_HOSTS" not in shop.env


def test_a_portone_of_ones_own_replaces_the_sandbox() -> None:
    shop = plan(PORTONE_API_SECRET="mine")
    assert names(shop) == ["web", "worker", "relay", "standin"]
    assert not [name for name in shop.env if name.startswith("PORTONE_")]
    assert not [line for line in shop.banner if "sandbox" in line]


def test_a_providers_key_of_ones_own_replaces_the_stand_in() -> None:
    shop = plan(KAKAO_CLIENT_ID="mine")
    assert "standin" not in names(shop)
    assert not [name for name in shop.env if name.startswith(("KAKAO_", "NAVER_", "GOOGLE_", "SOCIAL_"))]


def test_what_the_environment_says_wins_over_the_plan() -> None:
    shop = plan(SHOP_BASE_URL="https://tunnel.example", PORTONE_STORE_ID="store-mine")
    assert shop.env["SHOP_BASE_URL"] == "https://tunnel.example"
    assert shop.env["PORTONE_STORE_ID"] == "store-mine"


def test_another_host_may_be_asked_for_by_name() -> None:
    shop = plan(HOST="192.0.2.7", PORT="8123")
    assert shop.address == "http://192.0.2.7:8123"
    assert shop.env["ALLOWED_HOSTS"] == "192.0.2.7,localhost,127.0.0.1"
    assert plan(HOST="0.0.0.0").env["ALLOWED_HOSTS"] == "*"


@pytest.mark.parametrize("text", ["eighty", "0", "65536", "-1", "80.0"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(LocalError, match=f"PORT must be a number from 1 to 65535, not '{text}'"):
        plan(PORT=text)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("web", '[25/Nov/2026 00:17:25] "GET /static/shop.css HTTP/1.1" 200 208', True),
        ("web", '[25/Nov/2026 00:17:25] "GET /static/shop.css HTTP/1.1" 404 208', False),
        ("web", '[25/Nov/2026 00:17:25] "GET /p/rice-bowl/ HTTP/1.1" 200 208', False),
        ("worker", "2026-11-25 00:17:55 INFO dramatiq.worker.Worker Shutting down...", True),
        ("worker", "2026-11-25 00:17:55 WARNING dramatiq.worker.Worker Failed", False),
        ("relay", "", False),
    ],
)
def test_only_what_nobody_reads_is_hidden(name: str, text: str, expected: bool) -> None:
    assert is_noise(name, text) is expected
