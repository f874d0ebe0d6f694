"""Where pictures of imports may come from, and what the worker does when it must leave."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from cms.importing import pictures, services
from cms.models import CatalogImport
from cms.tests import desk, factories
from cms.tests.factories import Shop
from commerce.catalog.models import Variant
from workers import leaving
from workers.handlers import imports


@pytest.fixture
def server() -> Iterator[str]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, size = (
                (302, 0) if "moved" in self.path else (200, 11 * 1024 * 1024 if "big" in self.path else 9)
            )
            self.send_response(status)
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()
            self.wfile.write(b"x" * size)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    place = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=place.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{place.server_port}"
    place.shutdown()


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/x.jpg",
        "https://localhost/x.jpg",
        "file:///etc/passwd",
        "https://10.0.0.1/x.jpg",
        "https://[::1]/x.jpg",
        "https://user@example.com/x.jpg",
    ],
)
def test_no_address_of_the_own_network_is_asked(settings: Any, url: str) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = settings.WEBHOOK_PLAIN_HTTP = False

    with pytest.raises(pictures.Unfetched) as refused:
        imports.fetch(url)

    assert refused.value.code == "picture_url"


def test_a_picture_is_bounded_and_redirects_are_not_followed(settings: Any, server: str) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = settings.WEBHOOK_PLAIN_HTTP = True

    assert imports.fetch(f"{server}/a.jpg") == b"x" * 9
    with pytest.raises(pictures.Unfetched) as big:
        imports.fetch(f"{server}/big.jpg")
    with pytest.raises(pictures.Unfetched) as moved:
        imports.fetch(f"{server}/moved.jpg")

    assert (big.value.code, moved.value.code, str(moved.value)) == (
        "picture_bad",
        "picture_fetch",
        "HTTP 302",
    )


@pytest.fixture
def shop(db: None) -> Shop:
    return Shop()


def test_the_command_checks_and_carries_out(shop: Shop, tmp_path: Any, capsys: Any) -> None:
    desk.person("admin@maru.example", is_superuser=True, is_staff=True)
    factories.publish(factories.product(shop))
    file = tmp_path / "prices.csv"
    file.write_text("sku,price,on_hand\nRB-W,9000,4\n")

    call_command("import_catalog", str(file))
    assert Variant.objects.get(sku="RB-W").price == 10_000
    call_command("import_catalog", str(file), apply=True)

    assert Variant.objects.get(sku="RB-W").price == 9_000
    call_command("export_catalog", str(tmp_path / "out.csv"), feed=True)
    assert (tmp_path / "out.csv").read_text("utf-8-sig").splitlines() == [
        "sku,price,on_hand",
        "RB-W,9000,4",
        "RB-C,11000,0",
    ]
    assert "done: 1 rows, 1 changed" in capsys.readouterr().out


def test_a_worker_that_must_leave_gives_the_rest_back(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = desk.person("editor@maru.example", group="Editors")
    factories.publish(factories.product(shop))
    run = services.ask(
        file=ContentFile(b"sku,price\nRB-W,9000\n", name="a.csv"),
        pictures=None,
        user=editor,
        now=timezone.now(),
    )
    monkeypatch.setattr(leaving, "asked", lambda: True)

    class Told:
        def read(self, _kind: Any) -> Any:
            return type("Asked", (), {"import_id": run.pk})

    context = type("Context", (), {"now": timezone.now()})
    with pytest.raises(imports.NotNow):
        imports.go_on(Told(), context)  # type: ignore[arg-type]
    assert CatalogImport.objects.get().loaded
    monkeypatch.setattr(leaving, "asked", lambda: False)
    imports.go_on(Told(), context)  # type: ignore[arg-type]

    assert CatalogImport.objects.get().state == "checked"
