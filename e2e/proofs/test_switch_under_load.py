"""A release takes the place of another while shoppers look and buy: nothing fails, no order is lost or doubled.

Real nginx with our configuration, two web processes on staging's settings, deploy/bluegreen.sh. About half a minute;
`SWITCH_SECONDS=600 pytest e2e/proofs/test_switch_under_load.py` goes on for that long and migrates at each switch.
"""

import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.proofs.books import Books
from e2e.proofs.front import HOST, Front
from e2e.proofs.load import Door, Tally, ask, load
from tools.deploy import checklist, postdeploy
from tools.local.paths import LOCAL
from tools.local.servers import throw_away_home

LONG = float(os.environ.get("SWITCH_SECONDS", "0"))
CLIENTS = 12
PATHS = ("/", "/p/switch/", "/health/live/", "/en/p/switch/")
ORDER = {
    "lines": [{"sku": "SWITCH", "quantity": 1}],
    "contact": {
        "name": "QA 자동시험",
        "phone": "010-0000-1234",
        "postcode": "04524",
        "address1": "서울특별시 중구 세종대로 110",
        "address2": "101호",
    },
    "method": "CARD",
    "expected_total": 60_000,
    "language": "ko",
}


@pytest.fixture(scope="module")
def front(plain_shop: Books) -> Iterator[Front]:
    """nginx, and blue behind it, in front of the shop's database."""
    plain_shop.stock_up(slug="switch", skus=("SWITCH",), units=100_000)
    with (
        throw_away_home(parent=LOCAL / "tmp") as claimed,
        Front(stack=plain_shop.stack, home=claimed.home) as front,
    ):
        yield front


def orders_of(books: Books, tally: Tally) -> list[str]:
    """Return the keys that became orders, once for each order."""
    emails = books.rows("SELECT email FROM commerce_order WHERE email LIKE %s", "%@load.example")
    keys = tally.placed | tally.unknown
    return sorted(key for (email,) in emails if (key := str(email).partition("@")[0]) in keys)


def test_switching_there_and_back_fails_nobody(plain_shop: Books, front: Front) -> None:
    ends, switched = time.monotonic() + LONG, 0
    with load(front.door, clients=CLIENTS, paths=PATHS, order=ORDER) as tally:
        while switched < 2 or time.monotonic() < ends:
            before = front.serving()
            front.switch(migrate=bool(LONG))
            switched += 1
            assert front.serving() != before
            time.sleep(0.5)

    print(
        f"\n{switched} switches, answers {dict(tally.answers)}, {len(tally.placed)} orders, "
        f"{tally.idle_ends} idle ends, p50 {tally.quantile(0.5):.3f} s, p99 {tally.quantile(0.99):.3f} s"
    )
    assert tally.failed == {}
    assert set(tally.answers) == {200, 201}
    assert len(tally.placed) >= CLIENTS
    placed = orders_of(plain_shop, tally)
    assert len(placed) == len(set(placed))
    assert set(placed) - tally.unknown == tally.placed
    assert plain_shop.disagreements() == []


def test_twin_stopping_the_old_one_without_a_switch_fails_shoppers(front: Front) -> None:
    with load(front.door, clients=CLIENTS, paths=PATHS, order=ORDER) as tally:
        time.sleep(1.0)
        front.stop(front.serving())
        time.sleep(0.5)

    assert tally.failed["502"] > 0


@pytest.fixture
def served(front: Front) -> Front:
    """A shop that serves, also after the twin."""
    if ask(front.door, "/health/live/").status != 200:
        front.start(front.serving())
    return front


def test_a_release_that_does_not_get_ready_changes_nothing(served: Front) -> None:
    before = served.serving()

    said = served.try_to_switch(MARU_LOOKS="3", MARU_READY="false")

    other = "green" if before == "blue" else "blue"
    assert f"{other} was not ready in time: {before} goes on serving." in said
    assert (served.serving(), ask(served.door, "/health/ready/").status) == (before, 200)
    assert not (served.home / f"{other}.pid").exists()


def test_a_configuration_that_nginx_refuses_is_taken_back(served: Front) -> None:
    before = served.serving()

    said = served.try_to_switch(MARU_TEST="false", MARU_READY="true")

    assert f"nginx refuses its configuration: {before} goes on serving." in said
    assert (served.serving(), ask(served.door, "/health/ready/").status) == (before, 200)


def test_the_checklist_after_a_deployment_finds_nothing_behind_nginx(
    served: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But that neither worker nor relay runs here, which it names."""
    real = socket.getaddrinfo

    def here(host: str, *more: Any, **named: Any) -> Any:
        return real("127.0.0.1" if host == HOST else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    monkeypatch.setenv("SSL_CERT_FILE", str(served.home / "certs" / "fullchain.pem"))

    lines = postdeploy.checklist(served.url, writes=False, browser=False, patience=0)
    said = {line.title: line.answer() for line in lines}

    wrong = {title: answer.text for title, answer in said.items() if answer.state == checklist.FAILED}
    assert wrong == {
        "Health": "degraded: workers late",
        "Workers": "late: no relay has given a sign of life",
    }
    assert said["TLS certificate"].text in ("29 days", "30 days")


def test_a_reader_of_configurations_finds_no_mistake(front: Front) -> None:
    """HSTS, which it misses, comes from the shop."""
    gixy = [
        str(Path(sys.executable).parent / "gixy"),
        "--skips",
        "hsts_header",
        str(front.home / "nginx/nginx.conf"),
    ]

    done = subprocess.run(gixy, capture_output=True, text=True, check=False)

    assert (done.returncode, "No issues found" in done.stdout) == (0, True), done.stdout


def test_plain_http_is_sent_to_the_shops_own_name(served: Front) -> None:
    answer = ask(Door(port=served.http, host="evil.example"), "/c/cups/?page=2")

    assert (answer.status, answer.headers["location"]) == (301, f"{served.url}/c/cups/?page=2")


def test_tls_is_new_speaks_http2_and_knows_one_name(served: Front) -> None:
    context = served.door.tls
    assert context is not None
    context.set_alpn_protocols(["h2", "http/1.1"])

    agreed = served.handshake(context, name=HOST)

    assert agreed == ("TLSv1.3", "h2")
    context.check_hostname = False
    with pytest.raises(ssl.SSLError):
        served.handshake(context, name="other.test")


def test_pages_are_compressed_and_promise_https(served: Front) -> None:
    answer = ask(served.door, "/p/switch/", **{"Accept-Encoding": "gzip, br"})

    assert (answer.status, answer.headers["content-encoding"]) == (200, "gzip")
    assert answer.headers["strict-transport-security"].startswith("max-age=3600")
    assert answer.headers["server"] == "nginx"


def test_statics_come_from_nginxs_cache_whatever_happens_behind(served: Front) -> None:
    first = ask(served.door, "/static/css/core.css")
    second = ask(served.door, "/static/css/core.css")
    served.stop(served.serving())
    alone = ask(served.door, "/static/css/core.css")
    served.start(served.serving())

    assert first.status == second.status == alone.status == 200
    assert (second.headers["x-cache"], alone.headers["x-cache"]) == ("HIT", "HIT")
    assert first.body == second.body == alone.body != b""


def test_media_is_served_and_runs_nothing(served: Front) -> None:
    (served.media / "images").mkdir(exist_ok=True)
    (served.media / "images" / "cup.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (served.media / "documents").mkdir(exist_ok=True)
    (served.media / "documents" / "prices.pdf").write_bytes(b"%PDF")

    picture = ask(served.door, "/media/images/cup.svg")

    assert (picture.status, picture.headers["x-content-type-options"]) == (200, "nosniff")
    assert "sandbox" in picture.headers["content-security-policy"]
    assert ask(served.door, "/media/documents/prices.pdf").status == 404
    assert ask(served.door, "/metrics").status == 404


def tries_until_refused(door: Door, *, address: str) -> int:
    """Ask for orders that do not exist, each time as somebody else, until the shop has had enough; 0: never."""
    for number in range(1, 125):
        claimed = f"198.51.100.{number}"
        spoofed = {"X-Forwarded-For": claimed, "X-Real-IP": claimed, "Forwarded": f"for={claimed}"}
        if (
            ask(door, "/api/v1/orders/nobody-has-this-token-at-all/", address=address, **spoofed).status
            == 429
        ):
            return number
    return 0


def test_limits_count_the_real_client_whatever_it_claims(served: Front) -> None:
    refused = tries_until_refused(served.door, address="127.0.2.1")
    other = ask(served.door, "/api/v1/orders/nobody-has-this-token-at-all/", address="127.0.2.2")

    assert 61 <= refused <= 121  # the sixty of a minute, or of two when one ended meanwhile
    assert other.status == 404
    seen = served.said(served.serving())
    assert '"from":"127.0.2.1"' in seen
    assert "198.51.100." not in seen


def test_twin_without_nginx_a_client_is_whoever_it_claims_to_be(served: Front) -> None:
    straight = Door(port=served.ports[served.serving()], host=HOST)

    statuses = {
        ask(
            straight,
            "/api/v1/orders/nobody-has-this-token-at-all/",
            address="127.0.2.3",
            **{"X-Real-IP": f"198.51.100.{number}", "X-Forwarded-Proto": "https"},
        ).status
        for number in range(122)
    }

    assert statuses == {404}


def test_who_signs_in_too_often_is_slowed_down_before_the_shop(served: Front) -> None:
    statuses = [ask(served.door, "/admin/login/", address="127.0.2.4", body=b"a=1").status for _ in range(16)]

    assert 429 in statuses[10:]
    assert 429 not in statuses[:10]
