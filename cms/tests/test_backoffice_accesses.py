"""Who looks at customers is noted, and administrators can read it; colleagues who see nobody leave no rows."""

import pytest
from django.urls import reverse

from cms.tests import desk
from commerce.customers.models import User
from commerce.privacy import retaining
from commerce.privacy.models import PersonalDataAccess, RetainedRecord, RetentionReport
from commerce.tests.factories import NOW, order

pytestmark = pytest.mark.django_db


def noted() -> list[tuple[str, str, int]]:
    return [(row.act, row.subject, row.people) for row in PersonalDataAccess.objects.order_by("pk")]


def test_the_page_the_list_and_the_download_are_noted(staff):
    placed = order()

    staff.get(reverse("orders:inspect", args=[placed.pk]))
    staff.get(reverse("orders:index"))
    b"".join(staff.get(reverse("orders:index") + "?export=csv"))

    assert noted()[:2] == [("order", f"order:{placed.pk}", 1), ("orders", "orders", 1)]
    assert ("export", "orders", 1) in noted()
    row = PersonalDataAccess.objects.earliest("pk")
    assert (row.user_id, row.address) == (User.objects.get(email="staff@maru.example").pk, "127.0.0.1")


def test_what_is_masked_is_not_noted(sign_in):
    placed = order()
    clerk = sign_in("clerk@maru.example", permissions=("access_admin", "view_order"))

    page = clerk.get(reverse("orders:inspect", args=[placed.pk]))

    assert page.status_code == 200
    assert "hana@example.com" not in page.content.decode()
    assert noted() == []


def test_accounts_are_noted_in_both_admins(admin_client):
    person = desk.person("hana@example.com")
    placed = order()

    admin_client.get(f"/django-admin/commerce/user/{person.pk}/change/")
    admin_client.get(f"/django-admin/commerce/order/{placed.pk}/change/")
    admin_client.get(reverse("wagtailusers_users:edit", args=[person.pk]))

    assert noted() == [
        ("person", f"customer:{person.pk}", 1),
        ("order", f"order:{placed.pk}", 1),
        ("person", f"customer:{person.pk}", 1),
    ]


def test_administrators_read_the_rows_and_staff_does_not(admin_client, staff):
    placed = order()
    staff.get(reverse("orders:inspect", args=[placed.pk]))

    page = admin_client.get(reverse("accesses:index"))

    assert f"order:{placed.pk}" in page.content.decode()
    assert "박하나" in page.content.decode()
    for name in ("accesses", "retained", "retention"):
        assert staff.get(reverse(f"{name}:index")).status_code == 302
        assert admin_client.get(reverse(f"{name}:index")).status_code == 200


def test_who_opens_a_retained_record_is_noted(admin_client):
    placed = order()
    retaining.put_aside(order=placed)
    row = RetainedRecord.objects.get()

    page = admin_client.get(reverse("retained:inspect", args=[row.pk]))

    assert "효자로" in page.content.decode()
    assert noted() == [("retained", f"order:{placed.pk}", 1)]


def test_a_retention_report_says_what_was_forgotten(admin_client):
    RetentionReport.objects.create(at=NOW, counts={"events": 3, "carts": 0})

    page = admin_client.get(reverse("retention:index")).content.decode()

    assert "events 3" in page
    assert "carts" not in page
