"""A customer on several devices at the same moment, on real connections. The twins go without the locks."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction

from commerce.cart import merging
from commerce.cart import services as carts
from commerce.cart.models import Cart
from commerce.customers import addresses
from commerce.customers.models import Address, User
from commerce.events.models import OutboxEvent
from commerce.mypage import services
from commerce.tests.factories import NOW, cart, order, product
from commerce.tests.people import PLACE, customer
from commerce.tests.test_stock_race import at_once

pytestmark = pytest.mark.usefixtures("committed")
DEVICES = 6


@pytest.fixture
def user(committed) -> Iterator[User]:
    yield customer("devices@example.com")
    User.objects.filter(email__endswith="@example.com").delete()


def held(user: User) -> list[int]:
    return [line.quantity for row in Cart.objects.filter(customer=user) for line in row.lines.all()]


def add(user: User) -> Cart:
    return carts.add(token=None, customer_id=user.pk, sku="CUP", quantity=1, now=NOW)


def test_devices_that_begin_a_cart_at_once_begin_one(user: User) -> None:
    product(units=50)

    made = at_once([lambda: add(user)] * DEVICES)

    assert {one.pk for one in made} == {Cart.objects.get(customer=user).pk}
    assert held(user) == [DEVICES]


def test_twin_without_the_accounts_lock_all_but_one_are_refused(user: User, monkeypatch) -> None:
    """The constraint still keeps it one cart; what the others put in is lost."""
    product(units=50)

    def unlocked(*, customer_id: int) -> Cart | None:
        found = Cart.objects.filter(customer_id=customer_id, ordered_at=None).first()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")  # until everybody has looked
        return found

    monkeypatch.setattr(carts, "cart_of", unlocked)

    def careless() -> Cart | None:
        try:
            return add(user)
        except IntegrityError:
            return None

    made = at_once([careless] * DEVICES)

    assert made.count(None) == DEVICES - 1
    assert held(user) == [1]


def test_a_guests_cart_is_taken_over_once(user: User) -> None:
    product(units=50)
    add(user)
    guest = cart(("CUP", 2))

    at_once([lambda: merging.take_over(token=guest.token, customer_id=user.pk, now=NOW)] * DEVICES)

    assert held(user) == [3]
    assert OutboxEvent.objects.filter(type="cart.merged").count() == 1


def test_an_order_is_given_to_one_of_those_who_claim_it(user: User) -> None:
    placed = order()
    others = [customer(f"c{number}@example.com") for number in range(DEVICES)]

    counts = at_once(
        [
            lambda who=who: services.claim_guest_orders(customer_id=who.pk, email=placed.email, now=NOW)
            for who in others
        ]
    )

    assert sorted(counts) == [0] * (DEVICES - 1) + [1]
    assert OutboxEvent.objects.filter(type="order.claimed").count() == 1


def test_addresses_that_are_added_at_once_have_one_default(user: User) -> None:
    at_once([lambda: addresses.add(customer_id=user.pk, place=PLACE, default=True, now=NOW)] * DEVICES)

    assert Address.objects.filter(customer=user).count() == DEVICES
    assert Address.objects.filter(customer=user, is_default=True).count() == 1


def test_twin_without_the_accounts_lock_a_default_is_refused(user: User) -> None:
    """The constraint refuses the second default; who typed it would see an error."""

    def careless() -> bool:
        try:
            with transaction.atomic():
                Address.objects.filter(customer=user).update(is_default=False)
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(0.2)")  # until everybody has looked
                Address.objects.create(
                    customer=user, is_default=True, created_at=NOW, postcode="03044", recipient_name="n"
                )
        except IntegrityError:
            return False
        return True

    assert at_once([careless] * 2).count(True) == 1
