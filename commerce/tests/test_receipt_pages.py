"""Cash receipts on the page of an order, and when its shopper pays in another way."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from commerce.orders.models import Order
from commerce.tests.factories import order
from commerce.tests.fakes import FakeGateway
from commerce.tests.receipting import PHONE, paid, receipt, wanted
from commerce.tests.shopping import text

pytestmark = pytest.mark.django_db


# --- pages ------------------------------------------------------------------------------------------------


def test_the_orders_page_shows_number_and_link_and_masks_the_phone(client: Client, gateway: Any) -> None:
    placed = paid(gateway, receipt=PHONE)
    assert "···· 8888" in text(client.get(f"/orders/{placed.token}/"))
    receipt(placed, gateway)

    page = client.get(f"/orders/{placed.token}/")

    assert "000000001" in text(page)
    assert f"https://receipts.example/{placed.payment.payment_id}" in page.content.decode()
    assert "01099998888" not in page.content.decode()


# --- paying another way -----------------------------------------------------------------------------------


def retry(client: Client, placed: Order, **typed: str) -> Any:
    return client.post(reverse("order-retry", args=[placed.token]), typed)


def test_who_pays_by_transfer_after_all_is_asked_for_the_receipt(
    client: Client, gateway: Any, noon: Any
) -> None:
    placed = order()
    page = client.get(reverse("order", args=[placed.token])).content.decode()
    assert 'name="receipt_phone"' in page

    answer = retry(client, placed, method="TRANSFER", receipt="personal", receipt_phone="010-1234-5678")

    assert answer.status_code == 303
    assert wanted(placed) == [("personal", "01012345678", True)]
    placed.payment.refresh_from_db()
    assert placed.payment.method == "TRANSFER"


@pytest.mark.parametrize(
    "typed",
    [
        {"receipt": "personal"},
        {"receipt": "personal", "receipt_phone": "02-123-4567"},
        {"receipt": "corporate", "receipt_business": "123-45-67890"},
        {"receipt": "another"},
    ],
)
def test_a_receipt_without_its_number_is_said_and_changes_nothing(
    client: Client, gateway: Any, noon: Any, typed: dict[str, str]
) -> None:
    placed = order()

    answer = retry(client, placed, method="TRANSFER", **typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "form-errors" in page
    assert 'value="TRANSFER" checked' in page
    assert all(f'value="{value}"' in page for name, value in typed.items() if name != "receipt")
    assert wanted(placed) == []
    placed.payment.refresh_from_db()
    assert placed.payment.method == "CARD"


def test_what_was_asked_for_before_stays_unless_something_else_is_said(
    client: Client, gateway: Any, noon: Any
) -> None:
    placed = order(method="TRANSFER", receipt=PHONE)
    page = client.get(reverse("order", args=[placed.token])).content.decode()
    assert 'value="keep" checked' in page
    assert PHONE.number not in page

    retry(client, placed, method="VIRTUAL_ACCOUNT", receipt="keep")
    assert wanted(placed) == [("personal", "01099998888", False)]
    retry(client, placed, method="VIRTUAL_ACCOUNT")
    assert wanted(placed) == [("personal", "01099998888", False)]
    retry(client, placed, method="TRANSFER", receipt="corporate", receipt_business="120-81-47521")
    assert wanted(placed) == [("corporate", "1208147521", False)]
    retry(client, placed, method="TRANSFER", receipt="")
    assert wanted(placed) == []


def test_who_pays_by_card_after_all_has_no_receipt(client: Client, gateway: Any, noon: Any) -> None:
    placed = order(method="TRANSFER", receipt=PHONE)

    retry(client, placed, method="CARD", receipt="keep")

    assert wanted(placed) == []


def test_a_paid_order_keeps_its_receipt(client: Client) -> None:
    placed = paid(FakeGateway(), receipt=PHONE)

    retry(client, placed, method="CARD", receipt="")

    assert wanted(placed) == [("personal", "01099998888", False)]
