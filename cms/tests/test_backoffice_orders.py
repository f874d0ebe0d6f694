"""The list of orders and the page of one."""

import csv
import io
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from cms.backoffice import people
from cms.backoffice.groups import ensure_groups
from cms.tests import desk
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.states import Status
from commerce.payments.models import PaymentNotice

LIST = "/admin/orders/"
LOOKER = ("access_admin", "view_order")


def page(order: Order) -> str:
    return reverse("orders:inspect", args=[order.pk])


def numbers(response) -> list[str]:
    return [row.number for row in response.context["object_list"]]


def test_staff_sees_an_order_in_the_list(staff, cups):
    order = desk.order(item=cups)

    answer = staff.get(LIST)

    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'href="/admin/orders/{order.pk}/"' in html
    assert order.number in html
    assert "김마루" in html
    assert "51,000원" in html
    assert "2026-11-24 18:30" in html


def test_without_the_permission_names_are_masked(sign_in, cups):
    order = desk.order(item=cups)
    client = sign_in(permissions=LOOKER)

    listed, shown = client.get(LIST).content.decode(), client.get(page(order)).content.decode()

    for html in (listed, shown):
        assert "김*루" in html
        assert "김마루" not in html
    for secret in ("01012345678", "010-1234-5678", "hana@example.com", "효자로", "03044", "문 앞에"):
        assert secret not in shown
    for mask in ("010-****-5678", "ha***@example.com", "서울 종로구 ***"):
        assert mask in shown


def test_staff_reads_the_whole_order(staff, cups):
    order = desk.order(item=cups)
    PaymentNotice.objects.create(
        notice_id="n-1",
        kind="Transaction.Paid",
        payment_id=order.payment.payment_id,
        body="{}",
        received_at=desk.NOW,
    )

    html = staff.get(page(order)).content.decode()

    for fact in (
        "달항아리 컵", "CUP-W", "24,000원 × 2", "48,000원", "3,000원", "51,000원", "4,636원",
        "박하나", "010-8765-4321", "(03044) 서울 종로구 효자로 12 3층", "문 앞에 놓아 주세요",
        "김마루", "010-1234-5678", "hana@example.com",
        order.payment.payment_id, "Transaction.Paid", f"/orders/{order.token}/",
    ):  # fmt: skip
        assert fact in html, fact


def test_the_timeline_names_the_person(staff, cups):
    order = desk.order(item=cups)
    colleague = desk.person("lee@maru.example", first_name="이서연")
    Order.objects.filter(pk=order.pk).update(flag="paid, but sold out")
    with people.acting(colleague):
        orders.clear_flag(order_id=order.pk, note="전화로 확인", now=desk.NOW + timedelta(hours=1))

    steps = staff.get(page(order)).context["steps"]

    assert [(step.at, step.person) for step in steps] == [
        ("2026-11-24 19:30", "이서연"),
        ("2026-11-24 18:30", "시스템"),
    ]
    assert "전화로 확인" in steps[0].detail


@pytest.mark.parametrize(
    "asked", ["{number}", "010-1234-5678", "01012345678", "HANA@example.com", "김마루", "박하나"]
)
def test_staff_finds_an_order(staff, cups, asked):
    wanted = desk.order(item=cups)
    desk.order(
        item=cups,
        name="이서연",
        recipient_name="이서연",
        phone="01099999999",
        recipient_phone="01099999999",
        email="lee@example.com",
    )

    answer = staff.get(LIST, {"q": asked.format(number=wanted.number)})

    assert numbers(answer) == [wanted.number]


@pytest.mark.parametrize("asked", ["01012345678", "hana@example.com", "김마루"])
def test_who_may_not_see_people_cannot_search_for_them(sign_in, cups, asked):
    order = desk.order(item=cups)
    client = sign_in(permissions=LOOKER)

    assert numbers(client.get(LIST, {"q": asked})) == []
    assert numbers(client.get(LIST, {"q": order.number})) == [order.number]


def test_filters(staff, cups):
    open_ = desk.order(item=cups, now=desk.NOW - timedelta(days=2))
    cancelled = desk.order(item=cups)
    Order.objects.filter(pk=cancelled.pk).update(
        status=Status.CANCELLED, flag="sold out", payment_status="refunding"
    )

    assert numbers(staff.get(LIST, {"status": "cancelled"})) == [cancelled.number]
    assert numbers(staff.get(LIST, {"payment_status": "pending"})) == [open_.number]
    assert numbers(staff.get(LIST, {"flagged": "true"})) == [cancelled.number]
    assert numbers(staff.get(LIST, {"flagged": "false"})) == [open_.number]
    assert numbers(staff.get(LIST, {"placed_at_from": "2026-11-24", "placed_at_to": "2026-11-24"})) == [
        cancelled.number
    ]
    assert numbers(staff.get(LIST)) == [cancelled.number, open_.number]


def test_csv(staff, cups):
    order = desk.order(item=cups, name="=HYPERLINK(1)")

    answer = staff.get(LIST, {"export": "csv"})

    raw = b"".join(answer.streaming_content)
    assert raw.startswith(b"\xef\xbb\xbf")
    heading, line = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
    assert line[0] == order.number
    assert line[1] == "2026-11-24 18:30"
    assert line[5:9] == ["48000", "3000", "51000", "4636"]
    assert line[9] == "'=HYPERLINK(1)"
    assert line[10] == "010-1234-5678"
    assert len(heading) == len(line) == 18
    entry = ModelLogEntry.objects.get(action="backoffice.export_orders")
    assert (entry.user.email, entry.data) == ("staff@maru.example", {"orders": 1})


def test_xlsx_is_masked_too(sign_in, cups):
    desk.order(item=cups)
    client = sign_in(permissions=(*LOOKER, "export_order"))

    answer = client.get(LIST, {"export": "xlsx"})

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cells = [cell.value for cell in sheet[2]]
    assert cells[5:9] == [48000, 3000, 51000, 4636]
    assert cells[9:16] == [
        "김*루",
        "010-****-5678",
        "ha***@example.com",
        "박*나",
        "010-****-4321",
        "***",
        "서울 종로구 ***",
    ]


def test_looking_is_not_taking_away(sign_in, cups):
    desk.order(item=cups)
    client = sign_in(permissions=LOOKER)

    answer = client.get(LIST, {"export": "csv"})

    assert answer.status_code == 302  # Wagtail sends people who may not home
    assert not ModelLogEntry.objects.filter(action="backoffice.export_orders").exists()
    assert "export=csv" not in client.get(LIST).content.decode()


def test_the_list_asks_the_same_number_of_queries_for_many_orders(staff, cups, django_assert_max_num_queries):
    for _ in range(4):
        desk.order(item=cups, quantity=1)

    with django_assert_max_num_queries(14):
        staff.get(LIST)


def test_an_order_page_is_bounded(staff, cups, django_assert_max_num_queries):
    order = desk.order(item=cups)
    for hour in range(20):
        Order.objects.filter(pk=order.pk).update(flag=f"look {hour}")
        with people.acting(desk.person(f"c{hour}@maru.example")):
            orders.clear_flag(order_id=order.pk, note="ok", now=desk.NOW)

    with django_assert_max_num_queries(24):  # one of them notes who looked, one asks what the menu may offer
        staff.get(page(order))


def test_nobody_adds_edits_or_deletes_an_order_by_hand(sign_in, cups):
    order = desk.order(item=cups)
    client = sign_in(is_superuser=True)

    for path in ("new/", f"edit/{order.pk}/", f"delete/{order.pk}/", f"copy/{order.pk}/"):
        assert client.get(LIST + path).status_code == 404
    assert Order.objects.count() == 1


def test_editors_see_no_orders_and_no_menu(sign_in, cups):
    order = desk.order(item=cups)
    client = sign_in("editor@maru.example", group="Editors")

    for path in (LIST, page(order), "/admin/stock/", "/admin/shipping/"):
        assert client.get(path).status_code == 302
    assert client.get("/admin/").status_code == 200
    home = client.get("/admin/").content.decode()
    assert "bo-dashboard" not in home
    assert "/admin/orders/" not in home


def test_visitors_must_sign_in(client, cups):
    order = desk.order(item=cups)

    answer = client.get(page(order))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_the_menu_leads_staff_to_their_work(staff):
    html = staff.get("/admin/").content.decode()

    for address in ("/admin/orders/", "/admin/orders/?flagged=true", "/admin/stock/", "/admin/shipping/"):
        assert f'"{address}"' in html.replace("\\u003D", "=").replace("&quot;", '"'), address


def test_staff_has_what_it_needs_and_no_more(db):
    held = set(Group.objects.get(name="Staff").permissions.values_list("codename", flat=True))

    choosers = {"choose_image", "choose_document"}  # Wagtail gives these to whoever may use the admin
    assert held - choosers == {
        "access_admin", "view_order", "change_order", "view_personal_data", "export_order",
        "view_stockitem", "change_stockitem", "view_shippingmethod", "add_shippingmethod", "change_shippingmethod",
        "view_shippingzone", "add_shippingzone", "change_shippingzone", "delete_shippingzone",
        "view_courier", "add_courier", "change_courier", "view_paymentcomparison",
        "view_review", "change_review", "view_question", "change_question", "view_feed",
        "view_coupon", "add_coupon", "change_coupon",
    }  # fmt: skip


def test_groups_are_made_once_and_what_was_granted_by_hand_stays(db):
    group = Group.objects.get(name="Staff")
    extra = Permission.objects.get(codename="view_user")
    group.permissions.add(extra)
    group.permissions.remove(Permission.objects.get(codename="view_order"))

    ensure_groups(models=apps)

    assert Group.objects.filter(name="Staff").count() == 1
    held = set(group.permissions.values_list("codename", flat=True))
    assert {"view_user", "view_order"} <= held


def test_what_was_cancelled_in_the_shop_is_not_being_prepared(staff, cups):
    order = desk.order(item=cups)
    Order.objects.update(status=Status.CANCELLED, fulfilment_status="preparing", cancelled_at=order.placed_at)

    listed, shown = staff.get(LIST), staff.get(page(order))

    assert "상품 준비 중" not in listed.content.decode().split("<tbody")[1].split("</tbody")[0]
    assert "상품 준비 중" not in [text for _, text, _ in shown.context["tags"]]


def test_notices_of_portone_are_told_in_words(staff, cups):
    order = desk.order(item=cups)
    for number, kind in enumerate(("WebhookTransactionCancelledPartialCancelled", "Later.Invention")):
        PaymentNotice.objects.create(
            notice_id=f"n-{number}",
            kind=kind,
            payment_id=order.payment.payment_id,
            body="{}",
            received_at=desk.NOW,
        )

    shown = staff.get(page(order))

    assert {text for text, _ in shown.context["notices"]} == {"부분 환불", "Later.Invention"}
