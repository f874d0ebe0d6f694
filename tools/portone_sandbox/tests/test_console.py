"""The console and the JSON admin API."""

import pytest
from portone_server_sdk import PaymentClient
from portone_server_sdk.payment import CancelledPayment, PaidPayment, PartialCancelledPayment

from tools.portone_sandbox.tests.conftest import Shop
from tools.portone_sandbox.tests.receiver import Receiver


def press(shop: Shop, verb: str, **data: str) -> None:
    answer = shop.http.post(f"/console/payments/ORDER0001/{verb}", data=data)
    assert answer.status_code == 303
    assert "error=" not in answer.headers["Location"]


def test_the_list_shows_payments_and_their_webhooks(shop: Shop, receiver: Receiver) -> None:
    shop.pay()
    receiver.wait(2)

    korean, english = shop.http.get("/console").text, shop.http.get("/console?lang=en").text

    assert "ORDER0001" in korean and "결제 완료" in korean and "12,000원" in korean
    assert "Paid" in english and "₩12,000" in english


def test_a_payment_shows_attempts_webhooks_and_cancellations(shop: Shop, receiver: Receiver) -> None:
    shop.pay(action="fail")
    shop.pay()
    shop.lever("ORDER0001", "cancel", amount=2000, reason="흠집이 있어요")
    receiver.wait(5)

    html = shop.http.get("/console/payments/ORDER0001").text

    assert html.count("Transaction.Ready") >= 2
    assert "Transaction.PartialCancelled" in html
    assert "REJECT_CARD_PAYMENT" in html
    assert "흠집이 있어요" in html and "2,000원" in html


def test_deposit_and_cancel_from_the_console(shop: Shop, client: PaymentClient) -> None:
    shop.pay(action="issue", payMethod="VIRTUAL_ACCOUNT")

    press(shop, "deposit")
    paid = client.get_payment(payment_id="ORDER0001")
    press(shop, "cancel", amount="2000")
    partial = client.get_payment(payment_id="ORDER0001")
    press(shop, "cancel", amount="")
    full = client.get_payment(payment_id="ORDER0001")

    assert isinstance(paid, PaidPayment)
    assert isinstance(partial, PartialCancelledPayment)
    assert isinstance(full, CancelledPayment)


def test_expiring_and_late_money_from_the_console(shop: Shop, client: PaymentClient) -> None:
    shop.pay(action="issue", payMethod="VIRTUAL_ACCOUNT")

    press(shop, "expire")
    refused = shop.http.post("/console/payments/ORDER0001/deposit")
    press(shop, "deposit", late="true")

    assert "error=" in refused.headers["Location"]
    assert 'role="alert"' in shop.http.get(refused.headers["Location"]).text
    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)


def test_resend_and_forge_from_the_console(shop: Shop, receiver: Receiver) -> None:
    shop.pay()
    receiver.wait(2)

    press(shop, "resend-webhook")
    press(shop, "forged-webhook")

    receiver.wait(4)


def test_asynchronous_cancel_from_the_console(shop: Shop, client: PaymentClient) -> None:
    shop.pay()
    shop.http.post("/console/faults", data={"cancel_mode": "REQUESTED"})
    press(shop, "cancel")

    assert "취소 요청 승인" in shop.http.get("/console/payments/ORDER0001").text
    press(shop, "settle-cancellation", succeeded="true")

    assert isinstance(client.get_payment(payment_id="ORDER0001"), CancelledPayment)


def test_faults_are_set_and_cleared_by_form(shop: Shop) -> None:
    shop.http.post(
        "/console/faults", data={"latency_ms": "7", "lose_webhooks": "on", "cancel_mode": "FAILED"}
    )
    set_ = shop.http.get("/_sandbox/faults").json()
    warned = "지금 고장을 내는 중입니다" in shop.http.get("/console").text
    shop.http.post("/console/faults", data={"action": "clear"})
    cleared = shop.http.get("/_sandbox/faults").json()

    assert (set_["latencyMs"], set_["loseWebhooks"], set_["cancelMode"]) == (7, True, "FAILED")
    assert warned
    assert (cleared["latencyMs"], cleared["loseWebhooks"], cleared["cancelMode"]) == (0, False, "SUCCEEDED")


def test_another_site_cannot_post_to_the_console(shop: Shop, client: PaymentClient) -> None:
    shop.pay()

    answer = shop.http.post("/console/payments/ORDER0001/cancel", headers={"Origin": "http://evil.example"})

    assert answer.status_code == 403
    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)


def test_the_admin_api_takes_json_only(shop: Shop, client: PaymentClient) -> None:
    shop.pay()

    answer = shop.http.post(
        "/_sandbox/payments/ORDER0001/cancel", content=b"{}", headers={"Content-Type": "text/plain"}
    )

    assert answer.status_code == 400
    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("payments/ORDER0009/deposit", {}, 404),
        ("payments/ORDER0001/explode", {}, 400),
        ("payments/ORDER0001/deposit", {}, 409),
        ("nowhere", {}, 400),
        ("pay", {"request": {}}, 409),
    ],
)
def test_the_admin_api_refuses_in_json(shop: Shop, path: str, body: dict[str, object], status: int) -> None:
    shop.pay()

    answer = shop.http.post(f"/_sandbox/{path}", json=body)

    assert answer.status_code == status
    assert set(answer.json()) == {"type", "message"}


def test_an_unknown_button_is_refused(shop: Shop) -> None:
    answer = shop.http.post("/_sandbox/pay", json={"request": shop.request(), "action": "steal"})

    assert answer.status_code == 400


def test_pay_answers_the_redirect(shop: Shop) -> None:
    answer = shop.http.post("/_sandbox/pay", json={"request": shop.request(), "action": "approve"}).json()

    assert answer["redirect"].startswith(
        "http://127.0.0.1:8000/checkout/return/?order=7&transactionType=PAYMENT&"
    )
    assert answer["result"]["paymentId"] == "ORDER0001"


def test_reset_forgets_everything(shop: Shop, receiver: Receiver) -> None:
    shop.pay()
    receiver.wait(2)
    shop.faults(badGateways=5)

    shop.http.post("/_sandbox/reset", json={})

    assert shop.http.get("/_sandbox/health").json() == {"status": "ok", "payments": 0}
    assert shop.http.get("/_sandbox/deliveries").json() == {"items": []}
    assert shop.http.get("/_sandbox/faults").json()["badGateways"] == 0
