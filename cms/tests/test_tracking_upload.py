"""A file of tracking numbers: read in either encoding, judged row by row, carried out once; and the file it comes from."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext
from wagtail.models import ModelLogEntry

from cms.backoffice import tracking_file, tracking_plan
from cms.tests import desk
from cms.tests.test_backoffice_parcels import everything, korean, paid, send, text
from commerce.fulfilment.models import Shipment
from commerce.orders.models import Order

UPLOAD = "/admin/to-ship/upload/"
HEAD = "주문번호,택배사,송장번호,SKU,수량"


def upload(client, content: str, encoding: str = "utf-8"):
    return client.post(UPLOAD, {"file": SimpleUploadedFile("numbers.csv", content.encode(encoding))})


def judged(content: str) -> list[tuple[str, list[str]]]:
    return [(row.lines, row.errors) for row in tracking_plan.judge(rows=tracking_file.rows(text=content))]


def carried_out(client, answer):
    return client.post(UPLOAD, {"text": answer.context["form"].initial["text"], "send": "1"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_file_is_read_in_both_encodings_with_any_separator(encoding, separator):
    content = f"{HEAD}\r\n20261124-ABCDEFG,대한통운,1234-5678-9012,,\r\n".replace(",", separator)

    rows = tracking_file.rows(text=tracking_file.decode(data=content.encode(encoding)))

    assert rows == [
        tracking_file.Row(line=2, order="20261124-ABCDEFG", courier="대한통운", number="1234-5678-9012")
    ]


def test_columns_are_found_by_name_and_rows_without_a_number_wait():
    content = "받는분,송장번호,고객주문번호,택배사\n박하나,111122223333,20261124-ABCDEFG,한진\n김마루,,20261124-ABCDEFH,한진\n\n"

    assert tracking_file.rows(text=content) == [
        tracking_file.Row(line=2, order="20261124-ABCDEFG", courier="한진", number="111122223333")
    ]


def test_a_file_without_headings_has_its_columns_in_order():
    rows = tracking_file.rows(text="20261124-ABCDEFG,cj,111122223333,CUP-W,2\n")

    assert rows == [
        tracking_file.Row(
            line=1, order="20261124-ABCDEFG", courier="cj", number="111122223333", sku="CUP-W", quantity="2"
        )
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xfe\x00\x01", "encoding"),
        (b"PK\x03\x04\x00\x00", "encoding"),
        (b"", "empty"),
        ("이름,주소\n박하나,서울\n".encode(), "columns"),
        ("주문번호,송장번호\n1,2\n".encode(), "columns"),
        (b"x" * (tracking_file.MOST_BYTES + 1), "size"),
    ],
)
def test_what_cannot_be_read_is_refused(data, why):
    with pytest.raises(tracking_file.Unreadable) as refusal:
        tracking_file.rows(text=tracking_file.decode(data=data))

    assert refusal.value.why == why


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_a_file_is_looked_at_first_and_sent_then(staff, cups, encoding):
    whole, partly = paid(cups, quantity=2), paid(cups, quantity=3)
    content = f"{HEAD}\n{whole.number},CJ대한통운,1111-2222-3333,,\n{partly.number.lower()},우체국,6812345678901,cup-w,2\n"
    before = everything()

    looked = upload(staff, content, encoding)

    assert looked.status_code == 200
    assert everything() == before
    assert (looked.context["good"], looked.context["bad"], looked.context["done"]) == (2, 0, False)
    done = carried_out(staff, looked)
    assert done.context["done"] is True
    sent = [
        (row.order.number, row.courier.code, row.tracking_number, row.lines.get().quantity)
        for row in Shipment.objects.order_by("pk")
    ]
    assert sent == [
        (whole.number, "cj", "111122223333", 2),
        (partly.number, "epost", "6812345678901", 2),
    ]
    assert list(Order.objects.order_by("pk").values_list("fulfilment_status", flat=True)) == [
        "shipped",
        "partly_shipped",
    ]
    assert whole.timeline.last().actor == f"user:{staff.session['_auth_user_id']}"
    assert ModelLogEntry.objects.get(action="backoffice.upload_tracking").data == {"parcels": 2, "sent": 2}


def test_the_same_file_twice_sends_once(staff, cups):
    order = paid(cups, quantity=2)
    content = f"{order.number},cj,111122223333\n"
    looked = upload(staff, content)
    carried_out(staff, looked)

    again = carried_out(staff, looked)

    assert Shipment.objects.count() == 1
    assert again.context["parcels"][0].errors == [korean("This order has a parcel with this number already.")]


def test_every_row_says_what_is_wrong_and_the_others_are_sent(staff, cups):
    good, short, gone = paid(cups, quantity=1), paid(cups, quantity=2), paid(cups, quantity=1)
    send(gone, 1, number="888888888888")
    unpaid = desk.order(item=cups, quantity=1)
    content = "\n".join(
        (
            HEAD,
            f"{good.number},cj,111122223333,,",  # 2
            "20200101-AAAAAAA,cj,111122223334,,",  # 3
            f"{short.number},부엉이,111122223335,,",  # 4
            f"{short.number},cj,12345,,",  # 5
            f"{short.number},cj,1.11E+11,,",  # 6
            f"{short.number},cj,111122223336,POT,1",  # 7
            f"{short.number},cj,111122223337,CUP-W,zwei",  # 8
            f"{short.number},cj,111122223338,CUP-W,3",  # 9
            f"{gone.number},cj,111122223339,,",  # 10
            f"{unpaid.number},cj,111122223340,,",  # 11
        )
    )

    looked = upload(staff, content)

    assert [(row.lines, row.errors) for row in looked.context["parcels"]] == [
        ("2", []),
        ("3", [korean("There is no order %(number)s.", number="20200101-AAAAAAA")]),
        ("4", [korean("“%(name)s” is none of the shop's couriers.", name="부엉이")]),
        ("5", [korean("This courier's numbers have %(least)s to %(most)s digits.", least=10, most=12)]),
        (
            "6",
            [korean("The spreadsheet rounded this number: format the column as text and enter it again.")],
        ),
        ("7", [korean("Line %(line)s: the order has no %(sku)s.", line=7, sku="POT")]),
        ("8", [korean("Line %(line)s: “%(quantity)s” is no quantity.", line=8, quantity="zwei")]),
        (
            "9",
            [
                korean(
                    "Line %(line)s: of %(sku)s only %(left)s are left to send.", line=9, sku="CUP-W", left=2
                )
            ],
        ),
        ("10", [korean("Nothing of this order is left to send.")]),
        ("11", [korean("The order is not paid, was cancelled, or its money goes back.")]),
    ]
    carried_out(staff, looked)
    assert [row.order for row in Shipment.objects.exclude(order=gone)] == [good]


def test_rows_of_one_parcel_belong_together_and_two_parcels_share_what_is_left(db, cups):
    order = paid(cups, quantity=3)
    number = order.number
    content = f"{HEAD}\n{number},cj,111122223333,CUP-W,1\n{number},CJ,1111-2222-3333,CUP-W,1\n{number},cj,444422223333,CUP-W,2\n"

    assert judged(content) == [
        ("2, 3", []),
        (
            "4",
            [
                gettext("Line %(line)s: of %(sku)s only %(left)s are left to send.")
                % {"line": 4, "sku": "CUP-W", "left": 1}
            ],
        ),
    ]


def test_a_number_of_another_order_is_warned_of_and_sent(db, cups):
    other, order = paid(cups, quantity=1), paid(cups, quantity=1)
    send(other, 1, number="111122223333")

    (parcel,) = tracking_plan.judge(rows=tracking_file.rows(text=f"{order.number},cj,111122223333\n"))

    assert parcel.errors == []
    assert len(parcel.warnings) == 1
    assert other.number in parcel.warnings[0]
    assert tracking_plan.carry_out(parcels=[parcel], now=desk.NOW) == 1


def test_a_refusal_in_the_last_moment_is_told_and_changes_nothing(db, cups):
    order = paid(cups, quantity=1)
    (parcel,) = tracking_plan.judge(rows=tracking_file.rows(text=f"{order.number},cj,111122223333\n"))
    send(order, 1, number="888888888888")
    before = everything()

    assert tracking_plan.carry_out(parcels=[parcel], now=desk.NOW) == 0
    assert len(parcel.errors) == 1
    assert everything() == before


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_what_is_to_ship_is_downloaded_filled_in_and_uploaded(staff, cups, encoding):
    order = paid(cups, quantity=2, delivery_note="=cmd|문 앞 😀")
    gone = paid(cups, quantity=1)
    send(gone, 1)

    answer = staff.get(f"/admin/to-ship/download/?encoding={encoding}")

    decoded = answer.content.decode("utf-8-sig" if encoding == "utf-8" else "cp949")
    heads, *rows = list(csv.reader(io.StringIO(decoded)))
    (row,) = rows
    assert row[:6] == [
        order.number,
        "박하나",
        "010-8765-4321",
        "03044",
        "서울 종로구 효자로 12 3층",
        "'=cmd|문 앞 😀" if encoding == "utf-8" else "'=cmd|문 앞 ?",
    ]
    assert row[6:9] == ["달항아리 컵 (백자) × 2", "2", "1"]
    assert ModelLogEntry.objects.get(action="backoffice.export_to_ship").data == {"orders": 1}
    row[-2:] = ["CJ대한통운", "1111-2222-3333"]
    filled = io.StringIO()
    csv.writer(filled).writerows([heads, row])
    carried_out(staff, upload(staff, filled.getvalue(), encoding))
    assert Shipment.objects.get(order=order).tracking_number == "111122223333"


def test_a_file_that_is_none_is_told(staff):
    answer = staff.post(UPLOAD, {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04\x00")})

    assert answer.status_code == 422
    assert korean("This is no CSV file in UTF-8 or CP949. Save the sheet as “CSV”.") in text(answer)
    assert staff.post(UPLOAD, {}).status_code == 422
