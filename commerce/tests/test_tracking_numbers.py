"""Couriers, their numbers and their addresses."""

import pytest
from django.core.exceptions import ValidationError

from commerce.fulfilment import selectors, services, tracking
from commerce.fulfilment.models import Courier
from commerce.tests.parcels import CJ, everything, paid, send

pytestmark = pytest.mark.django_db


def test_only_couriers_that_the_shop_works_with_carry():
    bought = paid()
    Courier.objects.filter(code="logen").update(active=False)
    before = everything()

    for code in ("logen", "owl"):
        with pytest.raises(services.CourierUnknown):
            send(bought, courier=code, number="12345678901")

    assert everything() == before


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "empty"),
        ("- -", "empty"),
        ("12345678901A", "letters"),
        ("6.12E+11", "rounded"),
        ("123456789", "length"),
        ("1234567890123", "length"),
    ],
)
def test_what_is_no_number_of_the_courier_is_refused(typed, why):
    bought = paid()
    before = everything()

    with pytest.raises(tracking.BadNumber) as refusal:
        send(bought, number=typed)

    assert refusal.value.why == why
    assert everything() == before


@pytest.mark.parametrize(
    "typed", ["1234-5678-9012", " 1234 5678 9012 ", "１２３４５６７８９０１２", "'123456789012"]
)
def test_numbers_are_kept_as_digits(typed):
    assert send(paid(), number=typed).tracking_number == CJ


def test_a_number_that_is_used_twice_is_found():
    bought = paid()
    first = send(bought, cup=2)
    cj = first.courier

    assert selectors.same_number(courier=cj, number=CJ) == [bought.number]
    assert selectors.same_number(courier=cj, number=CJ, but=first.pk) == []
    assert selectors.same_number(courier=Courier.objects.get(code="hanjin"), number=CJ) == []


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/{n}",
        "javascript:alert('{n}')",
        "https:///{n}",
        "https://example.com/",
        "https://example.com/{n}/{n}",
        "https://example.com/{n}/{m}",
        "https://{n}.example.com/",
        "https://user@example.com/{n}",
        "https://example.com/ {n}",
        "https://example.com\\@evil.example/{n}",
    ],
)
def test_a_tracking_address_is_https_with_one_place_for_the_number(address):
    with pytest.raises(ValidationError):
        tracking.check_address(address)


def test_the_five_couriers_are_there_and_their_addresses_are_sound():
    rows = list(Courier.objects.all())

    assert [row.code for row in rows] == ["cj", "hanjin", "lotte", "epost", "logen"]
    for row in rows:
        row.full_clean()
