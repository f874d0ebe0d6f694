"""A copy of everything about a customer, leaving the shop, and what is kept until its day."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, connection, transaction
from django.test import Client

from commerce.cart import services as carts
from commerce.cart.models import Cart
from commerce.customers import addresses
from commerce.customers.models import Address, User
from commerce.events.models import OutboxEvent
from commerce.orders.models import Order, TimelineEntry
from commerce.orders.states import FulfilmentStatus, PaymentStatus, Status
from commerce.privacy import access, elsewhere, exporting, parts, retaining, withdrawal
from commerce.privacy.models import PersonalDataAccess, PersonalExport, RetainedRecord
from commerce.tests.factories import NOW, order, product
from commerce.tests.people import PLACE, customer, signed_in
from commerce.tests.shopping import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def delivered(user: User, **changes) -> Order:
    """Return an order of a customer that is over."""
    placed = order()
    Order.objects.filter(pk=placed.pk).update(
        customer=user,
        status=Status.FULFILLED,
        payment_status=PaymentStatus.PAID,
        fulfilment_status=FulfilmentStatus.DELIVERED,
        **changes,
    )
    placed.refresh_from_db()
    return placed


def made(user: User) -> PersonalExport:
    row = exporting.ask(customer_id=user.pk, language="en", now=NOW)
    exporting.make(export_id=row.pk, now=NOW)
    row.refresh_from_db()
    return row


# --- copies -------------------------------------------------------------------------------------------------


def test_a_copy_holds_what_is_the_customers_and_nothing_of_others() -> None:
    user, other = customer(first_name="김하나"), customer("other@example.com")
    placed = delivered(user)
    addresses.add(customer_id=user.pk, place=PLACE, default=True, now=NOW)
    addresses.add(
        customer_id=other.pk,
        place=addresses.Place(
            recipient_name="남남남", recipient_phone="0212345678", postcode="04524", address1="서울"
        ),
        default=True,
        now=NOW,
    )

    row = made(user)

    with storages["private"].open(row.file) as stored, zipfile.ZipFile(io.BytesIO(stored.read())) as archive:
        data = json.loads(archive.read("data.json"))
        page = archive.read("index.html").decode()
    assert list(data) == [part.name for part in parts.all_parts()]
    assert data["account"][0]["email"] == "hana@example.com"
    assert [one["number"] for one in data["orders"]] == [placed.number]
    assert data["orders"][0]["lines"] == [
        {"sku": "CUP", "title": "찻잔", "option": "CUP", "quantity": 2, "total": 48_000}
    ]
    assert [one["address1"] for one in data["addresses"]] == ["서울 종로구 효자로 12"]
    assert placed.number in page and "Recipient" in page
    assert "남남남" not in page + json.dumps(data, ensure_ascii=False)
    assert (row.done, row.expires_at) == (row.parts, NOW + timedelta(days=7))


def test_asking_twice_is_one_copy_and_one_fact() -> None:
    user = customer()
    client = signed_in(user)

    client.post("/en/account/privacy/copy/")
    client.post("/en/account/privacy/copy/")

    row = PersonalExport.objects.get()
    assert OutboxEvent.objects.get(type="export.requested").payload == {
        "export_id": row.pk,
        "customer_id": user.pk,
    }
    assert f"0 of {row.parts} parts" in text(client.get("/en/account/privacy/"))


def test_made_twice_it_is_one_file_and_one_fact() -> None:
    row = made(customer())
    files = storages["private"].listdir("exports")

    exporting.make(export_id=row.pk, now=NOW)

    assert storages["private"].listdir("exports") == files
    assert OutboxEvent.objects.filter(type="export.ready").count() == 1


def test_the_copy_is_handed_to_its_customer_only() -> None:
    user = customer()
    row = made(user)
    page = f"/account/privacy/copy/{row.key}/"

    mine = signed_in(user).get(page)
    assert (mine.status_code, mine["Content-Type"]) == (200, "application/zip")
    assert "no-store" in mine["Cache-Control"]
    assert signed_in(customer("other@example.com")).get(page).status_code == 404
    assert Client().get(page).status_code == 302


def test_a_week_later_the_copy_is_gone() -> None:
    user = customer()
    row = made(user)
    after = NOW + timedelta(days=7)

    assert exporting.open_file(customer_id=user.pk, key=row.key, now=after) is None
    assert exporting.newest(customer_id=user.pk, now=after) is None
    assert exporting.forget_expired(now=after) == 1
    assert not storages["private"].exists(row.file)
    assert not PersonalExport.objects.exists()


def test_every_table_that_points_at_an_account_is_part_of_the_copy() -> None:
    named = {model for part in parts.all_parts() for model in part.models}
    pointing = {
        relation.related_model._meta.label
        for relation in User._meta.related_objects
        if relation.related_model._meta.app_label == "commerce"
    }

    assert pointing - named == set()


def test_a_table_that_nobody_speaks_for_is_copied_and_forgotten_all_the_same() -> None:
    user, other = customer(), customer("other@example.com")
    for who in (user, other):
        addresses.add(customer_id=who.pk, place=PLACE, default=True, now=NOW)
    Order.objects.filter(pk=order().pk).update(customer=user)
    known = {"commerce.Cart", "commerce.PersonalExport", "commerce.PointsAccount"}
    found = {part.name: part for part in elsewhere.parts(known=known)}

    assert [row["postcode"] for row in found["address_customer"].collect(user.pk)] == ["03044"]
    for part in found.values():
        assert part.forget
        part.forget(user.pk, NOW)
    assert list(Address.objects.values_list("customer", flat=True)) == [other.pk]  # it goes with the account
    assert Order.objects.get().customer is None  # it stays without it


# --- leaving ------------------------------------------------------------------------------------------------


def test_leaving_empties_everything_but_what_the_law_keeps(django_capture_on_commit_callbacks) -> None:
    user = customer(first_name="김하나", phone="01012345678")
    placed = delivered(user)
    addresses.add(customer_id=user.pk, place=PLACE, default=True, now=NOW)
    carts.add(token=None, customer_id=user.pk, sku="CUP", quantity=1, now=NOW)
    copy = made(user)
    TimelineEntry.objects.create(
        order=placed, kind="noted", at=NOW, actor="user:1", data={"note": "call 김하나"}
    )
    client = signed_in(user)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/en/account/privacy/leave/", follow=True)

    assert "You have left." in answer.content.decode()
    user.refresh_from_db()
    assert (user.first_name, user.phone, user.is_active, user.has_usable_password()) == ("", "", False, False)
    assert user.email.endswith("@withdrawn.invalid")
    placed.refresh_from_db()
    assert {getattr(placed, name) for name in retaining.CONTACT} == {""}
    assert (placed.total, placed.lines.count()) == (51_000, 1)
    assert not Address.objects.exists() and not PersonalExport.objects.exists()
    assert not Cart.objects.filter(customer=user).exists()
    assert not storages["private"].exists(copy.file)
    assert OutboxEvent.objects.get(type="customer.withdrew").payload == {"customer_id": user.pk}
    assert client.get("/account/").status_code == 302  # signed out, here …
    assert not client.login(email="hana@example.com", password="a-long-password")


def test_contracts_are_kept_for_five_years_and_complaints_for_three() -> None:
    user = customer()
    placed = delivered(user)
    TimelineEntry.objects.create(
        order=placed, kind="noted", at=NOW, actor="user:1", data={"note": "call 김하나"}
    )

    withdrawal.withdraw(customer_id=user.pk, now=NOW)

    contract, complaint = RetainedRecord.objects.order_by("kind").reverse()
    assert (contract.data["name"], contract.data["address1"]) == ("김하나", "서울 종로구 효자로 12")
    assert contract.kept_until.year == contract.kept_from.year + 5
    assert complaint.data["notes"][0]["note"] == "call 김하나"
    assert complaint.kept_until.year == complaint.kept_from.year + 3
    assert TimelineEntry.objects.get(kind="noted").data == {}


def test_leaving_ends_the_sessions_on_other_devices() -> None:
    user = customer()
    elsewhere = signed_in(user)

    withdrawal.withdraw(customer_id=user.pk, now=NOW)

    assert elsewhere.get("/account/").status_code == 302


def test_the_address_is_free_for_a_new_account() -> None:
    withdrawal.withdraw(customer_id=customer().pk, now=NOW)

    assert customer().email == "hana@example.com"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"status": Status.PLACED}, "is not delivered yet"),
        ({"status": Status.PAID}, "is not delivered yet"),
        ({"payment_status": PaymentStatus.REFUNDING}, "still on its way back to you"),
    ],
)
def test_who_has_something_under_way_cannot_leave(changes, why) -> None:
    user = customer()
    placed = delivered(user)
    Order.objects.filter(pk=placed.pk).update(**changes)

    answer = signed_in(user).post("/en/account/privacy/leave/")

    assert (answer.status_code, why in text(answer), placed.number in text(answer)) == (422, True, True)
    user.refresh_from_db()
    placed.refresh_from_db()
    assert (user.email, placed.name) == ("hana@example.com", "김하나")
    assert not RetainedRecord.objects.exists()


def test_a_colleague_does_not_leave_by_my_page() -> None:
    user = customer()
    User.objects.filter(pk=user.pk).update(is_staff=True)

    assert "An administrator closes it." in text(signed_in(user).post("/en/account/privacy/leave/"))
    assert User.objects.get(pk=user.pk).is_active


def test_what_one_asks_about_does_nothing(client: Client) -> None:
    user = customer()

    assert "This cannot be undone." in text(signed_in(user).get("/en/account/privacy/leave/"))
    assert client.post("/account/privacy/leave/").status_code == 302
    assert User.objects.get(pk=user.pk).is_active


# --- time ---------------------------------------------------------------------------------------------------


def test_retained_records_go_on_their_day() -> None:
    user = customer()
    delivered(user)
    withdrawal.withdraw(customer_id=user.pk, now=NOW)
    until = RetainedRecord.objects.get().kept_until

    assert retaining.forget_expired(now=until - timedelta(seconds=1)) == 0
    assert retaining.forget_expired(now=until) == 1


def test_contacts_of_orders_are_emptied_five_years_after_the_last_thing_happened() -> None:
    placed = order()

    assert retaining.empty_old_orders(now=NOW + timedelta(days=365 * 5)) == 0
    assert retaining.empty_old_orders(now=NOW + timedelta(days=365 * 5 + 3)) == 1
    assert retaining.empty_old_orders(now=NOW + timedelta(days=365 * 5 + 3)) == 0

    placed.refresh_from_db()
    assert {getattr(placed, name) for name in retaining.CONTACT} == {""}
    assert placed.total == 51_000


def test_an_order_without_contact_is_not_found_by_an_empty_one(client: Client) -> None:
    placed = order()
    retaining.empty(order=placed)

    for contact in ("", "@", "-", "0"):
        answer = client.post("/en/orders/lookup/", {"number": placed.number, "contact": contact})
        assert answer.status_code == 200


def test_five_years_after_the_29th_of_february_is_a_day() -> None:
    leap = NOW.replace(year=2028, month=2, day=29)

    assert retaining.years_after(leap, 5).date().isoformat() == "2033-03-01"


# --- who looked ---------------------------------------------------------------------------------------------


def test_who_looked_is_never_changed_and_not_deleted_for_two_years() -> None:
    access.note(user_id=7, act="order", subject="order:1", now=NOW)

    for act in (
        "UPDATE commerce_personaldataaccess SET user_id = 8",
        "DELETE FROM commerce_personaldataaccess",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)
    assert PersonalDataAccess.objects.get().user_id == 7


def test_old_rows_of_who_looked_are_forgotten() -> None:
    access.note(user_id=7, act="order", subject="order:1", now=NOW - timedelta(days=800))
    access.note(user_id=7, act="order", subject="order:1", now=NOW)

    assert access.forget(now=NOW) == 1


# --- facts and logs -----------------------------------------------------------------------------------------


def test_facts_and_logs_hold_no_personal_data(caplog) -> None:
    caplog.set_level("DEBUG")
    product("bowl", skus=("BOWL",))
    user = customer(first_name="김하나", phone="01012345678")
    client = signed_in(user)
    addresses.add(customer_id=user.pk, place=PLACE, default=True, now=NOW)
    delivered(user)
    client.post("/cart/add/", {"sku": "BOWL", "quantity": 1})
    client.get("/account/")
    made(user)
    withdrawal.withdraw(customer_id=user.pk, now=NOW)

    facts = json.dumps(
        list(OutboxEvent.objects.values("type", "payload", "aggregate_id", "actor")), ensure_ascii=False
    )
    said = facts + "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    )
    for secret in ("hana@example.com", "김하나", "01012345678", "효자로", "03044"):
        assert secret not in said, secret
