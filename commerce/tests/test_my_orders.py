"""My orders: whose they are, the list and what it can be asked, ordering again."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from commerce.cart.models import Cart
from commerce.events.models import OutboxEvent
from commerce.mypage import services, signing_in
from commerce.orders.models import Order
from commerce.tests.factories import CONTACT, NOW, cart, order, place, product, withdraw
from commerce.tests.fakes import FakeGateway
from commerce.tests.people import customer, signed_in
from commerce.tests.shopping import fill, submit, text, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def owned(user, placed: Order) -> Order:
    placed.customer = user
    placed.save(update_fields=["customer"])
    return placed


def test_an_order_of_somebody_signed_in_is_theirs(gateway: FakeGateway) -> None:
    product()
    user = customer()
    client = signed_in(user)
    fill(client)

    submit(client)

    placed = Order.objects.get()
    assert placed.customer == user
    assert "cart" not in client.cookies  # no cookie leads to a customer's cart
    assert placed.number in text(client.get("/en/account/orders/"))


def test_an_order_of_a_guest_is_nobodys(client: Client, gateway: FakeGateway) -> None:
    product()
    fill(client)

    submit(client)

    assert Order.objects.get().customer is None


def test_a_customers_cart_is_not_ordered_by_another(gateway: FakeGateway) -> None:
    product()
    fill(signed_in(customer()))
    other = signed_in(customer("other@example.com"))

    answer = submit(other, cart_token=token())

    assert answer["Location"] == "/cart/"
    assert not Order.objects.exists()


def test_without_signing_in_nothing_is_seen(client: Client) -> None:
    for page in ("/account/", "/account/orders/", "/account/addresses/"):
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"?next={page}")


def test_the_list_shows_own_orders_only() -> None:
    mine = owned(customer(), order())
    client = signed_in(customer("other@example.com"))

    assert mine.number not in text(client.get("/en/account/orders/"))
    assert "You have not ordered anything yet." in text(client.get("/en/account/orders/"))
    assert mine.number not in text(client.get(f"/en/account/orders/?q={mine.number}"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("q=찻잔", True),
        ("q=cup", True),
        ("q=주전자", False),
        ("period=1m", True),
        ("status=unpaid", True),
        ("status=delivered", False),
        ("status=nonsense&period=9y&page=99", True),
        ("page=0", True),
        ("q=%00", True),
    ],
)
def test_the_list_is_narrowed(query: str, found: bool) -> None:
    user = customer()
    placed = owned(user, order())

    answer = signed_in(user).get(f"/en/account/orders/?{query}")

    assert answer.status_code == 200
    assert (placed.number in text(answer)) == found


def test_an_old_order_is_outside_of_the_period() -> None:
    user = customer()
    placed = owned(user, order())
    Order.objects.filter(pk=placed.pk).update(placed_at=NOW - timedelta(days=40))
    client = signed_in(user)

    assert placed.number not in text(client.get("/en/account/orders/?period=1m"))
    assert placed.number in text(client.get("/en/account/orders/?period=3m"))


def test_the_list_has_pages() -> None:
    user = customer()
    product(units=50)
    for _number in range(11):
        owned(user, place(cart(("CUP", 1)), total=27_000))
    client = signed_in(user)

    first, second = (text(client.get(f"/en/account/orders/?page={page}")) for page in (1, 2))

    assert (first.count("Order again"), second.count("Order again")) == (10, 1)


def test_ordering_again_puts_into_the_cart_what_is_still_sold() -> None:
    user = customer()
    product(units=9)
    product("bowl", skus=("BOWL",), price=10_000, title=("사발", "Bowl"))
    placed = owned(user, place(cart(("CUP", 2), ("BOWL", 1)), total=58_000))
    withdraw("bowl")
    client = signed_in(user)

    answer = client.post(f"/en/orders/{placed.token}/again/", follow=True)

    mine = Cart.objects.get(customer=user, ordered_at=None)
    assert [(line.variant.sku, line.quantity) for line in mine.lines.all()] == [("CUP", 2)]
    assert "Cannot be ordered right now: 사발" in text(answer)


def test_ordering_again_takes_as_many_as_are_left(client: Client) -> None:
    placed = order(quantity=4, units=5)

    answer = client.post(f"/en/orders/{placed.token}/again/", follow=True)

    assert [line.quantity for line in Cart.objects.get(ordered_at=None).lines.all()] == [1]
    assert "Fewer than you ordered are left: 찻잔" in text(answer)
    again = client.post(f"/en/orders/{placed.token}/again/", follow=True)
    assert "Cannot be ordered right now: 찻잔" in text(again)


def test_the_orders_page_offers_a_guest_to_keep_it(client: Client) -> None:
    placed = order()

    page = text(client.get(f"/en/orders/{placed.token}/"))
    answer = client.post(f"/en/orders/{placed.token}/claim/")

    assert "Sign up with hana@example.com" in page
    assert answer["Location"].endswith(f"?next=/en/orders/{placed.token}/")
    user = customer()
    assert client.login(email=user.email, password="a-long-password")
    placed.refresh_from_db()
    assert placed.customer == user
    fact = OutboxEvent.objects.get(type="order.claimed")
    assert fact.payload == {
        "order_id": placed.pk,
        "number": placed.number,
        "customer_id": user.pk,
        "how": "page",
    }


def test_having_the_page_is_not_enough_to_claim_an_order(client: Client) -> None:
    placed = order()
    client.force_login(customer("other@example.com"))

    answer = client.post(f"/en/orders/{placed.token}/claim/", follow=True)

    assert "another e-mail address than yours" in text(answer)
    placed.refresh_from_db()
    assert placed.customer is None


def test_an_order_that_has_a_customer_is_not_given_to_another() -> None:
    owner = customer("owner@example.com")
    placed = owned(owner, order())
    other = customer()  # the order's address

    with pytest.raises(services.OthersOrder):
        services.claim_order(customer_id=other.pk, token=placed.token, now=NOW)

    assert services.claim_guest_orders(customer_id=other.pk, email=CONTACT.email, now=NOW) == 0
    placed.refresh_from_db()
    assert placed.customer == owner


def test_a_proven_address_brings_the_earlier_orders() -> None:
    placed = order()
    user = customer("other@example.com")

    assert services.claim_guest_orders(customer_id=user.pk, email="HANA@example.com", now=NOW) == 1
    assert services.claim_guest_orders(customer_id=user.pk, email="HANA@example.com", now=NOW) == 0
    assert services.claim_guest_orders(customer_id=user.pk, email="", now=NOW) == 0

    placed.refresh_from_db()
    assert placed.customer == user
    assert OutboxEvent.objects.filter(type="order.claimed").count() == 1


def test_signing_in_alone_proves_no_address(client: Client) -> None:
    placed = order()

    client.force_login(customer())

    placed.refresh_from_db()
    assert placed.customer is None


def test_an_unknown_order_is_not_found(client: Client) -> None:
    assert client.post("/orders/unknown/again/").status_code == 404
    assert client.post("/orders/unknown/claim/").status_code == 404
    assert client.get("/orders/unknown/claim/").status_code == 405


def test_allauths_signal_brings_the_orders_of_a_proven_address() -> None:
    placed = order()
    user = customer("other@example.com")
    proven = SimpleNamespace(user_id=user.pk, email="hana@example.com")

    signing_in.address_proven(sender=None, request=None, email_address=proven)

    placed.refresh_from_db()
    assert placed.customer == user


def test_what_goes_wrong_beside_a_sign_in_keeps_nobody_out(client: Client, monkeypatch, caplog) -> None:
    def broken(**_more) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(signing_in.merging, "take_over", broken)

    client.force_login(customer())

    assert client.get("/account/").status_code == 200
    assert "could not be taken over" in caplog.text
