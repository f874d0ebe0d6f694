"""A fault in a view and one in a worker reach Sentry over HTTP: release and ids are told, people are not."""

import gzip
import json
import os
import subprocess
import sys
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.db import connection

from config.tests.test_production import COMPLETE
from workers import fanout
from workers.models import Delivery
from workers.tests.conftest import committed, database  # noqa: F401 - fixtures
from workers.tests.factories import an_order, pay
from workers.tests.receiver import Receiver

PRIVATE = (
    "김하나",
    "hana@example.com",
    "01012345678",
    "010-1234-5678",
    "효자로",
    "4111",
    COMPLETE["SECRET_KEY"],
    "s3ss10n",
)

IN_A_VIEW = """
from config.wsgi import application
from django.conf import settings
from django.db import IntegrityError
from django.test import RequestFactory, override_settings
from commerce.checkout import forms

def broken(*_args, **_named):
    row = "김하나"
    raise IntegrityError("null value\\nDETAIL:  Failing row contains (1, 김하나, 서울 종로구 효자로 12, 3층).\\n"
                         "mail hana@example.com phone 010-1234-5678 card 4111 1111 1111 1111")

plain = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
override_settings(STORAGES=plain).enable()  # nobody collected static files for this test
forms.Shown.read = broken
token = "c5rf" * 8
headers = {
    "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=s3ss10n; {settings.CSRF_COOKIE_NAME}={token}",
    "HTTP_HOST": "shop.example",
    "HTTP_ORIGIN": "https://shop.example",
    "HTTP_X_FORWARDED_PROTO": "https",
}
asked = RequestFactory(**headers).post(
    "/checkout/?email=hana@example.com&card=4111111111111111",
    {"csrfmiddlewaretoken": token, "name": "김하나", "phone": "010-1234-5678", "address1": "서울 종로구 효자로 12"})
list(application(asked.environ, lambda status, headers: print(status[:3], dict(headers)["X-Request-ID"])))
import sentry_sdk; sentry_sdk.flush()
"""

IN_A_WORKER = """
import sys
from workers import main  # what `dramatiq workers.main` loads: settings, Sentry, broker, actors
from dataclasses import replace
from sentry_sdk.integrations.dramatiq import SentryMiddleware
from workers import actors
from workers.jobs import QUEUES
from workers.models import Delivery

def broken(fact, context):
    name = "김하나"
    raise RuntimeError("no mail to hana@example.com, 010-1234-5678, 4111 1111 1111 1111")

row = Delivery.objects.get(pk=int(sys.argv[1]))
whole = {row.handler: replace(actors.HANDLERS[row.handler], function=broken)}
actors.run(ids=[row.pk], queue=QUEUES[row.queue], handlers=whole)
print(any(isinstance(one, SentryMiddleware) for one in main.broker.middleware))
import sentry_sdk; sentry_sdk.flush()
"""


@pytest.fixture
def environment(committed: None) -> dict[str, str]:  # noqa: F811
    """Production's, with this run's servers."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    server = connection.settings_dict
    login = server["USER"] + (f":{server['PASSWORD']}" if server["PASSWORD"] else "")
    return (
        kept
        | COMPLETE
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "PYTHONPATH": f"{settings.ROOT / 'site'}:{settings.ROOT}",
            "DATABASE_URL": f"postgres://{login}@{server['HOST']}:{server['PORT']}/{server['NAME']}",
            "REDIS_URL": "redis://127.0.0.1:9/0",
            "GIT_SHA": "5f3c2a1",
            "PYTHONUTF8": "1",
        }
    )


def reported(environment: dict[str, str], script: str, *arguments: str) -> tuple[str, list[Any], str]:
    """Run the script; return what it said, the events that arrived and everything that arrived as text."""
    with Receiver() as ingest:
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=environment | {"SENTRY_DSN": f"http://publickey@127.0.0.1:{ingest.port}/7"},
            cwd=settings.ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert {got.path for got in ingest.got} == {"/api/7/envelope/"}
    bodies = [_plain(got.body, got.headers["content-encoding"]) for got in ingest.got]
    events = [event for body in bodies for event in _events(body)]
    return done.stdout.splitlines()[-1], events, "\n".join(bodies)


def _plain(body: bytes, encoding: str | None) -> str:
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
    return unpack[encoding](body).decode() if encoding else body.decode()


def _events(envelope: str) -> list[Any]:
    lines = [json.loads(line) for line in envelope.splitlines() if line]
    return [lines[at + 1] for at, line in enumerate(lines) if line.get("type") == "event"]


def test_a_fault_in_a_view(environment: dict[str, str]) -> None:
    said, events, everything = reported(environment, IN_A_VIEW)

    status, request_id = said.split()
    assert status == "500"
    (event,) = [event for event in events if event["exception"]["values"][0]["type"] == "IntegrityError"]
    assert (event["release"], event["environment"]) == ("5f3c2a1", "production")
    assert event["tags"]["correlation_id"] == request_id
    assert event["request"]["url"].endswith("://shop.example/checkout/")
    assert set(event["request"]) == {"method", "url", "headers"}
    assert [word for word in PRIVATE if word in json.dumps(everything, ensure_ascii=False)] == []


def test_a_fault_in_a_worker(environment: dict[str, str]) -> None:
    pay(an_order())
    fanout.fan_out()
    row = Delivery.objects.select_related("event").get(handler="mail.order_paid")

    said, events, everything = reported(environment, IN_A_WORKER, str(row.pk))

    assert said == "True"  # Sentry had begun before the broker was built
    (event,) = events
    assert event["exception"]["values"][0]["type"] == "RuntimeError"
    assert event["exception"]["values"][0]["value"] == "no mail to [email], [phone], [card]"
    assert (event["release"], event["environment"]) == ("5f3c2a1", "production")
    assert event["tags"] == {
        "handler": "mail.order_paid",
        "attempt": 1,
        "event_id": str(row.event.event_id),
        "correlation_id": str(row.event.correlation_id),
    }
    assert [word for word in PRIVATE if word in everything] == []
    row.refresh_from_db()
    assert "RuntimeError" in row.last_error
