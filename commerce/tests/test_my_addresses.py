"""My addresses: one default, at most twenty, and nobody else's."""

import pytest

from commerce.customers import addresses
from commerce.customers.models import Address
from commerce.events.models import OutboxEvent
from commerce.tests.factories import NOW
from commerce.tests.people import PLACE, customer, signed_in
from commerce.tests.shopping import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
FORM = {
    "recipient_name": "이두리",
    "recipient_phone": "010-9876-5432",
    "postcode": "06236",
    "address1": "서울 강남구 테헤란로 1",
    "delivery_request": "door",
}


def kept(user):
    return [(row.recipient_name, row.is_default) for row in addresses.of(customer_id=user.pk)]


def test_an_address_is_kept_and_the_first_is_the_default() -> None:
    user = customer()
    client = signed_in(user)

    answer = client.post("/en/account/addresses/new/", FORM)

    assert answer["Location"] == "/en/account/addresses/"
    row = Address.objects.get()
    assert (row.customer, row.recipient_phone, row.postcode, row.is_default) == (
        user,
        "01098765432",
        "06236",
        True,
    )
    assert row.delivery_note
    assert OutboxEvent.objects.get(type="customer.address_changed").payload == {
        "customer_id": user.pk,
        "address_id": row.pk,
        "change": "added",
    }


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost() -> None:
    answer = signed_in(customer()).post(
        "/en/account/addresses/new/", FORM | {"postcode": "12", "recipient_name": ""}
    )

    assert answer.status_code == 422
    assert "Please enter the five digits of the postcode." in text(answer)
    assert "Please enter who receives the parcel." in text(answer)
    assert 'value="서울 강남구 테헤란로 1"' in answer.content.decode()
    assert not Address.objects.exists()


def test_another_default_takes_the_place_of_the_first() -> None:
    user = customer()
    first = addresses.add(customer_id=user.pk, place=PLACE, default=False, now=NOW)
    signed_in(user).post("/en/account/addresses/new/", FORM | {"default": "on"})
    assert kept(user) == [("이두리", True), ("김하나", False)]

    signed_in(user).post(f"/en/account/addresses/{first.pk}/default/")

    assert kept(user) == [("김하나", True), ("이두리", False)]


def test_an_address_is_changed() -> None:
    user = customer()
    row = addresses.add(customer_id=user.pk, place=PLACE, default=True, now=NOW)
    client = signed_in(user)

    assert 'value="김하나"' in client.get(f"/en/account/addresses/{row.pk}/").content.decode()
    client.post(f"/en/account/addresses/{row.pk}/", FORM | {"customer": "999", "id": "5"})

    row.refresh_from_db()
    assert (row.customer, row.recipient_name, row.is_default) == (user, "이두리", True)


def test_deleting_asks_once_and_the_next_becomes_the_default() -> None:
    user = customer()
    row = addresses.add(customer_id=user.pk, place=PLACE, default=True, now=NOW)
    addresses.add(customer_id=user.pk, place=PLACE, default=False, now=NOW)
    client = signed_in(user)

    assert "Delete this address?" in text(client.get(f"/en/account/addresses/{row.pk}/delete/"))
    assert Address.objects.count() == 2
    client.post(f"/en/account/addresses/{row.pk}/delete/")

    assert kept(user) == [("김하나", True)]
    assert client.post(f"/en/account/addresses/{row.pk}/delete/").status_code == 404


def test_at_most_twenty_are_kept() -> None:
    user = customer()
    for _number in range(addresses.MOST):
        addresses.add(customer_id=user.pk, place=PLACE, default=False, now=NOW)

    answer = signed_in(user).post("/en/account/addresses/new/", FORM)

    assert "You can keep at most 20 addresses." in text(answer)
    assert Address.objects.count() == 20


def test_somebody_elses_address_does_not_exist() -> None:
    row = addresses.add(customer_id=customer().pk, place=PLACE, default=True, now=NOW)
    other = signed_in(customer("other@example.com"))
    page = f"/account/addresses/{row.pk}/"

    answers = [
        other.get(page),
        other.post(page, FORM),
        other.get(f"{page}delete/"),
        other.post(f"{page}delete/"),
        other.post(f"{page}default/"),
        other.get("/account/addresses/99999999999999999999999/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert addresses.place_of(address=Address.objects.get()) == PLACE
    assert "김하나" not in text(other.get("/account/addresses/"))


def test_one_that_is_known_is_not_kept_twice() -> None:
    user = customer()

    addresses.remember(customer_id=user.pk, place=PLACE, now=NOW)
    addresses.remember(customer_id=user.pk, place=PLACE, now=NOW)

    assert Address.objects.get().used_at == NOW
