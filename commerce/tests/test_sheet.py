"""The order sheet's promises beyond the form: what changed is named, a device remembers only if asked, one key is one order."""

import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.core import signing
from django.test import Client, override_settings

from commerce.cart import services as carts
from commerce.catalog.models import Variant
from commerce.checkout import postcode_search, saved
from commerce.checkout.models import IdempotencyKey
from commerce.inventory.models import StockItem
from commerce.orders.models import Order
from commerce.shipping.models import ShippingMethod
from commerce.tests.factories import NOW, product, shelf
from commerce.tests.fakes import FakeGateway
from commerce.tests.shopping import fill, nothing_ordered, submit, text, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def hidden(answer: Any, name: str) -> str:
    """Return what a page carries hidden."""
    return re.findall(rf'name="{name}" value="([^"]*)"', unescape(answer.content.decode()))[-1]


# --- what changed since it was shown ----------------------------------------------------------------------


def test_everything_that_changed_is_named_line_by_line(client: Client) -> None:
    product(skus=("CUP", "POT"), price=10_000)
    product("tray", skus=("TRAY",), price=8_000, title=("쟁반", "Tray"))
    fill(client, 1, "CUP")
    fill(client, 1, "POT")
    shown = hidden(client.get("/checkout/"), "shown")
    mine = uuid.UUID(token())
    carts.add(token=mine, sku="TRAY", quantity=1, now=NOW)
    carts.change(token=mine, sku="CUP", quantity=2, now=NOW)
    carts.remove(token=mine, sku="POT", now=NOW)
    Variant.objects.filter(sku="CUP").update(price=12_000)
    ShippingMethod.objects.update(fee=3_500)

    said = text(submit(client, total=23_000, shown=shown))

    assert "찻잔 (CUP) 가격이 10,000원에서 12,000원으로 바뀌었습니다." in said
    assert "찻잔 (CUP) 수량이 1개에서 2개로 바뀌었습니다." in said
    assert "쟁반 (TRAY) 그사이 장바구니에 담긴 상품입니다." in said
    assert "찻잔 (POT) 그사이 장바구니에서 빠진 상품입니다." in said
    assert "배송비가 3,000원에서 3,500원으로 바뀌었습니다." in said
    assert "결제 금액이 23,000원에서 35,500원으로 바뀌었습니다." in said
    nothing_ordered()


def test_what_is_sold_out_meanwhile_is_not_promised_for_later(client: Client) -> None:
    product(skus=("CUP",), price=10_000, units=3)
    fill(client, 2, "CUP")
    shown = hidden(client.get("/checkout/"), "shown")
    StockItem.objects.update(on_hand=1)

    said = text(submit(client, total=23_000, shown=shown))

    assert "1개 남았습니다. 수량을 줄여 주세요." in said
    assert "이제 바로 발송할 수 없습니다" not in said
    assert "나머지는 발송 후" not in said
    nothing_ordered()


def test_other_goods_for_the_same_sum_stop_the_order(client: Client) -> None:
    product(skus=("CUP", "POT"), price=10_000)
    fill(client, 1, "CUP")
    shown = hidden(client.get("/checkout/"), "shown")
    carts.add(token=uuid.UUID(token()), sku="POT", quantity=1, now=NOW)
    carts.remove(token=uuid.UUID(token()), sku="CUP", now=NOW)

    assert "그사이 장바구니에 담긴 상품입니다." in text(submit(client, total=13_000, shown=shown))
    nothing_ordered()


@pytest.mark.parametrize("shown", ["", "x", "é", "1:2:3", "9" * 25_000])
def test_a_sheet_that_carries_nonsense_is_judged_by_its_sum(
    client: Client, gateway: FakeGateway, shown: str
) -> None:
    product()
    fill(client)

    submit(client, shown=shown)

    assert Order.objects.get().total == 51_000


def test_a_signed_text_of_another_kind_is_nothing_that_was_shown(
    client: Client, gateway: FakeGateway
) -> None:
    product()
    fill(client)

    submit(client, shown=signing.dumps({"lines": [1]}, salt="commerce.checkout.shown"))

    assert Order.objects.get().total == 51_000


# --- one key, one order -----------------------------------------------------------------------------------


def test_a_sheet_sent_again_is_answered_with_its_order(client: Client, gateway: FakeGateway) -> None:
    product()
    fill(client)
    key = hidden(client.get("/checkout/"), "key")

    answers = [submit(client, key=key)["Location"] for _ in range(2)]

    assert answers[0] == answers[1]
    row = IdempotencyKey.objects.get()
    assert (row.scope, row.key, row.state, row.body) == (
        "sheet",
        key,
        "done",
        {"order_id": Order.objects.get().pk},
    )
    assert shelf() == (5, 2)


def test_a_refused_sheet_may_be_sent_again_under_its_key(client: Client, gateway: FakeGateway) -> None:
    product()
    fill(client)
    key = hidden(client.get("/checkout/"), "key")
    submit(client, key=key, total=50_000)
    nothing_ordered()
    assert not IdempotencyKey.objects.exists()

    submit(client, key=key)

    assert Order.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x", "0" * 300])
def test_a_sheet_without_a_key_is_protected_by_its_cart(
    client: Client, gateway: FakeGateway, key: str
) -> None:
    product()
    fill(client)

    assert submit(client, key=key)["Location"] == submit(client, key=key)["Location"]
    assert Order.objects.count() == 1


# --- what a device remembers ------------------------------------------------------------------------------


def test_nothing_is_remembered_unless_asked(client: Client, gateway: FakeGateway) -> None:
    product()
    fill(client)

    page = client.get("/checkout/").content.decode()
    submit(client)

    assert re.search(r'<input type="checkbox" name="remember"(?![^>]*checked)', page)
    assert not client.cookies.get(saved.COOKIE) or not client.cookies[saved.COOKIE].value


def test_an_address_is_remembered_signed_and_out_of_reach_of_scripts(
    client: Client, gateway: FakeGateway
) -> None:
    product()
    fill(client)
    submit(client, remember="on", postcode="63122", total=54_000)

    cookie = client.cookies[saved.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 90 * 24 * 60 * 60)
    assert "김하나" not in cookie.value
    fill(client)
    page = unescape(client.get("/checkout/").content.decode())
    for name, value in {
        "name": "김하나",
        "phone": "01012345678",
        "address1": "서울 종로구 효자로 12",
    }.items():
        assert f'name="{name}" value="{value}"' in page
    assert "54,000원 결제하기" in page  # the remembered postcode is known at once
    assert not re.search(r'name="agree_\w+"[^>]*checked', page)


def test_another_recipient_is_remembered_too(client: Client, gateway: FakeGateway) -> None:
    product()
    fill(client)
    submit(
        client,
        remember="on",
        drop=("same_recipient",),
        recipient_name="이두리",
        recipient_phone="02-123-4567",
    )
    fill(client)

    page = unescape(client.get("/checkout/").content.decode())

    assert 'name="recipient_name" value="이두리"' in page
    assert not re.search(r'name="same_recipient"[^>]*checked', page)


def test_the_device_forgets_on_demand_and_when_it_is_not_asked_again(
    client: Client, gateway: FakeGateway
) -> None:
    product(units=9)
    fill(client)
    submit(client, remember="on")
    fill(client)

    answer = client.post("/checkout/", {"forget": "1"})

    assert (answer.status_code, answer["Location"]) == (303, "/checkout/")
    assert client.cookies[saved.COOKIE].value == ""
    assert "김하나" not in client.get("/checkout/").content.decode()
    submit(client, remember="on")
    fill(client)
    submit(client)
    assert client.cookies[saved.COOKIE].value == ""


@pytest.mark.parametrize(
    "value",
    ["", "x", "a:b:c", signing.dumps(["x"], salt="commerce.checkout.address")],
    ids=["nothing", "a letter", "three parts", "signed for something else"],
)
def test_a_tampered_memory_is_no_memory(client: Client, value: str) -> None:
    product()
    fill(client)
    client.cookies[saved.COOKIE] = value

    answer = client.get("/checkout/")

    assert answer.status_code == 200
    assert "저장된 정보로 채웠습니다" not in text(answer)


# --- the postcode search, and what the law wants ----------------------------------------------------------


def test_only_the_sheet_may_load_the_search_of_another_house(client: Client) -> None:
    with override_settings(
        POSTCODE_SCRIPT_URL="https://t1.example.com/postcode.js",
        POSTCODE_CSP_HOSTS=["https://frame.example.com"],
    ):
        assert postcode_search.policy() == {
            "script-src": ["https://t1.example.com"],
            "frame-src": ["'self'", "https://frame.example.com"],
        }
    assert postcode_search.policy() == {"script-src": ["'self'"]}


def test_without_a_search_the_postcode_is_typed(client: Client) -> None:
    product()
    fill(client)
    with override_settings(POSTCODE_SCRIPT_URL=""):
        page = client.get("/checkout/").content.decode()

    assert "data-open" not in page
    assert 'name="postcode"' in page


def test_the_sheet_says_what_the_law_wants(client: Client) -> None:
    product()
    fill(client)

    said = text(client.get("/checkout/"))

    assert "미성년자가 법정대리인의 동의 없이 계약하면" in said
    assert "부가가치세" in said
    assert "7일 이내" in said
