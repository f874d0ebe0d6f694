"""Parcels at the desk: the list, the acts on an order's page, sheets to print."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from wagtail.models import ModelLogEntry

from cms.backoffice import figures
from cms.tests import desk
from commerce.events.models import OutboxEvent
from commerce.fulfilment import services
from commerce.fulfilment.models import Courier, Shipment
from commerce.orders import services as orders
from commerce.orders.models import Order, TimelineEntry
from commerce.payments.models import Payment
from commerce.payments.states import PaymentState

NUMBER = "123456789012"


def paid(cups, *, quantity: int = 3, at=desk.NOW, **who) -> Order:
    order = desk.order(item=cups, quantity=quantity, now=at, **who)
    with transaction.atomic():
        Payment.objects.filter(order=order).update(state=PaymentState.PAID, received=order.total)
        orders.mark_paid(order=order, paid_at=at, now=at)
    return order


def send(order: Order, units: int = 1, *, number: str = NUMBER, at=desk.NOW) -> Shipment:
    lines = {order.lines.get().pk: units}
    return services.dispatch(order_id=order.pk, lines=lines, courier="cj", tracking_number=number, now=at)


def address(order: Order, *shipment: Shipment, act: str = "dispatch") -> str:
    return reverse(f"orders:{act}", args=[order.pk, *(row.pk for row in shipment)])


def parcel(order: Order, **changes: str) -> dict[str, str]:
    units = {f"units_{order.lines.get().pk}": "3"}
    return {"courier": "cj", "tracking_number": "1234-5678-9012", **units, **changes}


def everything() -> tuple[object, ...]:
    return (
        list(Order.objects.order_by("pk").values()),
        list(Shipment.objects.order_by("pk").values()),
        TimelineEntry.objects.count(),
        OutboxEvent.objects.count(),
    )


def told(answer) -> list[str]:
    return [str(message).strip() for message in get_messages(answer.wsgi_request)]


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def korean(message: str, **values: object) -> str:
    with translation.override("ko"):
        return gettext(message) % values


def numbers(answer) -> list[str]:
    return [row.number for row in answer.context["object_list"]]


def test_staff_sends_everything_that_is_left(staff, cups):
    order = paid(cups)
    page = text(staff.get(reverse("orders:inspect", args=[order.pk])))
    assert f'action="{address(order)}"' in page
    assert f'name="units_{order.lines.get().pk}" value="3"' in page

    answer = staff.post(address(order), parcel(order))

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/admin/orders/{order.pk}/#bo-parcels"
    assert told(answer) == [
        korean(
            "Sent with %(courier)s, %(number)s. The shopper gets a mail.", courier="CJ대한통운", number=NUMBER
        )
    ]
    shipment = Shipment.objects.get()
    assert (shipment.tracking_number, shipment.lines.get().quantity) == (NUMBER, 3)
    order.refresh_from_db()
    assert order.fulfilment_status == "shipped"
    entry = order.timeline.last()
    assert (entry.kind, entry.actor) == ("shipped", f"user:{staff.session['_auth_user_id']}")
    assert ModelLogEntry.objects.get(action="backoffice.dispatch").object_id == str(order.pk)
    page = text(staff.get(reverse("orders:inspect", args=[order.pk])))
    assert "https://trace.cjlogistics.com/next/tracking.html?wblNo=123456789012" in page
    assert "박하나" in page


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"tracking_number": ""}, ""),
        ({"tracking_number": "12-34"}, "This courier's numbers have %(least)s to %(most)s digits."),
        ({"tracking_number": "ABC123456789"}, "A tracking number has digits only."),
        ({"courier": "owl"}, ""),
        ({"units": "4"}, ""),
        ({"units": "0"}, "There is nothing in this parcel."),
        ({"units": "-1"}, ""),
    ],
)
def test_a_parcel_that_makes_no_sense_is_not_sent(staff, cups, changes, problem):
    order = paid(cups)
    if "units" in changes:
        changes = {f"units_{order.lines.get().pk}": changes["units"]}
    before = everything()

    answer = staff.post(address(order), parcel(order, **changes))

    assert answer.status_code == 422
    assert korean(problem, least=10, most=12) in text(answer)
    assert everything() == before


def test_somebody_else_was_quicker(staff, cups, monkeypatch):
    """Both saw three left; when the second one's form arrives, two are gone."""
    order = paid(cups)
    dispatch = services.dispatch

    def after_a_colleague(**arguments):
        monkeypatch.setattr(services, "dispatch", dispatch)
        send(order, 2)
        return dispatch(**arguments)

    monkeypatch.setattr(services, "dispatch", after_a_colleague)

    answer = staff.post(address(order), parcel(order, tracking_number="999999999999"))

    assert answer.status_code == 422
    assert korean("%(name)s: %(left)s left to send", name="달항아리 컵", left=1) in text(answer)
    assert [row.tracking_number for row in Shipment.objects.all()] == [NUMBER]


def test_a_number_that_another_order_has_is_warned_of(staff, cups):
    other, order = paid(cups), paid(cups)
    send(other, 3)

    answer = staff.post(address(order), parcel(order))

    warning = "%(number)s is also the number of a parcel of order %(orders)s. Is that right?"
    assert told(answer)[1:] == [korean(warning, number=NUMBER, orders=other.number)]
    assert Shipment.objects.count() == 2


def test_staff_corrects_a_number(staff, cups):
    order = paid(cups)
    shipment = send(order)

    page = address(order, shipment, act="tracking")
    assert f'value="{NUMBER}"' in text(staff.get(page))
    answer = staff.post(page, {"courier": "hanjin", "tracking_number": "999999999999"})

    assert answer.status_code == 302
    shipment.refresh_from_db()
    assert (shipment.courier.code, shipment.tracking_number) == ("hanjin", "999999999999")


def test_staff_marks_a_parcel_delivered_on_a_day(staff, cups):
    order = paid(cups, at=timezone.now() - timedelta(days=9))
    shipment = send(order, 3, at=timezone.now() - timedelta(days=5))
    day = timezone.localdate() - timedelta(days=3)

    answer = staff.post(address(order, shipment, act="delivered"), {"day": day.isoformat()})

    assert answer.status_code == 302
    shipment.refresh_from_db()
    assert timezone.localdate(shipment.delivered_at) == day
    assert shipment.arrival == "staff"
    order.refresh_from_db()
    assert (order.status, order.fulfilment_status) == ("fulfilled", "delivered")


@pytest.mark.parametrize("days", [-6, 1])
def test_nothing_arrives_before_it_left_or_tomorrow(staff, cups, days):
    order = paid(cups, at=timezone.now() - timedelta(days=9))
    shipment = send(order, 3, at=timezone.now() - timedelta(days=5))
    before = everything()

    day = timezone.localdate() + timedelta(days=days)
    answer = staff.post(address(order, shipment, act="delivered"), {"day": day.isoformat()})

    assert answer.status_code == 422
    assert everything() == before


def test_staff_takes_a_parcel_back_and_not_twice(staff, cups):
    order = paid(cups)
    shipment = send(order, 3)
    page = address(order, shipment, act="take-back")

    assert staff.post(page).status_code == 302
    assert staff.post(page).status_code == 404

    order.refresh_from_db()
    assert order.fulfilment_status == "preparing"
    assert not Shipment.objects.exists()


def test_what_arrived_is_not_taken_back(staff, cups):
    order = paid(cups)
    shipment = send(order, 3)
    services.mark_delivered(shipment_id=shipment.pk, at=desk.NOW, now=desk.NOW)
    before = everything()

    answer = staff.post(address(order, shipment, act="take-back"))

    assert answer.status_code == 422
    assert korean("It was delivered: it cannot be taken back.") in text(answer)
    assert everything() == before


def test_a_parcel_of_another_order_is_not_found(staff, cups):
    order, other = paid(cups), paid(cups)
    shipment = send(other)

    for act in ("tracking", "delivered", "take-back"):
        assert staff.get(address(order, shipment, act=act)).status_code == 404


def test_who_may_only_look_changes_and_downloads_nothing(sign_in, cups):
    order = paid(cups)
    shipment = send(order)
    client = sign_in(permissions=("access_admin", "view_order"))
    before = everything()

    assert client.get("/admin/to-ship/").status_code == 200
    page = text(client.get(reverse("orders:inspect", args=[order.pk])))
    assert address(order) not in page
    assert address(order, shipment, act="take-back") not in page
    for act in (
        address(order),
        *(address(order, shipment, act=act) for act in ("tracking", "delivered", "take-back")),
    ):
        assert client.post(act, parcel(order)).status_code == 302  # to the admin's first page, with a refusal
    for page in ("/admin/to-ship/upload/", "/admin/to-ship/download/"):
        assert client.get(page).status_code == 302
    assert everything() == before


def test_an_editor_sees_no_address_on_a_sheet(sign_in, cups):
    order = paid(cups)
    client = sign_in(permissions=("access_admin", "view_order"))

    for kind in ("slip", "document"):
        page = text(client.get(f"/admin/to-ship/print/{kind}/?order={order.pk}"))
        for secret in ("박하나", "김마루", "010-8765-4321", "효자로", "03044"):
            assert secret not in page


def test_the_list_shows_what_is_to_send_with_the_most_urgent_first(staff, cups):
    now = timezone.now()
    fresh = paid(cups, quantity=1, at=now)
    late = paid(cups, quantity=2, at=now - timedelta(days=14))
    partly = paid(cups, quantity=3, at=now - timedelta(days=1))
    send(partly, 2, at=now)
    gone = paid(cups, quantity=1, at=now)
    send(gone, 1, at=now, number="999999999999")
    desk.order(item=cups, quantity=1)

    answer = staff.get("/admin/to-ship/")

    assert numbers(answer) == [late.number, partly.number, fresh.number]
    rows = {row.number: row for row in answer.context["table"].data}
    assert rows[partly.number].contents == "달항아리 컵 (백자) × 1"
    assert (rows[late.number].tone, rows[fresh.number].tone) == ("bad", "calm")
    assert numbers(staff.get("/admin/to-ship/?stage=overdue")) == [late.number]
    assert numbers(staff.get("/admin/to-ship/?stage=partly")) == [partly.number]
    assert numbers(staff.get("/admin/to-ship/?stage=new")) == [late.number, fresh.number]
    assert numbers(staff.get(f"/admin/to-ship/?q={partly.number}")) == [partly.number]
    assert numbers(staff.get(f"/admin/to-ship/?q={NUMBER}")) == [partly.number]
    assert numbers(staff.get(f"/admin/orders/?q={NUMBER}")) == [partly.number]
    found = figures.of_orders(now=now)
    assert (found.to_ship, found.overdue) == (3, 1)


def test_the_list_asks_as_much_for_one_order_as_for_many(staff, cups, django_assert_max_num_queries):
    for _ in range(2):
        paid(cups, quantity=1)
    staff.get("/admin/to-ship/")
    with django_assert_max_num_queries(30) as few:
        staff.get("/admin/to-ship/")
    for _ in range(6):
        paid(cups, quantity=1)
    with django_assert_max_num_queries(len(few)):
        staff.get("/admin/to-ship/")


def test_the_dashboard_leads_to_what_is_late(staff, cups):
    paid(cups, at=timezone.now() - timedelta(days=14))

    page = text(staff.get("/admin/"))

    assert 'href="/admin/to-ship/?stage=overdue"' in page


def test_packing_slips_have_no_prices_and_one_page_each(staff, cups):
    first, second = paid(cups, quantity=2), paid(cups, quantity=3)
    send(second, 1)

    page = text(staff.get(f"/admin/to-ship/print/slip/?order={first.pk}&order={second.pk}"))

    assert page.count('<article class="sheet"') == 2
    assert "원" not in re.sub(r"<[^>]+>", "", page.split("<body>")[1])
    assert [int(units) for units in re.findall(r'class="number big">(\d+)<', page)] == [2, 2]
    assert "박하나" in page
    assert "010-8765-4321" in page
    assert ModelLogEntry.objects.get(action="backoffice.print").data == {"orders": 2, "kind": "slip"}


def test_the_slip_of_a_parcel_says_what_is_in_it(staff, cups):
    order = paid(cups, quantity=3)
    shipment = send(order, 1)

    page = text(staff.get(f"/admin/to-ship/print/slip/?order={order.pk}&parcel={shipment.pk}"))

    assert re.findall(r'class="number big">(\d+)<', page) == ["1"]
    assert NUMBER in page


def test_without_a_choice_everything_that_is_to_ship_is_printed(staff, cups):
    paid(cups, quantity=2)
    gone = paid(cups, quantity=1)
    send(gone, 1)

    page = text(staff.get("/admin/to-ship/print/document/"))

    assert page.count('<article class="sheet"') == 1


def test_the_document_adds_up_with_supply_value_and_vat(staff, cups):
    order = paid(cups, quantity=2)

    page = text(staff.get(f"/admin/to-ship/print/document/?order={order.pk}"))

    cells = re.findall(r'<td class="number">([^<]*)</td>', page)
    assert cells == [
        "24,000원", "2", "43,636원", "4,364원", "48,000원",
        "", "", "2,728원", "272원", "3,000원",
        "46,364원", "4,636원", "51,000원",
    ]  # fmt: skip
    assert staff.get("/admin/to-ship/print/poem/").status_code == 404


def test_couriers_are_edited_and_their_address_is_checked(staff):
    courier = Courier.objects.get(code="cj")
    form = {
        "name_ko": "CJ대한통운",
        "name_en": "CJ",
        "code": "cj",
        "tracking_url": "http://example.com/{n}",
        "digits_min": "10",
        "digits_max": "12",
        "active": "on",
        "position": "0",
    }
    edit = f"/admin/couriers/edit/{courier.pk}/"

    assert staff.post(edit, form).status_code == 200
    courier.refresh_from_db()
    assert courier.tracking_url.startswith("https://trace.cjlogistics.com/")
    assert staff.post(edit, {**form, "tracking_url": "https://example.com/{n}"}).status_code == 302
    courier.refresh_from_db()
    assert (courier.name_en, courier.tracking_url) == ("CJ", "https://example.com/{n}")
    assert staff.post(f"/admin/couriers/delete/{courier.pk}/").status_code == 302
    assert Courier.objects.filter(pk=courier.pk).exists()
