"""Waiting for what is sold out: the order of the line, the kept unit, one mail each, and that nothing is sold twice."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from commerce.cart import services as carts
from commerce.cart.models import Cart
from commerce.catalog.models import Variant
from commerce.checkout.services import CartChanged
from commerce.inventory import stockroom
from commerce.inventory.models import Reservation
from commerce.restock import services
from commerce.restock.models import RestockRequest
from commerce.tests.factories import NOW, cart, owed, place, product, promises, shelf, to_come
from commerce.tests.shopping import text
from commerce.tests.told import latest, names, told

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def wait(email: str = "hana@example.com", *, sku: str = "CUP", **more: Any) -> RestockRequest:
    return services.ask(**{"sku": sku, "email": email, "language": "ko", "now": NOW} | more)


def deliver(units: int, *, at: Any = NOW) -> None:
    """Let units arrive, and the handler of the fact that they are back run."""
    stockroom.receive(variant_id=Variant.objects.get(sku="CUP").pk, quantity=units, reason="kiln", now=at)
    services.serve(sku="CUP", now=at)


def told_to() -> list[tuple[str, bool]]:
    rows = RestockRequest.objects.filter(state="told").order_by("pk")
    return [(row.email, row.held_until is not None) for row in rows]


def test_who_asked_first_gets_the_unit_kept_and_the_next_only_hear_of_what_is_left() -> None:
    product(units=0)
    for name in ("a", "b", "c", "d"):
        wait(f"{name}@example.com")

    deliver(3)

    assert told_to() == [("a@example.com", True), ("b@example.com", False), ("c@example.com", False)]
    assert shelf() == (3, 1)
    assert promises(RestockRequest.objects.get(email="a@example.com").reference) == [("CUP", 1, "held")]
    assert [fact["held"] for fact in told("restock.notified")] == [True, False, False]


def test_serving_again_tells_nobody_twice_and_no_more_than_there_are_units() -> None:
    product(units=0)
    for name in ("a", "b", "c"):
        wait(f"{name}@example.com")
    deliver(2)
    before = latest()

    for _again in range(3):
        assert services.serve(sku="CUP", now=NOW + HOUR) == 0
        services.tick(now=NOW + HOUR)

    assert names(after=before) == []
    assert told_to() == [("a@example.com", True), ("b@example.com", False)]


def test_a_unit_that_nobody_came_for_goes_to_the_next() -> None:
    product(units=0)
    wait("a@example.com")
    wait("b@example.com")
    deliver(1)
    assert told_to() == [("a@example.com", True)]

    services.tick(now=NOW + 12 * HOUR)

    first, second = RestockRequest.objects.order_by("pk")
    assert (first.hold_over, second.state, second.held_until) == (True, "told", NOW + 24 * HOUR)
    assert (promises(first.reference), promises(second.reference)) == (
        [("CUP", 1, "released")],
        [("CUP", 1, "held")],
    )
    assert [fact["taken"] for fact in told("restock.hold_ended")] == [False]
    assert shelf() == (1, 1)


def test_the_kept_unit_is_ordered_though_the_shop_is_sold_out_for_everybody_else() -> None:
    product(units=0)
    request = wait()
    deliver(1)
    with pytest.raises(carts.NotEnough):
        carts.add(token=None, sku="CUP", quantity=1, now=NOW)

    taken = services.take(token=request.token, cart_token=None, now=NOW + HOUR)
    before = latest()
    order = place(taken, total=27_000, now=NOW + HOUR)

    assert promises(order.number) == [("CUP", 1, "held")]
    assert promises(request.reference) == [("CUP", 1, "released")]
    assert shelf() == (1, 1)
    assert not {"stock.back", "stock.sold_out"} & set(names(after=before))  # for others nothing changed


def test_without_the_hold_the_same_cart_is_refused() -> None:
    product(units=0)
    request = wait()
    deliver(1)
    taken = services.take(token=request.token, cart_token=None, now=NOW)
    taken.lines.update(hold="")

    with pytest.raises(CartChanged):
        place(taken, total=27_000)

    assert shelf() == (1, 1)


def test_two_carts_with_one_hold_are_one_order() -> None:
    product(units=0)
    request = wait()
    deliver(1)
    one, other = (services.take(token=request.token, cart_token=None, now=NOW) for _ in range(2))
    place(one, total=27_000)

    with pytest.raises(CartChanged):
        place(other, total=27_000)

    assert shelf() == (1, 1)
    assert Reservation.objects.filter(state="held").count() == 1


def test_taken_twice_it_lies_in_the_cart_once() -> None:
    product(units=0)
    request = wait()
    deliver(1)

    found = services.take(token=request.token, cart_token=None, now=NOW)
    again = services.take(token=request.token, cart_token=found.token, now=NOW)

    assert again == found
    assert list(found.lines.values_list("quantity", "hold")) == [(1, request.reference)]


def test_a_hold_is_for_so_many_units_as_are_kept() -> None:
    product(units=0)
    request = wait()
    deliver(1)
    found = services.take(token=request.token, cart_token=None, now=NOW)

    with pytest.raises(carts.NotEnough):
        carts.change(token=found.token, sku="CUP", quantity=2, now=NOW)

    assert promises(request.reference) == [("CUP", 1, "held")]


def test_waiting_orders_come_before_those_who_only_asked() -> None:
    product(units=0)
    wait()
    to_come(1)
    place(cart(("CUP", 1)), total=27_000)

    deliver(1)

    assert told_to() == [
        ("hana@example.com", False)
    ]  # one more can be ordered before it is here; none is kept
    assert (owed(), shelf()) == ((0, 1), (1, 1))


def test_an_address_waits_once_and_whoever_was_told_may_wait_anew() -> None:
    product(units=0)

    first = wait()
    assert wait("HANA@example.com") == first
    assert RestockRequest.objects.count() == 1
    assert len(told("restock.requested")) == 1

    deliver(1)
    assert wait() != first


def test_what_can_be_ordered_is_not_waited_for() -> None:
    product(units=1)
    before = latest()

    with pytest.raises(services.InStock):
        wait()
    with pytest.raises(services.NotForSale):
        wait(sku="NOTHING")

    assert (RestockRequest.objects.count(), names(after=before)) == (0, [])


def test_who_gives_up_is_not_told_and_lets_go_of_the_unit() -> None:
    product(units=0)
    first, second = wait("a@example.com"), wait("b@example.com")
    services.cancel(request_id=second.pk, now=NOW)
    deliver(1)
    assert told_to() == [("a@example.com", True)]

    assert services.cancel(request_id=first.pk, now=NOW + HOUR)
    assert not services.cancel(request_id=first.pk, now=NOW + HOUR)

    assert shelf() == (1, 0)
    with pytest.raises(services.HoldOver):
        services.take(token=first.token, cart_token=None, now=NOW + HOUR)


def test_addresses_are_forgotten_when_they_are_of_no_use() -> None:
    product(units=0)
    waiting = wait("a@example.com")
    gone = wait("b@example.com")
    services.cancel(request_id=gone.pk, now=NOW)

    assert services.forget(now=NOW + timedelta(days=31)) == 1
    assert list(RestockRequest.objects.all()) == [waiting]
    assert services.forget(now=NOW + timedelta(days=366)) == 1


# --- pages ------------------------------------------------------------------------------------------------


def test_a_shopper_waits_on_the_page_and_takes_her_unit_from_the_mail(client: Client, noon: None) -> None:
    product(units=0)
    page = client.get("/en/p/cup/").content.decode()
    assert 'href="/en/restock/?sku=CUP"' in page

    wrong = client.post("/en/restock/?sku=CUP", {"email": "hana@"})
    assert (wrong.status_code, RestockRequest.objects.count()) == (422, 0)
    assert 'value="hana@"' in wrong.content.decode()
    assert client.post("/en/restock/?sku=CUP", {"email": "hana@example.com"}).status_code == 302
    request = RestockRequest.objects.get()
    assert "still sold out" in text(client.get(f"/en/restock/{request.token}/"))

    deliver(1)
    assert "One piece is kept for you until" in text(client.get(f"/en/restock/{request.token}/"))
    assert (
        client.get(f"/en/restock/{request.token}/take/").status_code == 405
    )  # a mail reader that looks ahead
    assert client.post(f"/en/restock/{request.token}/take/")["Location"] == "/en/cart/"
    assert "One piece is kept for you for a while." in text(client.get("/en/cart/"))
    assert Cart.objects.get().lines.get().hold == request.reference


@pytest.mark.parametrize("path", ["", "take/", "cancel/"])
def test_a_token_that_nobody_was_given_opens_nothing(client: Client, path: str) -> None:
    product(units=0)
    request = wait()

    for token in ("x" * 32, str(request.pk), uuid.uuid4().hex):
        answer = client.post(f"/restock/{token}/{path}") if path else client.get(f"/restock/{token}/")
        assert answer.status_code == 404

    request.refresh_from_db()
    assert request.state == "waiting"


def test_nobody_fills_other_peoples_letter_boxes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    product(units=0)
    monkeypatch.setattr(timezone, "now", lambda: NOW)

    codes = [client.post("/restock/?sku=CUP", {"email": f"u{n}@example.com"}).status_code for n in range(21)]

    assert codes == [302] * 20 + [429]
    assert RestockRequest.objects.count() == 20


def test_odd_skus_are_not_found(client: Client) -> None:
    for sku in ("", "NOTHING", "%00", "x" * 500, "<script>"):
        assert client.get("/restock/", {"sku": sku}).status_code == 404


def test_what_i_wait_for_is_mine_alone(client: Client, django_user_model: Any) -> None:
    product(units=0)
    me = django_user_model.objects.create_user("me@example.com", "pw")
    wait("me@example.com", customer_id=me.pk)
    wait("you@example.com")
    assert client.get("/account/restock/").status_code == 302

    client.force_login(me)
    page = client.get("/account/restock/").content.decode()

    assert "me@example.com" in page
    assert "you@example.com" not in page
