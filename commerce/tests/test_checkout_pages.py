"""The order sheet: seven fields, one order, and never another sum than the one on the button."""

import re
from html import unescape

import pytest
from django.test import Client

from commerce.cart.models import CartLine
from commerce.catalog.models import Variant
from commerce.inventory.models import Reservation
from commerce.orders.models import Order
from commerce.payments.models import Payment
from commerce.payments.states import PaymentState
from commerce.tests.factories import NOW, on_shelf, product, shelf
from commerce.tests.fakes import FakeGateway
from commerce.tests.shopping import fill, nothing_ordered, submit, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_an_empty_cart_has_no_order_sheet(client: Client) -> None:
    answer = client.get("/checkout/")

    assert (answer.status_code, answer["Location"]) == (303, "/cart/")


def test_the_button_says_the_sum(client: Client) -> None:
    product()
    fill(client)

    assert "51,000원 결제하기" in text(client.get("/checkout/"))
    assert "Pay ₩51,000" in text(client.get("/en/checkout/"))


def test_a_guest_types_into_seven_fields_at_most_and_nothing_is_ticked_for_him(client: Client) -> None:
    product()
    fill(client)

    page = client.get("/checkout/").content.decode()

    fields = re.findall(r'<input type="(?:text|tel|email)" name="(\w+)"', page)
    hidden = {"recipient_name", "recipient_phone"}  # shown by the page only for another recipient
    hidden |= {"receipt_phone", "receipt_business"}  # and these only for the cash receipt they belong to
    assert len(set(fields) - hidden) <= 7
    ticked = re.findall(r'<input type="checkbox" name="(\w+)"[^>]*checked', page)
    assert ticked == ["same_recipient"]


def test_an_order_is_placed_and_leads_to_the_payment_window(client: Client, gateway: FakeGateway) -> None:
    product()
    fill(client)

    answer = submit(client)

    placed = Order.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/checkout/pay/{placed.token}/?attempt={int(NOW.timestamp() * 1000)}",
    )
    assert (placed.phone, placed.recipient_name, placed.recipient_phone) == (
        "01012345678",
        "김하나",
        "01012345678",
    )
    assert (placed.total, placed.language, placed.delivery_note) == (51_000, "ko", "문 앞에 놓아 주세요.")
    assert gateway.registered == [(placed.payment.payment_id, 51_000)]
    assert "장바구니가 비어 있습니다" in text(client.get("/cart/"))


def test_another_recipient(client: Client, gateway: FakeGateway) -> None:
    product()
    fill(client)

    submit(client, drop=("same_recipient",), recipient_name="이두리", recipient_phone="02-123-4567")

    placed = Order.objects.get()
    assert (placed.name, placed.recipient_name, placed.recipient_phone) == ("김하나", "이두리", "021234567")


def test_a_forgotten_recipient_is_asked_for(client: Client) -> None:
    product()
    fill(client)

    said = text(submit(client, drop=("same_recipient",)))

    assert "받는 분 이름을 입력해 주세요." in said
    nothing_ordered()


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("010-1234-5678", "01012345678"),
        ("010 1234 5678", "01012345678"),
        ("010.1234.5678", "01012345678"),
        ("+82 10-1234-5678", "01012345678"),
        ("+82-010-1234-5678", "01012345678"),
        ("０１０１２３４５６７８", "01012345678"),
        ("011-123-4567", "0111234567"),
        ("02-123-4567", "021234567"),
        ("031-123-4567", "0311234567"),
        ("070-1234-5678", "07012345678"),
        ("0504-1234-5678", "050412345678"),
        ("1588-1234", "15881234"),
    ],
)
def test_korean_phones_are_understood(client: Client, gateway: FakeGateway, typed: str, digits: str) -> None:
    product()
    fill(client)

    submit(client, phone=typed)

    assert Order.objects.get().phone == digits


WRONG = [
    ("name", "", "이름을 입력해 주세요."),
    ("name", "   ", "이름을 입력해 주세요."),
    ("phone", "", "휴대폰 번호를 입력해 주세요."),
    ("phone", "12345", "전화번호를 010-1234-5678처럼 입력해 주세요."),
    ("phone", "010-1234-56789", "전화번호를 010-1234-5678처럼 입력해 주세요."),
    ("phone", "+1 415 555 0100", "전화번호를 010-1234-5678처럼 입력해 주세요."),
    ("phone", "전화없음", "전화번호를 010-1234-5678처럼 입력해 주세요."),
    ("email", "", "이메일 주소를 입력해 주세요."),
    ("email", "hana@", "이메일 주소를 name@example.com처럼 입력해 주세요."),
    ("postcode", "", "우편번호를 입력해 주세요."),
    ("postcode", "1234", "우편번호 다섯 자리를 입력해 주세요."),
    ("postcode", "123-456", "우편번호 다섯 자리를 입력해 주세요."),
    ("postcode", "abcde", "우편번호 다섯 자리를 입력해 주세요."),
    ("address1", "", "주소를 입력해 주세요."),
    ("method", "", "결제 수단을 선택해 주세요."),
    ("agree_order", "", "주문 내용 확인에 동의해 주세요."),
    ("agree_terms", "", "이용약관에 동의해 주세요."),
]


@pytest.mark.parametrize(("name", "typed", "why"), WRONG)
def test_a_wrong_entry_is_named_and_orders_nothing(client: Client, name: str, typed: str, why: str) -> None:
    product()
    fill(client)

    answer = submit(client, **{name: typed})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert text(answer).count(why) == 2  # in the summary on top and at the field
    assert f'href="#id_{name}' in page
    assert f'id="id_{name}_error"' in page
    nothing_ordered()


def test_no_typed_character_is_lost(client: Client) -> None:
    product()
    fill(client)
    typed = {
        "name": 'Hana "<b>',
        "phone": "010-12",
        "email": "hana@@example",
        "postcode": "0304",
        "address1": "효자로 12 & 14",
        "address2": "3층",
        "delivery_note": "개 조심",
    }

    page = unescape(submit(client, delivery_request="other", method="TRANSFER", **typed).content.decode())

    for name, value in typed.items():
        assert re.search(rf'name="{name}" value="{re.escape(value)}"', page), name
    assert '<option value="other" selected>' in page
    assert re.search(r'value="TRANSFER" checked', page)


def test_a_second_submission_is_the_same_order(client: Client, gateway: FakeGateway) -> None:
    product()
    fill(client)
    first, second = submit(client), submit(client)

    assert first["Location"] == second["Location"]
    assert Order.objects.count() == Payment.objects.count() == Reservation.objects.count() == 1
    assert shelf() == (5, 2)


def test_two_tabs_are_one_order(client: Client, gateway: FakeGateway) -> None:
    product()
    fill(client)
    submit(client)

    answer = submit(client, name="다른 이름", method="TRANSFER")

    assert answer.status_code == 303
    assert Order.objects.get().name == "김하나"


def test_the_sheet_of_a_placed_order_leads_to_the_order(client: Client, gateway: FakeGateway) -> None:
    product()
    fill(client)
    submit(client)

    answer = client.get("/checkout/")

    assert (answer.status_code, answer["Location"]) == (303, f"/orders/{Order.objects.get().token}/")


def test_after_paying_the_sheet_sent_again_leads_to_the_order(client: Client, gateway: FakeGateway) -> None:
    product()
    fill(client)
    submit(client)
    placed = Order.objects.get()
    gateway.says(placed, PaymentState.PAID)
    client.get(f"/checkout/return/{placed.token}/")

    answer = submit(client)

    assert answer["Location"] == f"/orders/{placed.token}/"
    assert Order.objects.count() == 1


def test_a_changed_price_stops_the_order_in_words(client: Client) -> None:
    product()
    fill(client, 1)
    Variant.objects.update(price=26_000)

    answer = submit(client, total=27_000)

    said, page = text(answer), unescape(answer.content.decode())
    assert "가격이 24,000원에서 26,000원으로 바뀌었습니다." in said
    assert "결제 금액이 27,000원에서 29,000원으로 바뀌었습니다." in said
    assert "29,000원 결제하기" in said
    assert 'name="shown_total" value="29000"' in page
    assert 'value="서울 종로구 효자로 12"' in page
    assert not re.search(r'name="agree_order"[^>]*checked', page)  # the new order was not agreed to
    nothing_ordered()


def test_the_changed_order_can_be_agreed_to(client: Client, gateway: FakeGateway) -> None:
    product()
    fill(client, 1)
    Variant.objects.update(price=26_000)
    submit(client, total=27_000)

    submit(client, total=29_000)

    assert Order.objects.get().total == 29_000


@pytest.mark.parametrize("shown", ["", "x", "-5", "1", "9" * 30, "51000.0001"])
def test_a_tampered_sum_orders_nothing(client: Client, shown: str) -> None:
    product()
    fill(client)

    answer = submit(client, shown_total=shown)

    assert answer.status_code == 200
    assert "51,000원 결제하기" in text(answer)
    nothing_ordered()


@pytest.mark.parametrize("cart_token", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_tampered_cart_orders_nothing(client: Client, cart_token: str) -> None:
    product()
    fill(client)

    answer = submit(client, cart_token=cart_token)

    assert (answer.status_code, answer["Location"]) == (303, "/cart/")
    nothing_ordered()


def test_what_cannot_be_had_can_be_taken_out_without_typing_again(client: Client) -> None:
    product(skus=("A", "B"))
    fill(client, 3, "A")
    fill(client, 1, "B")
    on_shelf(Variant.objects.get(sku="A"), 2)
    on_shelf(Variant.objects.get(sku="B"), 0)
    answer = submit(client, total=96_000)
    assert "살 수 없는 상품을 빼고 계속하기" in text(answer)

    answer = submit(client, adjust="1")

    assert list(CartLine.objects.values_list("variant__sku", "quantity")) == [("A", 2)]
    assert "살 수 없는 상품을 뺐습니다." in text(answer)
    assert "51,000원 결제하기" in text(answer)
    assert 'value="김하나"' in answer.content.decode()
    nothing_ordered()


def test_without_the_provider_the_order_stays_and_can_be_paid_later(
    client: Client, gateway: FakeGateway
) -> None:
    product()
    fill(client)
    gateway.down = True

    answer = submit(client)

    placed = Order.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/orders/{placed.token}/")
    said = text(client.get(answer["Location"]))
    assert "지금은 결제 서비스에 연결할 수 없습니다." in said
    assert "51,000원 결제하기" in said

    gateway.down = False
    answer = client.post(f"/orders/{placed.token}/retry/", {"method": "TRANSFER"})
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"/checkout/pay/{placed.token}/?attempt=")
    assert Payment.objects.get().method == "TRANSFER"


def test_a_form_from_elsewhere_is_refused() -> None:
    product()
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/cart/add/", {"sku": "CUP", "quantity": "1"}).status_code == 403
    assert not CartLine.objects.exists()
