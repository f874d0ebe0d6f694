"""What a guest put into the cart joins the customer's: nothing is lost, and nothing is more than there is."""

import pytest
from django.test import Client

from commerce.cart import merging
from commerce.cart import services as carts
from commerce.cart.models import Cart
from commerce.events.models import OutboxEvent
from commerce.tests.factories import NOW, cart, product
from commerce.tests.people import customer, sign_in, signed_in
from commerce.tests.shopping import fill, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def lines(user) -> dict[str, int]:
    found = Cart.objects.get(customer=user, ordered_at=None)
    return {line.variant.sku: line.quantity for line in found.lines.all()}


def test_signing_in_keeps_the_guests_cart(client: Client) -> None:
    product()
    user = customer()
    fill(client, 2)
    cookie = client.cookies["cart"].value

    before = client.session.session_key

    sign_in(client, user)

    assert client.session.session_key != before  # the session rotates and the cart is there all the same
    assert lines(user) == {"CUP": 2}
    assert "찻잔" in text(client.get("/cart/"))
    stolen = Client()
    stolen.cookies["cart"] = cookie  # the guest's cookie leads nowhere any more
    assert "Your cart is empty" in text(stolen.get("/en/cart/"))


def test_both_carts_are_kept_and_the_page_says_it(client: Client) -> None:
    product(skus=("CUP", "MUG"), units=5)
    user = customer()
    carts.add(token=None, customer_id=user.pk, sku="MUG", quantity=1, now=NOW)
    fill(client, 2, "CUP")

    sign_in(client, user)

    assert lines(user) == {"MUG": 1, "CUP": 2}
    assert Cart.objects.count() == 1
    told = OutboxEvent.objects.get(type="cart.merged").payload
    assert (told["customer_id"], told["lines"], told["from_cart_id"] != told["cart_id"]) == (user.pk, 1, True)


@pytest.mark.parametrize(("own", "guest", "left", "kept"), [(2, 2, 9, 4), (2, 2, 3, 3), (60, 60, 500, 99)])
def test_units_add_up_to_what_is_left_and_to_what_a_line_holds(own, guest, left, kept) -> None:
    product(units=left)
    user = customer()
    carts.add(token=None, customer_id=user.pk, sku="CUP", quantity=own, now=NOW)
    other = cart(("CUP", guest))

    merged = merging.take_over(token=other.token, customer_id=user.pk, now=NOW)

    assert lines(user) == {"CUP": kept}
    assert merged.capped == (("CUP",) if kept < own + guest else ())


def test_asked_again_nothing_happens() -> None:
    product(units=9)
    user = customer()
    carts.add(token=None, customer_id=user.pk, sku="CUP", quantity=2, now=NOW)
    other = cart(("CUP", 2))

    merging.take_over(token=other.token, customer_id=user.pk, now=NOW)
    merging.take_over(token=other.token, customer_id=user.pk, now=NOW)

    assert lines(user) == {"CUP": 4}


def test_another_customers_cart_is_not_taken_over() -> None:
    product()
    owner, thief = customer(), customer("thief@example.com")
    theirs = carts.add(token=None, customer_id=owner.pk, sku="CUP", quantity=2, now=NOW)

    assert merging.take_over(token=theirs.token, customer_id=thief.pk, now=NOW).added == 0
    assert lines(owner) == {"CUP": 2}
    assert not Cart.objects.filter(customer=thief).exists()


def test_the_cart_is_the_same_on_every_device() -> None:
    product()
    user = customer()
    fill(signed_in(user), 2)

    assert "찻잔" in text(signed_in(user).get("/cart/"))


def test_signing_out_shows_no_cart() -> None:
    product()
    client = signed_in(customer())
    fill(client, 2)

    client.logout()

    assert "Your cart is empty" in text(client.get("/en/cart/"))
