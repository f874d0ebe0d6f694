"""Log lines of production, and what an order leaves in them."""

import io
import json
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from commerce.events import chain
from commerce.orders.models import Order
from commerce.payments import portone
from commerce.payments.states import PaymentState
from commerce.tests.factories import NOW, product
from commerce.tests.fakes import FakeGateway
from commerce.tests.shopping import FORM, fill, submit
from commerce.tests.test_webhook import body, send
from config.logs import Ids, Lines
from config.tests.test_production import run
from workers import actors, fanout
from workers.jobs import QUEUES
from workers.models import Delivery

SECRETS = (settings.SECRET_KEY, settings.PORTONE_API_SECRET, settings.PORTONE_WEBHOOK_SECRET)
PERSONAL = (FORM["name"], FORM["phone"], FORM["phone"].replace("-", ""), FORM["email"], FORM["address1"])


@contextmanager
def written(formatter: logging.Formatter, level: int = logging.INFO) -> Iterator[io.StringIO]:
    """Collect what the root logger gets, in this format."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(formatter)
    handler.addFilter(Ids())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(level)
    try:
        yield handler.stream
    finally:
        root.setLevel(before)
        root.removeHandler(handler)


def test_a_line_is_one_object_with_its_ids_and_without_people() -> None:
    request, event = uuid.uuid4(), uuid.uuid4()

    with (
        written(Lines()) as lines,
        chain.chain(correlation_id=request, causation_id=event, actor="worker:mail.order_paid"),
    ):
        try:
            raise ValueError("hana@example.com\nis away")
        except ValueError:
            logging.getLogger("shop.test").exception("mail to %s failed", "hana@example.com")

    (line,) = lines.getvalue().splitlines()
    said = json.loads(line)
    assert said.pop("time").endswith("+00:00")
    assert said.pop("process") and said.pop("thread")
    assert said.pop("exception").endswith("ValueError: [email]\nis away")
    assert said == {
        "level": "ERROR",
        "logger": "shop.test",
        "message": "mail to [email] failed",
        "request_id": str(request),
        "event_id": str(event),
        "handler": "mail.order_paid",
    }


def test_outside_of_a_request_there_are_no_ids() -> None:
    with written(Lines()) as lines:
        logging.getLogger("shop.test").warning("alone")

    assert {"request_id", "event_id", "handler"}.isdisjoint(json.loads(lines.getvalue()))


SPEAK = """
import django; django.setup()
import logging
logging.getLogger("shop").warning("called 010-1234-5678")
"""


def test_production_writes_json_on_stdout_and_into_the_file_that_is_asked_for(tmp_path) -> None:
    done = run("-c", SPEAK, LOG_FILE=str(tmp_path / "shop.log"))

    assert json.loads(done.stdout)["message"] == "called [phone]", done.stderr
    assert done.stderr == ""
    assert (tmp_path / "shop.log").read_text() == done.stdout


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    fake = FakeGateway()
    monkeypatch.setattr(portone, "gateway", lambda: fake)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    cache.clear()
    return fake


def buy(client: Client, gateway: FakeGateway) -> Order:
    """Buy as a shopper does: a provider that is away, a forged notice, then the true one, and the mail."""
    product()
    fill(client)
    gateway.down = True
    submit(client)
    placed = Order.objects.get()
    client.get(f"/checkout/pay/{placed.token}/")
    client.get(f"/orders/{placed.token}/")
    client.post("/orders/lookup/", {"number": placed.number, "email": FORM["email"], "phone": FORM["phone"]})
    client.post("/webhooks/portone/", "{}", content_type="application/json")
    gateway.down = False
    gateway.says(placed, PaymentState.PAID)
    send(client, body(placed.payment.payment_id))
    for name in ("payments.settle", "mail.order_paid"):
        fanout.fan_out()
        row = Delivery.objects.get(handler=name)
        actors.run(ids=[row.pk], queue=QUEUES[row.queue])
        row.refresh_from_db()
        assert row.state == 3, row.last_error
    return placed


@pytest.mark.django_db
def test_an_order_from_cart_to_mail_leaves_no_person_and_no_secret_in_the_log(
    client: Client, gateway: FakeGateway
) -> None:
    """Read before anything is redacted: what has no shape, like a name, nothing may log at all."""
    with written(logging.Formatter()) as plain, written(Lines()) as lines:
        placed = buy(client, gateway)

    cookies = [cookie.value for cookie in client.cookies.values() if cookie.value]
    said = plain.getvalue()
    assert "could not be prepared" in said and "refused a webhook" in said  # the flow did log
    for private in (*PERSONAL, placed.token, *SECRETS, *cookies):
        assert private not in said
        assert private not in lines.getvalue()
    assert all(json.loads(line)["request_id"] for line in lines.getvalue().splitlines())


@pytest.mark.django_db
def test_that_reading_finds_a_line_that_names_somebody(
    client: Client, gateway: FakeGateway, monkeypatch
) -> None:
    asked = gateway.fetch

    def talkative(*, payment_id: str):
        logging.getLogger("shop").warning("paid by %s", Order.objects.get().name)
        return asked(payment_id=payment_id)

    monkeypatch.setattr(gateway, "fetch", talkative)
    with written(logging.Formatter()) as plain:
        buy(client, gateway)

    assert FORM["name"] in plain.getvalue()
