"""The page that opens the payment window: what it says, what it may load, and when it does not open."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from commerce.checkout import window
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus, Status
from commerce.payments.models import Payment
from commerce.tests.factories import order, product
from commerce.tests.fakes import FakeGateway
from commerce.tests.shopping import fill, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def request_on(answer: Any) -> dict[str, Any]:
    """Return what the page hands to the payment window."""
    block = re.search(
        r'<script id="payment-request" type="application/json">(.*?)</script>', answer.content.decode()
    )
    assert block
    found: dict[str, Any] = json.loads(block.group(1))
    return found


def test_the_window_is_told_what_the_server_knows(client: Client, settings: Any) -> None:
    placed = order()

    wanted = request_on(client.get(f"/checkout/pay/{placed.token}/"))

    assert wanted == {
        "storeId": settings.PORTONE_STORE_ID,
        "channelKey": settings.PORTONE_CHANNEL_KEY,
        "paymentId": placed.payment.payment_id,
        "orderName": "찻잔",
        "totalAmount": 51_000,
        "currency": "KRW",
        "payMethod": "CARD",
        "customer": {"fullName": "김하나", "phoneNumber": "01012345678", "email": "hana@example.com"},
        "redirectUrl": f"http://testserver/checkout/return/{placed.token}/",
        "forceRedirect": True,
        "locale": "KO_KR",
    }


def test_a_virtual_account_has_a_deadline_and_a_public_shop_hears_of_it(
    client: Client, settings: Any
) -> None:
    settings.SHOP_BASE_URL = "https://shop.example"
    placed = order(method="VIRTUAL_ACCOUNT", language="en")

    wanted = request_on(client.get(f"/en/checkout/pay/{placed.token}/"))

    assert wanted["virtualAccount"] == {"accountExpiry": {"validHours": 24}}
    assert wanted["noticeUrls"] == ["https://shop.example/webhooks/portone/"]
    assert wanted["redirectUrl"] == f"http://testserver/en/checkout/return/{placed.token}/"
    assert wanted["locale"] == "EN_US"


def test_no_secret_is_on_the_page(client: Client, settings: Any) -> None:
    placed = order()

    page = client.get(f"/checkout/pay/{placed.token}/").content.decode()

    assert settings.PORTONE_API_SECRET not in page
    assert settings.PORTONE_WEBHOOK_SECRET not in page


def test_only_the_payment_page_may_load_what_is_not_ours(client: Client) -> None:
    placed = order()

    window_page = client.get(f"/checkout/pay/{placed.token}/")
    others = [client.get(path) for path in ("/cart/", f"/orders/{placed.token}/", "/orders/lookup/")]

    assert "script-src 'self' http://127.0.0.1:9;" in window_page["Content-Security-Policy"]
    assert (
        "connect-src 'self' https://*.portone.io https://*.iamport.co http://127.0.0.1:9"
        in window_page["Content-Security-Policy"]
    )
    assert window_page["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    for answer in others:
        assert "portone" not in answer["Content-Security-Policy"]
        assert "127.0.0.1" not in answer["Content-Security-Policy"]
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_page_has_inline_scripts_or_styles(client: Client, gateway: FakeGateway) -> None:
    product()
    fill(client)
    pages = [client.get("/cart/"), client.get("/checkout/")]
    submit(client)
    placed = Order.objects.get()
    pages += [client.get(f"/checkout/pay/{placed.token}/"), client.get(f"/orders/{placed.token}/")]

    for answer in pages:
        page = answer.content.decode()
        assert not re.search(r"<script(?![^>]*(?:src=|application/(?:ld\+)?json))", page)
        assert not re.search(r"\s(?:style|on\w+)=\"", page)


@pytest.mark.parametrize("status", [Status.PAID, Status.FULFILLED, Status.CANCELLED])
def test_a_closed_order_opens_no_window(client: Client, gateway: FakeGateway, status: Status) -> None:
    placed = order()
    Order.objects.update(status=status, payment_status=PaymentStatus.PAID)

    answer = client.get(f"/checkout/pay/{placed.token}/")
    again = client.post(f"/orders/{placed.token}/retry/", {"method": "TRANSFER"})

    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{placed.token}/")
    assert (again.status_code, again["Location"]) == (303, f"/orders/{placed.token}/")
    assert gateway.registered == []
    assert Payment.objects.get().method == "CARD"


@pytest.mark.parametrize(
    ("titles", "language", "name"),
    [
        (["달항아리"], "ko", "달항아리"),
        (["달항아리", "찻잔"], "ko", "달항아리 외 1건"),
        (["Moon jar", "Tea cup", "Spoon"], "en", "Moon jar and 2 more"),
    ],
)
def test_the_name_of_an_order(titles: list[str], language: str, name: str) -> None:
    lines: Any = [type("Line", (), {"title": title}) for title in titles]

    assert window.order_name(lines=lines, language=language) == name


@pytest.mark.parametrize("title", ["가" * 200, "a" * 200, "가a" * 99, "👩‍👩‍👧" * 40])
@pytest.mark.parametrize("count", [1, 2, 40])
def test_the_name_of_an_order_is_cut_between_letters(title: str, count: int) -> None:
    lines: Any = [type("Line", (), {"title": title})] * count

    name = window.order_name(lines=lines, language="ko")

    assert len(name.encode()) <= 100
    assert "\ufffd" not in name
    assert "…" in name
    assert count == 1 or name.endswith(f" 외 {count - 1}건")
