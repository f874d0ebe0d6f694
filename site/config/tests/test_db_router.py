"""The rule that decides which database is asked."""

import pytest
from django.core import signing
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from wagtail.models import Page

from commerce.cart.models import Cart
from commerce.catalog.models import Product
from commerce.customers.models import User
from commerce.inventory.models import StockItem
from commerce.orders.models import Order
from commerce.payments.models import Payment
from config import db_router, replica
from config.db_router import REPLICA, ReadWriteRouter

router = ReadWriteRouter()


@pytest.fixture
def no_transaction(monkeypatch):
    """As in production: no transaction is open around a view."""

    class Quiet:
        in_atomic_block = False

    monkeypatch.setattr(db_router, "connections", {"default": Quiet})
    return Quiet


def test_outside_a_marked_request_everything_is_the_primary(no_transaction):
    assert router.db_for_read(Product) == "default"


def test_the_window_is_read_from_the_replica_and_what_people_do_never(no_transaction):
    with db_router.reading() as marked:
        assert {router.db_for_read(model) for model in (Product, Page)} == {REPLICA}
        kept = (Cart, Order, Payment, User, StockItem)
        assert {router.db_for_read(model) for model in kept} == {"default"}
    assert marked.used and not marked.written


def test_after_a_write_the_rest_of_the_request_reads_the_primary(no_transaction):
    with db_router.reading() as marked:
        assert router.db_for_write(Product) == "default"
        assert router.db_for_read(Product) == "default"
    assert marked.written and not marked.used


def test_within_a_transaction_the_primary_is_read(no_transaction):
    with db_router.reading():
        no_transaction.in_atomic_block = True
        assert router.db_for_read(Product) == "default"


def test_an_object_of_the_replica_leads_nobody_back_to_it(no_transaction):
    product = Product()
    product._state.db = REPLICA

    assert router.db_for_read(Product, instance=product) == "default"


def test_the_replica_is_never_migrated():
    assert router.allow_migrate(REPLICA, "commerce") is False
    assert router.allow_migrate("default", "commerce") is None


class Always:
    """A monitor that trusts the replica up to a place."""

    def __init__(self, replayed: int = 100) -> None:
        self.replayed, self.failures = replayed, 0

    def usable(self, *, place):
        return place is None or 0 <= place <= self.replayed

    def failed(self):
        self.failures += 1


@pytest.fixture
def watched(monkeypatch, settings, no_transaction):
    """A shop with a replica that is well."""
    found = Always()
    monkeypatch.setattr(replica, "monitor", lambda: found)
    monkeypatch.setattr(replica, "connections", {REPLICA: type("Closed", (), {"close": lambda: None})})
    monkeypatch.setattr(replica, "_place", lambda *_: 500)
    monkeypatch.setitem(settings.DATABASES, REPLICA, {})
    return found


def asked(method: str, path: str, cookies: dict | None = None, view=None) -> tuple[str, HttpResponse]:
    """Return what a view would read from, and the answer."""
    seen = []

    def looks(_request):
        seen.append(router.db_for_read(Product))
        return HttpResponse()

    request = RequestFactory().generic(method, path)
    request.COOKIES.update(cookies or {})
    response = replica.ReplicaMiddleware(view or looks)(request)
    return (seen[0] if seen else ""), response


@pytest.mark.parametrize("path", ["/", "/p/cup/", "/en/p/cup/", "/c/all/", "/stories/cart/", "/cartoons/"])
def test_pages_of_the_window_ask_the_replica(watched, path):
    assert asked("GET", path)[0] == asked("HEAD", path)[0] == REPLICA
    assert replica.PIN not in asked("GET", path)[1].cookies


@pytest.mark.parametrize(
    "path",
    ["/cart/", "/en/cart/", "/checkout/", "/account/", "/accounts/login/", "/orders/x/", "/admin/", "/django-admin/",
     "/api/v1/orders/", "/webhooks/portone/"],
)  # fmt: skip
def test_what_people_and_machines_do_asks_the_primary(watched, path):
    assert asked("GET", path)[0] == "default"


def test_a_post_asks_the_primary_and_pins_its_browser_to_the_place_of_its_write(watched):
    database, response = asked("POST", "/")
    cookie = response.cookies[replica.PIN]

    assert database == "default"
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (60, True, "Lax")
    assert (
        asked("GET", "/", {replica.PIN: cookie.value})[0] == "default"
    )  # it stands at 100, the write at 500
    watched.replayed = 500
    assert asked("GET", "/", {replica.PIN: cookie.value})[0] == REPLICA


def test_a_forged_pin_asks_the_primary(watched):
    assert asked("GET", "/", {replica.PIN: "5"})[0] == "default"
    assert asked("GET", "/", {replica.PIN: signing.dumps(5, salt="other")})[0] == "default"


def test_a_page_that_the_replica_breaks_is_made_again_from_the_primary(watched):
    tries = []

    def view(_request):
        tries.append(router.db_for_read(Product))
        if tries[-1] == REPLICA:
            raise OperationalError("terminating connection")
        return HttpResponse("whole")

    request = RequestFactory().get("/")
    middleware = replica.ReplicaMiddleware(lambda _: None)

    def inner(request):
        middleware.process_view(request, view, (), {})
        try:
            return view(request)
        except OperationalError as error:
            return middleware.process_exception(request, error)

    middleware.get_response = inner
    response = middleware(request)

    assert tries == [REPLICA, "default"]
    assert response.content == b"whole"
    assert watched.failures == 1


def test_other_failures_are_not_repeated(watched):
    request = RequestFactory().get("/")
    middleware = replica.ReplicaMiddleware(lambda _: HttpResponse())
    middleware(request)

    assert (
        middleware.process_exception(request, OperationalError("the primary's")) is None
    )  # nothing was read
    request._reading.used = True
    assert middleware.process_exception(request, ValueError("a defect")) is None
    request._reading.written = True
    assert middleware.process_exception(request, OperationalError("after a write")) is None
