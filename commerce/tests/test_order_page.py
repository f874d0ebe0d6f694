"""Back from the payment window: the page says what is true, whatever the address claims."""

import pytest
from django.core.cache import cache
from django.test import Client

from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus, Status
from commerce.payments.states import PaymentState
from commerce.tests.factories import order
from commerce.tests.fakes import FakeGateway
from commerce.tests.shopping import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_coming_back_paid(client: Client, gateway: FakeGateway) -> None:
    placed = order()
    gateway.says(placed, PaymentState.PAID)

    answer = client.get(f"/checkout/return/{placed.token}/?paymentId={placed.payment.payment_id}")

    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{placed.token}/")
    assert "주문해 주셔서 감사합니다. 결제가 완료되었습니다." in text(client.get(answer["Location"]))


def test_the_address_alone_pays_nothing(client: Client, gateway: FakeGateway) -> None:
    placed = order()

    answer = client.get(
        f"/checkout/return/{placed.token}/?paymentId={placed.payment.payment_id}&transactionType=PAYMENT"
    )

    assert answer["Location"] == f"/orders/{placed.token}/?checking=1"
    placed.refresh_from_db()
    assert placed.status == Status.PLACED


def test_coming_back_after_breaking_off(client: Client, gateway: FakeGateway) -> None:
    placed = order()

    answer = client.get(
        f"/checkout/return/{placed.token}/?code=FAILURE_TYPE_PG&message=<b>pay%20elsewhere</b>", follow=True
    )

    said = text(answer)
    assert "결제가 완료되지 않았습니다. 결제된 금액은 없습니다." in said
    assert "elsewhere" not in said
    assert "51,000원 결제하기" in said


def test_coming_back_failed_says_why_and_offers_another_way(client: Client, gateway: FakeGateway) -> None:
    placed = order()
    gateway.says(placed, PaymentState.FAILED, failure="한도를 초과했습니다.")

    said = text(client.get(f"/checkout/return/{placed.token}/?code=FAILURE_TYPE_PG", follow=True))

    assert "결제하지 못했습니다" in said
    assert "한도를 초과했습니다." in said
    assert "가상계좌 입금" in said


def test_a_failure_that_was_none_in_the_end_is_a_paid_order(client: Client, gateway: FakeGateway) -> None:
    placed = order()
    gateway.says(placed, PaymentState.PAID)

    said = text(client.get(f"/checkout/return/{placed.token}/?code=FAILURE_TYPE_PG", follow=True))

    assert "결제가 완료되었습니다." in said


def test_while_nothing_is_known_the_page_waits_but_not_for_ever(client: Client, gateway: FakeGateway) -> None:
    placed = order()
    gateway.down = True

    answer = client.get(f"/checkout/return/{placed.token}/")
    assert answer["Location"] == f"/orders/{placed.token}/?checking=1"
    page = client.get(answer["Location"]).content.decode()
    assert "결제를 확인하고 있습니다" in page
    assert f"/checkout/return/{placed.token}/?try=2" in page
    assert "http-equiv" in page

    last = client.get(f"/orders/{placed.token}/?checking=10").content.decode()
    assert "http-equiv" not in last
    assert (
        "결제를 확인하고 있습니다" not in client.get(f"/orders/{placed.token}/?checking=11").content.decode()
    )


def test_the_waiting_page_hears_when_it_is_paid(client: Client, gateway: FakeGateway) -> None:
    placed = order()
    assert client.get(f"/checkout/state/{placed.token}/").json() == {"state": "placed pending"}
    gateway.says(placed, PaymentState.PAID)

    assert client.get(f"/checkout/state/{placed.token}/").json() == {"state": "placed pending"}
    assert gateway.asked == 1

    cache.clear()  # two seconds later
    assert client.get(f"/checkout/state/{placed.token}/").json() == {"state": "paid paid"}


def test_a_deposit_says_where_how_much_and_until_when(client: Client, gateway: FakeGateway) -> None:
    placed = order(method="VIRTUAL_ACCOUNT")
    account = {
        "bank": "SHINHAN",
        "number": "56211905874893",
        "holder": "마루",
        "until": "2026-11-25T12:30:00+09:00",
    }
    gateway.says(placed, PaymentState.AWAITING_DEPOSIT, account=account)

    said = text(client.get(f"/checkout/return/{placed.token}/", follow=True))

    for words in ("신한은행", "56211905874893", "마루", "51,000원", "2026년 11월 25일 12:30"):
        assert words in said
    assert "Shinhan" in text(client.get(f"/en/orders/{placed.token}/"))


def test_the_order_page_tells_the_whole_order(client: Client, gateway: FakeGateway) -> None:
    placed = order()
    gateway.says(placed, PaymentState.PAID)
    client.get(f"/checkout/return/{placed.token}/")

    said = text(client.get(f"/orders/{placed.token}/"))

    for words in (
        placed.number,
        "찻잔",
        "24,000원 × 2",
        "상품 금액 48,000원",
        "배송비 3,000원",
        "합계 51,000원",
        "부가가치세 4,636원 포함",
        "03044",
        "서울 종로구 효자로 12",
        "010-1234-5678",
        "hana@example.com",
        "주문이 접수되었습니다",
        "결제가 확인되었습니다",
        "2026년 11월 24일 12:00",
        "7일 이내",
    ):
        assert words in said, words


def test_late_money_is_told_to_go_back(client: Client, gateway: FakeGateway) -> None:
    placed = order()
    Order.objects.update(status=Status.CANCELLED, payment_status=PaymentStatus.VOID)
    gateway.says(placed, PaymentState.PAID)

    said = text(client.get(f"/checkout/return/{placed.token}/", follow=True))

    assert "주문이 취소되어 환불을 진행하고 있습니다" in said
    assert "51,000원을 결제하신 수단으로 돌려 드립니다." in said


@pytest.mark.parametrize(
    ("detail", "korean", "english"),
    [
        ("KAKAOPAY", "카카오페이", "Kakao Pay"),
        ("SHINHAN", "신한은행", "Shinhan"),
        ("신한카드", "신한카드", "신한카드"),
        ("SOMETHING_NEW", "SOMETHING_NEW", "SOMETHING_NEW"),
    ],
)
def test_what_was_paid_with_has_a_name(
    client: Client, gateway: FakeGateway, detail: str, korean: str, english: str
) -> None:
    placed = order()
    gateway.says(placed, PaymentState.PAID, method_detail=detail)
    client.get(f"/checkout/return/{placed.token}/")

    assert f"부가가치세 4,636원 포함 · {korean}" in text(client.get(f"/orders/{placed.token}/"))
    assert f"includes ₩4,636 VAT · {english}" in text(client.get(f"/en/orders/{placed.token}/"))
    assert f" · {english}" in text(client.get(f"/en/orders/{placed.token}/document/"))


def test_money_that_was_another_sum_comes_back_as_that_sum(client: Client, gateway: FakeGateway) -> None:
    placed = order()
    gateway.says(placed, PaymentState.PAID, total=5_100)
    client.get(f"/checkout/return/{placed.token}/")

    said = text(client.get(f"/en/orders/{placed.token}/"))

    assert "We give ₩5,100 back the way you paid." in said
