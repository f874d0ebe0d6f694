"""The order sheet of somebody signed in: it begins with what is known, and other addresses are one press away."""

import re

import pytest
from django.test import Client

from commerce.customers import addresses
from commerce.customers.models import Address
from commerce.orders.models import Order
from commerce.tests.factories import NOW, product
from commerce.tests.fakes import FakeGateway
from commerce.tests.people import PLACE, customer, signed_in
from commerce.tests.shopping import FORM, fill, submit, text, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
JEJU = addresses.Place(
    recipient_name="박세라", recipient_phone="01055556666", postcode="63100", address1="제주 제주시 연동 1"
)


def value(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found
    said = re.search(r'value="([^"]*)"', found.group())
    return said.group(1) if said else ""


@pytest.fixture
def shopper(gateway: FakeGateway):
    product()
    user = customer(first_name="김하나", phone="01012345678")
    client = signed_in(user)
    fill(client)
    return user, client


def test_it_begins_with_the_default_address(shopper) -> None:
    user, client = shopper
    addresses.add(customer_id=user.pk, place=PLACE, default=True, now=NOW)

    page = client.get("/en/checkout/").content.decode()

    assert [value(page, name) for name in ("name", "phone", "email", "postcode")] == [
        "김하나",
        "01012345678",
        "hana@example.com",
        "03044",
    ]
    assert "Keep this address in my account" in page
    form = page.split('class="sheet__form', 1)[1]
    assert 'name="apply"' in form.split('name="use"', 1)[0]  # Enter in a field presses the first button


def test_another_address_is_filled_in_with_its_fee(shopper) -> None:
    user, client = shopper
    addresses.add(customer_id=user.pk, place=PLACE, default=True, now=NOW)
    other = addresses.add(customer_id=user.pk, place=JEJU, default=False, now=NOW)

    sent = FORM | {"cart_token": token(), "shown_total": "51000", "use": str(other.pk), "name": "typed"}
    answer = client.post("/en/checkout/", sent)

    page = answer.content.decode()
    assert [value(page, name) for name in ("name", "recipient_name", "postcode")] == [
        "typed",
        "박세라",
        "63100",
    ]
    assert "₩54,000" in text(answer)
    assert not Order.objects.exists()


@pytest.mark.parametrize("use", ["foreign", "0", "x", "9" * 30])
def test_somebody_elses_address_is_not_filled_in(shopper, use: str) -> None:
    _user, client = shopper
    foreign = addresses.add(customer_id=customer("other@example.com").pk, place=JEJU, default=True, now=NOW)
    sent = FORM | {"cart_token": token(), "shown_total": "51000"}

    answer = client.post("/en/checkout/", sent | {"use": str(foreign.pk) if use == "foreign" else use})

    assert answer.status_code == 200
    assert "박세라" not in answer.content.decode()
    assert value(answer.content.decode(), "postcode") == "03044"


def test_a_new_address_is_kept_when_asked(shopper) -> None:
    user, client = shopper

    submit(client, remember="on")

    row = Address.objects.get()
    assert (row.customer, row.postcode, row.is_default) == (user, "03044", True)
    assert "address" not in client.cookies  # nothing of it stays on the device
    assert Order.objects.get().customer == user


def test_without_asking_nothing_is_kept(shopper) -> None:
    _user, client = shopper

    submit(client)

    assert not Address.objects.exists()


def test_a_guest_is_offered_no_address(client: Client) -> None:
    product()
    addresses.add(customer_id=customer().pk, place=PLACE, default=True, now=NOW)
    fill(client)

    page = client.get("/en/checkout/").content.decode()

    assert "one of my addresses" not in page
    assert 'name="use"' not in page
