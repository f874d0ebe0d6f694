"""One id in the answer to a request, its facts and its log lines; and who is named as the one who acts."""

import logging
import re
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
import sentry_sdk
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.tests import desk
from commerce.events import chain
from commerce.tests.factories import order, product
from commerce.tests.test_webhook import body, send
from commerce.tests.told import latest, names, rows
from config.tracing import CorrelationMiddleware
from workers.tests.console import console

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


def answered(answer: Any) -> str:
    return str(answer.headers["X-Request-ID"])


def put_into_cart(client: Client, **headers: str) -> Any:
    return client.post("/cart/add/", {"sku": "CUP", "quantity": 1}, headers=headers)


@pytest.mark.django_db
def test_a_colleagues_act_names_them_and_the_request_that_was_answered(client: Client) -> None:
    cup = desk.variant()
    person = desk.person("staff@maru.example", group="Staff")
    client.force_login(person)
    before = latest()

    answer = client.post(
        f"/admin/stock/{cup.stock.pk}/",
        {"act": "receive", "receive-quantity": "3", "receive-reason": "delivery"},
    )

    assert answer.status_code == 302
    assert names(after=before) == ["stock.changed"]
    fact = rows("stock.changed")[-1]
    assert fact.actor == f"user:{person.pk}"
    assert (str(fact.correlation_id), fact.causation_id) == (answered(answer), None)
    found = TRACEPARENT.fullmatch(fact.trace["traceparent"])
    assert found and found.group(1) == fact.correlation_id.hex


@pytest.mark.django_db
def test_what_a_colleague_does_in_wagtails_own_views_names_them_too(client: Client) -> None:
    person = desk.person("boss@maru.example", is_superuser=True)
    client.force_login(person)

    answer = client.post(
        "/admin/redirects/add/",
        {"old_path": "/old/", "redirect_link": "https://example.com/new/", "is_permanent": "on"},
    )

    (fact,) = rows("content.changed")
    assert (fact.actor, str(fact.correlation_id)) == (f"user:{person.pk}", answered(answer))


@pytest.mark.django_db
def test_a_shoppers_click_is_a_shoppers(client: Client) -> None:
    product(units=5)

    answer = put_into_cart(client)

    (fact,) = rows("cart.changed")
    assert (fact.actor, str(fact.correlation_id)) == ("shopper", answered(answer))


@pytest.mark.django_db
def test_who_is_signed_in_and_shops_is_named(client: Client) -> None:
    product(units=5)
    person = desk.person("hana@example.com")
    client.force_login(person)

    put_into_cart(client)

    assert rows("cart.changed")[0].actor == f"user:{person.pk}"


@pytest.mark.django_db
def test_a_signed_webhook_is_portones(client: Client) -> None:
    placed = order()

    answer = send(client, body(placed.payment.payment_id))

    assert answer.json() == {"status": "kept"}
    (fact,) = rows("payment.noticed")
    assert (fact.actor, str(fact.correlation_id)) == ("portone", answered(answer))


@pytest.mark.django_db
def test_a_shopper_who_never_signed_in_costs_one_insert_and_no_session(client: Client) -> None:
    product(units=5)

    with CaptureQueriesContext(connection) as captured:
        put_into_cart(client)

    statements = [query["sql"] for query in captured]
    assert sum(sql.startswith('INSERT INTO "commerce_outboxevent"') for sql in statements) == 1
    assert [sql for sql in statements if "django_session" in sql or "commerce_user" in sql] == []


class Request(SimpleNamespace):
    """A request that counts how often somebody asks who sent it."""

    asked = 0

    @property
    def user(self) -> Any:
        type(self).asked += 1
        return SimpleNamespace(is_authenticated=True, pk=7)


@pytest.mark.parametrize(("work", "asked"), [(lambda: None, 0), (chain.actor, 1)])
def test_who_acts_is_asked_only_when_somebody_wants_to_know(work: Any, asked: int) -> None:
    """Asking reads the session: a page that records nothing must not pay for it."""
    Request.asked = 0

    def view(_request: Any) -> HttpResponse:
        return HttpResponse(str(work()))

    answer = CorrelationMiddleware(view)(Request(headers={}))  # type: ignore[arg-type]

    assert Request.asked == asked
    assert answer.content.decode() == ("user:7" if asked else "None")


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        (f"00-{TRACE}-{PARENT}-00", True),
        ("", False),
        ("00-zz-1-01", False),
        (f"00-{'0' * 32}-{PARENT}-01", False),
        (f"00-{TRACE}-{'0' * 16}-01", False),
        (f"01-{TRACE}-{PARENT}-01", False),
        (f"00-{TRACE}-{PARENT}-00x", False),
    ],
)
@pytest.mark.django_db
def test_a_caller_that_traces_gives_the_id_and_nonsense_does_not(
    client: Client, header: str, taken: bool
) -> None:
    product(units=5)

    answer = put_into_cart(client, traceparent=header)

    (fact,) = rows("cart.changed")
    found = TRACEPARENT.fullmatch(fact.trace["traceparent"])
    assert found
    assert (fact.correlation_id == uuid.UUID(hex=TRACE)) == taken
    assert found.group(1) == fact.correlation_id.hex == uuid.UUID(answered(answer)).hex
    assert found.group(3) == ("00" if taken else "01")  # what the caller says of sampling goes on
    assert found.group(2) != PARENT  # our part of the trace has an id of its own


@pytest.mark.django_db
def test_the_log_lines_of_a_request_carry_its_id_and_others_none(client: Client) -> None:
    with console() as shown:
        answer = client.post("/webhooks/portone/", "{}", content_type="application/json")
        logging.getLogger("config.tests").warning("outside")

    assert answer.status_code == 400
    lines = [line for line in shown.getvalue().splitlines() if "refused a webhook" in line]
    assert len(lines) == 1
    assert lines[0].endswith(f" request={answered(answer)}")
    (outside,) = [line for line in shown.getvalue().splitlines() if "outside" in line]
    assert outside.endswith("outside")


@pytest.mark.django_db
def test_two_requests_have_two_ids(client: Client) -> None:
    product(units=5)

    assert answered(put_into_cart(client)) != answered(put_into_cart(client))
    assert len({fact.correlation_id for fact in rows("cart.changed")}) == 2


@pytest.mark.django_db
def test_with_sentry_its_trace_goes_along_and_requests_are_tagged(client: Client) -> None:
    product(units=5)
    seen: list[Any] = []

    with sentry_sdk.isolation_scope() as scope:
        sentry_sdk.init(
            dsn="http://key@127.0.0.1:9/1",
            default_integrations=False,
            auto_enabling_integrations=False,
            before_send=lambda event, _hint: seen.append(event),
        )
        try:
            answer = put_into_cart(client)
            sentry_sdk.capture_message("after")
            headers = scope.get_traceparent()
        finally:
            sentry_sdk.get_client().close()
            sentry_sdk.get_global_scope().set_client(None)

    trace = rows("cart.changed")[0].trace
    assert trace["sentry-trace"].split("-")[0] == str(headers).split("-")[0]
    assert trace["baggage"].startswith("sentry-")
    assert seen[0]["tags"] == {"correlation_id": answered(answer)}
