"""People of the admin, shipping methods and the dashboard."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from cms.backoffice import dashboard, figures, people, words
from cms.tests import desk
from commerce.customers.models import User
from commerce.orders.models import Order
from commerce.payments.models import Payment
from commerce.shipping.models import ShippingMethod


@pytest.fixture
def boss(sign_in, cups) -> Client:
    return sign_in("boss@maru.example", is_superuser=True, is_staff=True, first_name="이관리")


# --- people -----------------------------------------------------------------------------------------------

NEW = {
    "email": "New@Maru.example",
    "first_name": "박하나",
    "phone": "01012345678",
    "password1": "correct horse battery",
    "password2": "correct horse battery",
}


def test_a_colleague_is_added_with_one_name(boss):
    assert boss.get("/admin/users/new/").status_code == 200

    answer = boss.post("/admin/users/new/", NEW)

    person = User.objects.get(email="new@maru.example")
    assert answer.status_code == 302
    assert (person.first_name, person.last_name, person.phone) == ("박하나", "", "01012345678")
    assert person.check_password("correct horse battery")
    assert not person.is_superuser


def test_an_address_is_taken_once_in_any_case(boss):
    desk.person("new@maru.example")

    answer = boss.post("/admin/users/new/", NEW)

    assert answer.status_code == 200
    assert "email" in answer.context["form"].errors
    assert User.objects.filter(email__iexact="new@maru.example").count() == 1


def test_a_colleague_is_changed(boss):
    person = desk.person("kim@maru.example", first_name="김")
    address = f"/admin/users/edit/{person.pk}/"
    assert boss.get(address).status_code == 200

    answer = boss.post(address, {"email": "kim@maru.example", "first_name": "김마루", "is_active": "on"})

    person.refresh_from_db()
    assert answer.status_code == 302
    assert (person.first_name, person.is_active) == ("김마루", True)
    assert person.check_password("correct horse")
    assert "김마루" in boss.get("/admin/users/").content.decode()


def test_people_change_their_own_name_without_a_second_one(staff):
    assert staff.get("/admin/account/").status_code == 200

    answer = staff.post(
        "/admin/account/",
        {
            "name_email-first_name": "박두나",
            "name_email-email": "Staff@maru.example",
            "locale-preferred_language": "ko",
            "locale-current_time_zone": "",
            "theme-theme": "system",
            "theme-contrast": "system",
            "theme-density": "default",
        },
    )

    person = User.objects.get(email="staff@maru.example")
    assert answer.status_code == 302
    assert person.first_name == "박두나"


def test_people_sign_in_with_their_address(client, db):
    desk.person("staff@maru.example", group="Staff")
    form = client.get("/admin/login/").content.decode()
    assert "마루" in form

    answer = client.post(
        "/admin/login/", {"username": "staff@maru.example", "password": "correct horse", "next": "/admin/"}
    )

    assert answer.status_code == 302
    assert client.get("/admin/").status_code == 200


def test_shoppers_have_no_business_here(client, db):
    client.force_login(desk.person("shopper@example.com"))

    for path in ("/admin/", "/admin/orders/", "/admin/stock/"):
        assert client.get(path)["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("path", ["user", "order", "outboxevent"])
def test_django_admin(boss, cups, path):
    order = desk.order(item=cups)

    assert boss.get(f"/django-admin/commerce/{path}/").status_code == 200
    if path == "order":
        assert boss.get(f"/django-admin/commerce/order/{order.pk}/change/").status_code == 200
        assert boss.post(f"/django-admin/commerce/order/{order.pk}/delete/").status_code == 403
        assert boss.get("/django-admin/commerce/order/add/").status_code == 403


def test_django_admin_shows_orders_to_nobody_who_may_not_see_people(sign_in, cups):
    desk.order(item=cups)
    client = sign_in(is_staff=True, permissions=("view_order",))

    assert client.get("/django-admin/commerce/order/").status_code == 403


@pytest.mark.parametrize(
    ("mask", "plain", "masked"),
    [
        (people.mask_name, "김마루", "김*루"),
        (people.mask_name, "김마", "김*"),
        (people.mask_name, "남궁하나", "남**나"),
        (people.mask_name, "김", "김"),
        (people.mask_name, "", ""),
        (people.mask_phone, "01012345678", "010-****-5678"),
        (people.mask_phone, "1234", "****"),
        (people.mask_email, "hana@example.com", "ha***@example.com"),
        (people.mask_email, "ab@example.com", "a***@example.com"),
        (people.mask_address, "서울 종로구 효자로 12", "서울 종로구 ***"),
        (people.show_phone, "01012345678", "010-1234-5678"),
        (people.show_phone, "0212345678", "02-1234-5678"),
        (people.show_phone, "0311234567", "031-123-4567"),
    ],
)
def test_masks(mask, plain, masked):
    assert mask(plain) == masked


def test_a_person_who_left_is_still_told_apart(db):
    assert people.names(["user:999"])["user:999"] != people.names(["system"])["system"]
    assert "999" in people.names(["user:999"])["user:999"]


def test_what_portone_disputes_is_told_in_words():
    told = str(words.reason("payment mismatch: amount: 100 instead of 51000; currency: USD instead of KRW"))

    assert "100" in told
    assert "51000" in told
    assert "USD" in told
    assert "payment mismatch" not in told
    assert words.reason("전화로 확인: 문제 없음") == "전화로 확인: 문제 없음"


# --- shipping ---------------------------------------------------------------------------------------------

SHIPPING = {
    "code": "parcel",
    "name_ko": "택배",
    "name_en": "Parcel",
    "fee": "3500",
    "free_from": "60000",
    "days_min": "1",
    "days_max": "2",
    "active": "on",
    "position": "0",
}


@pytest.fixture
def parcel(db) -> ShippingMethod:
    ShippingMethod.objects.all().delete()
    return ShippingMethod.objects.create(code="parcel", name_ko="택배", name_en="Parcel", fee=3_000)


def test_staff_changes_a_fee(staff, parcel):
    assert staff.get("/admin/shipping/").status_code == 200

    answer = staff.post(f"/admin/shipping/edit/{parcel.pk}/", SHIPPING)

    parcel.refresh_from_db()
    assert answer.status_code == 302
    assert (parcel.fee, parcel.free_from, parcel.days_max) == (3_500, 60_000, 2)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"active": ""}, "active"), ({"days_min": "5"}, "days_max"), ({"fee": "-1"}, "fee")],
)
def test_a_shop_that_nobody_could_order_from_is_refused(staff, parcel, change, field):
    answer = staff.post(f"/admin/shipping/edit/{parcel.pk}/", SHIPPING | change)

    parcel.refresh_from_db()
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert (parcel.fee, parcel.active, parcel.days_min) == (3_000, True, 1)


def test_a_method_is_never_deleted(boss, parcel):
    assert boss.post(f"/admin/shipping/delete/{parcel.pk}/").status_code == 302
    assert ShippingMethod.objects.filter(pk=parcel.pk).exists()


# --- dashboard --------------------------------------------------------------------------------------------


def paid(cups, *, at: datetime, quantity: int = 1) -> Order:
    order = desk.order(item=cups, quantity=quantity)
    Order.objects.filter(pk=order.pk).update(
        status="paid", payment_status="paid", fulfilment_status="preparing", paid_at=at
    )
    Payment.objects.filter(order=order).update(state="paid", received=order.total)
    return order


def test_the_numbers(cups):
    midnight = datetime(2026, 11, 24, 0, 0, tzinfo=words.SEOUL)
    paid(cups, at=midnight)  # 27,000 won on the 24th
    paid(cups, at=midnight - timedelta(seconds=1))  # the 23rd
    paid(cups, at=midnight - timedelta(days=7))  # too long ago
    desk.order(item=cups, quantity=1)
    waiting = desk.order(item=cups, quantity=1)
    Order.objects.filter(pk=waiting.pk).update(payment_status="awaiting_deposit")
    Order.objects.filter(pk=paid(cups, at=midnight, quantity=2).pk).update(
        flag="look", fulfilment_status="shipped"
    )

    found = figures.of_orders(now=desk.NOW)

    assert (found.to_ship, found.awaiting_payment, found.awaiting_deposit, found.flagged) == (3, 1, 1, 1)
    assert [(day.date.isoformat(), day.orders, day.won) for day in found.days[-2:]] == [
        ("2026-11-23", 1, 27_000),
        ("2026-11-24", 2, 78_000),
    ]
    assert len(found.days) == 7
    assert sum(day.won for day in found.days[:5]) == 0


def test_what_runs_out(cups):
    desk.variant(sku="OUT", on_hand=0)
    desk.variant(sku="LOW", on_hand=4)
    desk.variant(sku="OFF", on_hand=0, active=False)

    assert figures.of_stock() == figures.StockFigures(sold_out=1, low=1)


def test_staff_sees_the_numbers_first(staff, cups):
    Order.objects.filter(pk=desk.order(item=cups).pk).update(flag="look")

    html = staff.get("/admin/").content.decode()

    assert "bo-dashboard" in html
    for address in (
        "orders/?flagged=true",
        "stock/?level=low&amp;on_sale=true",
        "to-ship/",
    ):
        assert f'href="/admin/{address}"' in html, address


def test_each_person_sees_what_is_theirs(sign_in, cups):
    html = sign_in(permissions=("access_admin", "view_stockitem")).get("/admin/").content.decode()

    assert "stock/?level=out" in html
    assert "orders/?" not in html


def test_the_numbers_are_counted_once_a_minute(staff, cups, monkeypatch):
    counted = []
    monkeypatch.setattr(figures, "of_stock", lambda: counted.append(1) or figures.StockFigures(1, 1))

    staff.get("/admin/")
    staff.get("/admin/")

    assert counted == [1]


def test_the_dashboard_works_without_the_cache(staff, cups, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionError("no route to host")

    monkeypatch.setattr(dashboard, "cache", type("Away", (), {"get": away, "set": away})())

    assert "bo-dashboard" in staff.get("/admin/").content.decode()
    assert cache.get("backoffice-stock") is None


def test_the_tiles_lead_to_lists_that_hold_what_they_count(staff, cups):
    shipped = paid(cups, at=desk.NOW)
    desk.order(item=cups)

    answer = staff.get(reverse("to-ship:index"))

    assert [row.number for row in answer.context["object_list"]] == [shipped.number]
