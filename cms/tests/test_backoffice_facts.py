"""What is done in the admin leaves a fact of who did it, in the change's own transaction."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail as mailbox
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from cms.tests import desk
from commerce.customers.models import User
from commerce.events import outbox
from commerce.events.models import OutboxEvent
from commerce.shipping.models import ShippingMethod, ShippingZone
from commerce.tests.told import told

PASSWORD = "correct horse battery"
ACCOUNT = {"locale-preferred_language": "ko", "locale-current_time_zone": "", "theme-theme": "system"} | {
    "theme-contrast": "system",
    "theme-density": "default",
}


@pytest.fixture
def boss(sign_in: Any, db: None) -> Client:
    return sign_in("boss@maru.example", is_superuser=True, is_staff=True, first_name="대표")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no fact be recorded: then the change must not be there either."""

    def refuse(*_arguments: Any, **_named: Any) -> None:
        raise RuntimeError("no outbox")

    monkeypatch.setattr(outbox, "record", refuse)


def staff_facts() -> list[tuple[int, list[str]]]:
    return [(fact["user_id"], fact["changed"]) for fact in told("staff.changed")]


def actor(kind: str) -> set[str]:
    return set(OutboxEvent.objects.filter(type=kind).values_list("actor", flat=True))


# --- colleagues -------------------------------------------------------------------------------------------


def edit(client: Client, person: User, **changes: Any) -> Any:
    data = {"email": person.email, "first_name": person.first_name, "is_active": "on", "groups": []}
    return client.post(f"/admin/users/edit/{person.pk}/", data | changes)


def test_a_new_colleague_and_what_they_may_do(boss: Client) -> None:
    group = Group.objects.get(name="Staff")
    data = {"email": "new@maru.example", "first_name": "박하나", "groups": [group.pk]}

    boss.post("/admin/users/new/", data | {"password1": PASSWORD, "password2": PASSWORD})

    person = User.objects.get(email="new@maru.example")
    assert staff_facts() == [(person.pk, ["created", "groups"])]
    assert actor("staff.changed") == {f"user:{User.objects.get(email='boss@maru.example').pk}"}
    assert "new@maru" not in str(told("staff.changed"))


def test_a_refused_colleague_is_no_fact(boss: Client) -> None:
    boss.post("/admin/users/new/", {"email": "boss@maru.example", "first_name": "", "password1": "x"})

    assert staff_facts() == []


def test_each_change_of_a_colleague_says_what(boss: Client) -> None:
    person = desk.person("kim@maru.example", first_name="김")
    group = Group.objects.get(name="Staff")

    edit(boss, person)  # saved as it was
    edit(boss, person, groups=[group.pk], is_active="")
    edit(boss, person, is_superuser="on")
    edit(boss, person, is_superuser="on", first_name="김마루", email="maru@maru.example")
    edit(boss, person, password1=PASSWORD, password2=PASSWORD, first_name="김마루", email="maru@maru.example")

    assert staff_facts() == [
        (person.pk, ["deactivated", "groups"]),
        (person.pk, ["activated", "administrator", "groups"]),
        (person.pk, ["sign_in", "profile"]),
        (person.pk, ["administrator", "password"]),
    ]


def test_a_colleague_who_leaves(boss: Client) -> None:
    person = desk.person("kim@maru.example")

    assert boss.post(f"/admin/users/delete/{person.pk}/").status_code == 302

    assert not User.objects.filter(pk=person.pk).exists()
    assert staff_facts() == [(person.pk, ["deleted"])]


@pytest.mark.parametrize(
    ("action", "data", "changed"),
    [
        ("set_active_state", {"mark_as_active": "False"}, ["deactivated"]),
        ("set_active_state", {"mark_as_active": "True"}, None),
        ("assign_role", {"role": "Staff"}, ["groups"]),
        ("delete", {}, ["deleted"]),
    ],
)
def test_many_colleagues_at_once(boss: Client, action: str, data: Any, changed: Any) -> None:
    people = [desk.person(f"{name}@maru.example") for name in ("kim", "lee")]
    query = "&".join(f"id={person.pk}" for person in people)
    if "role" in data:
        data = {"role": Group.objects.get(name=data["role"]).pk}

    assert boss.post(f"/admin/bulk/commerce/user/{action}/?{query}", data).status_code == 302

    assert staff_facts() == ([(person.pk, changed) for person in people] if changed else [])


def test_people_change_their_own_address_and_password(boss: Client) -> None:
    person = User.objects.get(email="boss@maru.example")
    named = {"name_email-first_name": "대표", "name_email-email": "Chief@maru.example"}
    secret = {
        "password-old_password": "correct horse",
        "password-new_password1": PASSWORD,
        "password-new_password2": PASSWORD,
    }

    assert boss.post("/admin/account/", ACCOUNT | named | secret).status_code == 302

    assert staff_facts() == [(person.pk, ["sign_in"]), (person.pk, ["password"])]


def test_a_forgotten_password_is_changed_by_who_opened_the_link(client: Client, db: None) -> None:
    person = desk.person("kim@maru.example", group="Staff")
    client.post("/admin/password_reset/", {"email": person.email})
    link = re.search(r"/admin/password_reset/confirm/\S+", mailbox.outbox[0].body)
    assert link
    form = client.get(link.group(), follow=True)

    client.post(form.request["PATH_INFO"], {"new_password1": "short", "new_password2": "short"})
    assert staff_facts() == []
    client.post(form.request["PATH_INFO"], {"new_password1": PASSWORD, "new_password2": PASSWORD})

    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert staff_facts() == [(person.pk, ["password"])]
    assert actor("staff.changed") == {f"user:{person.pk}"}


def test_djangos_admin_tells_too(boss: Client) -> None:
    person = desk.person("kim@maru.example")
    group = Group.objects.get(name="Staff")
    address = f"/django-admin/commerce/user/{person.pk}"

    boss.post(f"{address}/change/", {"email": person.email, "is_active": "on", "groups": [group.pk]})
    boss.post(f"{address}/change/", {"email": person.email, "is_active": "on", "groups": [group.pk]})
    boss.post(f"{address}/delete/", {"post": "yes"})

    assert staff_facts() == [(person.pk, ["groups"]), (person.pk, ["deleted"])]


def test_djangos_admin_tells_of_somebody_elses_new_password(boss: Client) -> None:
    person = desk.person("kim@maru.example")
    address = f"/django-admin/commerce/user/{person.pk}/password/"
    new = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    boss.post(address, new | {"password2": "another one"})
    assert staff_facts() == []
    assert boss.post(address, new).status_code == 302

    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert staff_facts() == [(person.pk, ["password"])]
    assert actor("staff.changed") == {f"user:{User.objects.get(email='boss@maru.example').pk}"}


def test_djangos_admin_tells_of_ones_own_new_password(boss: Client) -> None:
    person = User.objects.get(email="boss@maru.example")
    new = {"old_password": "correct horse", "new_password1": PASSWORD, "new_password2": PASSWORD}

    assert boss.post("/django-admin/password_change/", new).status_code == 302

    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert staff_facts() == [(person.pk, ["password"])]


def test_a_password_is_not_changed_when_the_fact_cannot_be_recorded(boss: Client, broken: None) -> None:
    person = desk.person("kim@maru.example")
    new = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    with pytest.raises(RuntimeError, match="no outbox"):
        boss.post(f"/django-admin/commerce/user/{person.pk}/password/", new)

    before = person.password
    person.refresh_from_db()
    assert person.password == before


def test_a_colleague_is_not_changed_when_the_fact_cannot_be_recorded(boss: Client, broken: None) -> None:
    person = desk.person("kim@maru.example", first_name="김")

    with pytest.raises(RuntimeError, match="no outbox"):
        edit(boss, person, is_superuser="on")

    person.refresh_from_db()
    assert not person.is_superuser


# --- shipping ---------------------------------------------------------------------------------------------

SHIPPING = {
    "code": "parcel",
    "name_ko": "택배",
    "name_en": "Parcel",
    "fee": "3000",
    "free_from": "",
    "days_min": "1",
    "days_max": "3",
    "active": "on",
    "position": "0",
}


@pytest.fixture
def parcel(db: None) -> ShippingMethod:
    ShippingMethod.objects.all().delete()
    return ShippingMethod.objects.create(code="parcel", name_ko="택배", name_en="Parcel", fee=3_000)


def test_a_fee_that_changes_is_told_and_a_form_saved_as_it_was_is_not(
    staff: Client, parcel: ShippingMethod
) -> None:
    address = f"/admin/shipping/edit/{parcel.pk}/"

    staff.post(address, SHIPPING)
    staff.post(address, SHIPPING | {"fee": "3500", "free_from": "60000"})
    staff.post(address, SHIPPING | {"fee": "-1"})

    assert told("shipping.changed") == [
        {
            "method_id": parcel.pk,
            "code": "parcel",
            "changed": ["fee", "free_from"],
            "fee": 3_500,
            "free_from": 60_000,
            "active": True,
        }
    ]
    assert actor("shipping.changed") == {f"user:{User.objects.get(email='staff@maru.example').pk}"}


def test_a_new_method_is_told_with_all_its_fields(staff: Client, parcel: ShippingMethod) -> None:
    answer = staff.post("/admin/shipping/new/", SHIPPING | {"code": "quick", "active": ""})

    assert answer.status_code == 302
    (fact,) = told("shipping.changed")
    assert (fact["code"], fact["active"], len(fact["changed"])) == ("quick", False, 11)


def test_a_fee_is_not_changed_when_the_fact_cannot_be_recorded(
    staff: Client, parcel: ShippingMethod, broken: None
) -> None:
    with pytest.raises(RuntimeError, match="no outbox"):
        staff.post(f"/admin/shipping/edit/{parcel.pk}/", SHIPPING | {"fee": "3500"})

    parcel.refresh_from_db()
    assert parcel.fee == 3_000


# --- zones ------------------------------------------------------------------------------------------------

ZONE = {
    "name_ko": "제주",
    "name_en": "Jeju",
    "surcharge": "3000",
    "free_from": "",
    "postcodes": "63000-63644",
    "active": "on",
    "position": "0",
}


def test_a_zone_that_changes_is_told_and_its_history_says_how(staff: Client) -> None:
    zone = ShippingZone.objects.get(name_en="Jeju")
    address = f"/admin/shipping-zones/edit/{zone.pk}/"
    staff.post(address, ZONE | {"position": str(zone.position)})

    staff.post(
        address, ZONE | {"position": str(zone.position), "surcharge": "4000", "postcodes": "63000-63500"}
    )
    staff.post(address, ZONE | {"postcodes": "6"})

    (fact,) = told("shipping_zone.changed")
    assert fact == {
        "zone_id": zone.pk,
        "changed": ["surcharge", "postcodes"],
        "surcharge": 4_000,
        "free_from": None,
        "active": True,
    }
    page = staff.get(f"/admin/shipping-zones/history/{zone.pk}/").content.decode()
    assert "3,000원 → 4,000원" in page
    assert "63000-63644 → 63000-63500" in page


def test_a_new_zone_and_one_that_is_gone_are_told(staff: Client) -> None:
    staff.post("/admin/shipping-zones/new/", ZONE | {"name_en": "West", "postcodes": "11000"})
    zone = ShippingZone.objects.get(name_en="West")
    staff.post(f"/admin/shipping-zones/delete/{zone.pk}/")

    new, gone = told("shipping_zone.changed")
    assert (new["zone_id"], "postcodes" in new["changed"]) == (zone.pk, True)
    assert (gone["zone_id"], gone["changed"]) == (zone.pk, ["deleted"])
    assert not ShippingZone.objects.filter(pk=zone.pk).exists()


def test_a_zone_is_not_changed_when_the_fact_cannot_be_recorded(staff: Client, broken: None) -> None:
    zone = ShippingZone.objects.get(name_en="Jeju")

    with pytest.raises(RuntimeError, match="no outbox"):
        staff.post(f"/admin/shipping-zones/edit/{zone.pk}/", ZONE | {"surcharge": "1"})

    assert ShippingZone.objects.get(pk=zone.pk).surcharge == zone.surcharge
    assert zone.ranges.count() > 0


# --- redirects --------------------------------------------------------------------------------------------

OLD = {"old_path": "/old/", "redirect_link": "https://example.com/new/", "is_permanent": "on"}


def test_an_address_that_leads_elsewhere_is_told_and_one_that_leads_nowhere_too(boss: Client) -> None:
    assert boss.post("/admin/redirects/add/", OLD).status_code == 302
    row = Redirect.objects.get()
    boss.post(f"/admin/redirects/{row.pk}/", OLD | {"redirect_link": "https://example.com/newer/"})
    boss.post(f"/admin/redirects/{row.pk}/delete/")

    about = {"subject": f"redirect:{row.pk}", "path": "/old", "language": ""}
    assert told("content.changed") == [about] * 3
    assert not Redirect.objects.exists()


def test_a_redirect_is_not_made_when_the_fact_cannot_be_recorded(boss: Client, broken: None) -> None:
    with pytest.raises(RuntimeError, match="no outbox"):
        boss.post("/admin/redirects/add/", OLD)

    assert not Redirect.objects.exists()


# --- orders -----------------------------------------------------------------------------------------------


def test_a_flag_that_staff_takes_off_names_them(staff: Client, cups: Any) -> None:
    placed = desk.order(item=cups)
    type(placed).objects.filter(pk=placed.pk).update(flag="paid, but sold out")

    staff.post(f"/admin/orders/{placed.pk}/looked-at/", {"note": "called"})
    staff.post(f"/admin/orders/{placed.pk}/looked-at/", {"note": "called again"})

    entry = placed.timeline.get(kind="looked_at")
    assert told("order.cleared") == [{"order_id": placed.pk, "number": placed.number, "entry_id": entry.pk}]
    assert actor("order.cleared") == {f"user:{User.objects.get(email='staff@maru.example').pk}"}


def test_an_act_without_its_note_is_no_fact(staff: Client, cups: Any) -> None:
    placed = desk.order(item=cups)
    before = OutboxEvent.objects.count()

    staff.post(f"/admin/orders/{placed.pk}/cancel/", {"note": ""})

    assert OutboxEvent.objects.count() == before
