"""Whatever is typed, sent or carried: the shop answers in words or refuses clearly, it never breaks."""

import pytest
from django.core.cache import cache
from django.test import Client

from commerce.cart.models import CartLine
from commerce.orders.models import Order
from commerce.orders.states import Status
from commerce.payments.states import PaymentState
from commerce.tests.factories import cart, order, product
from commerce.tests.fakes import FakeGateway

pytestmark = pytest.mark.django_db

NUL = "%00"
SHEET = {
    "name": "김하나",
    "phone": "010-1234-5678",
    "email": "hana@example.com",
    "same_recipient": "on",
    "postcode": "03044",
    "address1": "서울 종로구 효자로 12",
    "method": "CARD",
    "agree_order": "on",
    "agree_terms": "on",
}


@pytest.mark.parametrize(
    "address",
    [
        f"/p/{NUL}/",
        f"/c/a{NUL}b/",
        f"/a{NUL}b/",
        f"/orders/{NUL}/",
        "/orders/한글/",
        "/p/%ff%fe/",
        "/c/?page=9999999999999999999",
        f"/c/?page={'9' * 5000}",
        "/c/?page=1e5",
        f"/c/?page={NUL}",
    ],
)
def test_an_address_that_leads_nowhere_says_so(client: Client, address: str) -> None:
    product()

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", [f"/p/cup/?variant={NUL}", f"/c/?sort={NUL}", f"/cart/?removed={NUL}"])
def test_an_odd_question_gets_the_page_without_it(client: Client, address: str) -> None:
    product()

    assert client.get(address).status_code == 200


@pytest.mark.parametrize("quantity", ["1e5", "9" * 20, "9" * 5000, "\x00", "½"])
def test_an_odd_quantity_puts_nothing_into_the_cart(client: Client, quantity: str) -> None:
    product()

    assert client.post("/cart/add/", {"sku": "CUP", "quantity": quantity}).status_code == 200
    assert not CartLine.objects.exists()


@pytest.mark.parametrize(
    "wanted", ["foo", "order", "p/cup/", "..//evil.example", "//evil.example/", "javascript:alert(1)", "\x00"]
)
def test_after_adding_only_an_address_of_the_shop_is_gone_to(client: Client, wanted: str) -> None:
    product()

    answer = client.post("/cart/add/", {"sku": "CUP", "quantity": "1", "next": wanted})

    assert (answer.status_code, answer["Location"]) == (302, "/cart/")
    assert CartLine.objects.get().quantity == 1


@pytest.mark.parametrize("field", [*SHEET, "cart_token", "shown_total", "delivery_request"])
@pytest.mark.parametrize("value", ["\x00", "9" * 5000])
def test_an_odd_order_sheet_orders_nothing(client: Client, field: str, value: str) -> None:
    product()
    filled = cart(("CUP", 1))
    known = {"cart_token": str(filled.token), "shown_total": "27000"}

    answer = client.post("/checkout/", SHEET | known | {field: value})

    ticked = field in (
        "same_recipient",
        "agree_order",
        "agree_terms",
    )  # a tick is a tick, whatever it carries
    assert answer.status_code == (303 if ticked or field == "cart_token" else 200)
    assert Order.objects.count() == int(ticked)


def test_a_waiting_page_learns_of_the_payment_without_a_cache(
    client: Client, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_kept: object) -> None:
        raise ConnectionError("no cache")

    placed = order()
    gateway.says(placed, PaymentState.PAID)
    monkeypatch.setattr(cache, "add", away)

    answer = client.get(f"/checkout/state/{placed.token}/")

    assert answer.json() == {"state": "paid paid"}
    placed.refresh_from_db()
    assert placed.status == Status.PAID


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [("https://evil.example/shop", "/"), ("http://testserver/cart/", "http://testserver/cart/")],
)
def test_a_foreign_form_does_not_lead_back_to_where_it_came_from(came_from: str, leads_to: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(
        "/cart/add/", {"sku": "CUP"}, headers={"referer": came_from}
    )

    assert answer.status_code == 403
    assert answer.context["back"] == leads_to
