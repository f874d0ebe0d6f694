"""PortOne is slow, silent, broken, early, late, forged or says everything twice; one order, one payment, one sale."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from e2e.proofs.books import Books, until
from e2e.proofs.http_shopper import Shopper, token_in

SETTLE = """
from django.utils import timezone
from commerce.checkout import settling
from commerce.payments import portone
from commerce.payments.models import Payment
for payment in Payment.objects.all():
    settling.settle_payment(payment_id=payment.payment_id, gateway=portone.gateway(), now=timezone.now())
"""
EXPIRE = """
from datetime import timedelta
from django.utils import timezone
from commerce.checkout import closing
from commerce.payments import portone
closing.expire_unpaid_orders(gateway=portone.gateway(), now=timezone.now() + timedelta(days=1))
"""
REFUND = """
from django.utils import timezone
from commerce.checkout import paybacks
from commerce.payments import portone
from commerce.payments.models import Refund
for refund in Refund.objects.exclude(state="succeeded"):
    paybacks.execute_refund(refund_id=refund.pk, gateway=portone.gateway(), now=timezone.now())
"""
SELL_OUT = """
from django.db import transaction
from django.utils import timezone
from commerce.inventory import stockroom, stock
from commerce.inventory.models import StockItem
from commerce.orders.models import Order
with transaction.atomic():
    stock.release(reference=Order.objects.get().number, now=timezone.now())
jug = StockItem.objects.get().variant_id
stockroom.adjust(variant_id=jug, on_hand=0, reason="the shelf fell down", now=timezone.now())
"""

PAID_NOTICES = (
    "SELECT count(*), count(DISTINCT notice_id) FROM commerce_paymentnotice WHERE right(kind, 4) = 'Paid'"
)


@pytest.fixture
def shop(plain_shop: Books) -> Iterator[Books]:
    """Ten jugs, no orders, a provider in good health that tells nothing by itself."""
    plain_shop.do(
        """TRUNCATE commerce_order, commerce_payment, commerce_paymentnotice, commerce_cart, commerce_product,
                    commerce_variant, commerce_stockitem, commerce_outboxevent CASCADE"""
    )
    plain_shop.sandbox("reset")
    plain_shop.sandbox("faults", loseWebhooks=True)
    plain_shop.stock_up(slug="jug", skus=("JUG",), units=10)
    yield plain_shop
    plain_shop.sandbox("reset")
    assert plain_shop.disagreements() == []


@pytest.fixture
def shopper(shop: Books) -> Iterator[Shopper]:
    with Shopper(url=shop.stack.base_url) as shopper:
        assert shopper.add(slug="jug", sku="JUG").status_code == 302
        yield shopper


def orders(shop: Books) -> list[tuple[str, str]]:
    return shop.rows("SELECT status, payment_status FROM commerce_order ORDER BY id")


def paid_once(shop: Books) -> None:
    assert orders(shop) == [("paid", "paid")]
    assert list(shop.charged().values()) == [60_000]
    assert shop.shelf("JUG") == (9, 0)
    assert shop.one("SELECT count(*) FROM commerce_outboxevent WHERE type = 'order.paid'") == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"badGateways": 1},
        {"timeouts": 1, "timeoutSeconds": 0},
        {"timeouts": 1, "timeoutSeconds": 0, "timeoutAfterWork": True},
        {"latencyMs": 1500},
    ],
    ids=["html 502", "dropped", "answer lost", "slow"],
)
def test_trouble_while_the_amount_is_registered_keeps_the_order(
    shop: Books, shopper: Shopper, fault: dict[str, object]
) -> None:
    shop.sandbox("faults", **fault)
    answer = shopper.place(shopper.sheet())
    assert answer.status_code == 303
    shop.sandbox("faults", latencyMs=0)
    if "/orders/" in answer.headers["location"]:  # told that the order is kept: pay from its page
        answer = shopper.press(path=answer.headers["location"], having="method")

    window = shopper.open_window(answer)
    shop.approve(window)
    shopper.get(f"/checkout/return/{token_in(window['redirectUrl'])}/")

    paid_once(shop)


@pytest.mark.parametrize(
    "fault", [{"badGateways": 1}, {"timeouts": 1, "timeoutSeconds": 0}], ids=["html 502", "dropped"]
)
def test_trouble_on_the_way_back_is_asked_again(
    shop: Books, shopper: Shopper, fault: dict[str, object]
) -> None:
    window = shopper.open_window(shopper.place(shopper.sheet()))
    shop.approve(window)
    address = f"/checkout/return/{token_in(window['redirectUrl'])}/"

    shop.sandbox("faults", **fault)
    answer = shopper.get(address)
    assert (answer.status_code, "checking=" in answer.headers["location"]) == (302, True)
    assert orders(shop) == [("placed", "pending")]

    shopper.get(address)
    paid_once(shop)


def test_the_webhook_is_quicker_than_the_browser(shop: Books, shopper: Shopper) -> None:
    window = shopper.open_window(shopper.place(shopper.sheet()))
    shop.sandbox("faults", loseWebhooks=False)
    shop.approve(window)
    until(lambda: shop.answered(window["paymentId"]) >= 1)
    shop.run(SETTLE)
    paid_once(shop)

    assert shopper.get(f"/checkout/return/{token_in(window['redirectUrl'])}/").status_code == 302
    paid_once(shop)


def test_a_payment_that_is_heard_of_hours_late_goes_back_and_the_stock_stays_free(
    shop: Books, shopper: Shopper
) -> None:
    """The shopper paid after the order had expired; nobody told us for five hours."""
    window = shopper.open_window(shopper.place(shopper.sheet()))
    shop.run(EXPIRE)
    assert orders(shop) == [("cancelled", "void")]
    shop.sandbox("faults", loseWebhooks=False)
    shop.approve(window)
    until(lambda: shop.answered(window["paymentId"]) >= 1)

    shop.run(SETTLE)
    shop.run(REFUND)
    shop.run(SETTLE)

    assert orders(shop) == [("cancelled", "refunded")]
    assert list(shop.charged().values()) == [0]
    assert shop.shelf("JUG") == (10, 0)


def test_a_forged_webhook_is_refused_and_changes_nothing(shop: Books, shopper: Shopper) -> None:
    window = shopper.open_window(shopper.place(shopper.sheet()))
    shop.approve(window)
    shop.sandbox("faults", loseWebhooks=False)
    shop.sandbox(f"payments/{window['paymentId']}/forged-webhook", type="Paid")

    until(lambda: "400" in shop.codes(window["paymentId"]))
    assert shop.answered(window["paymentId"]) == 0
    assert shop.one("SELECT count(*) FROM commerce_paymentnotice") == 0
    assert orders(shop) == [("placed", "pending")]
    shop.run(SETTLE)
    paid_once(shop)


def test_a_webhook_that_is_replayed_counts_once(shop: Books, shopper: Shopper) -> None:
    window = shopper.open_window(shopper.place(shopper.sheet()))
    shop.sandbox("faults", loseWebhooks=False)
    shop.approve(window)
    until(lambda: shop.answered(window["paymentId"]) >= 1)
    for already in range(1, 4):
        shop.sandbox(f"payments/{window['paymentId']}/resend-webhook")
        until(lambda already=already: shop.answered(window["paymentId"]) > already)

    assert shop.rows(PAID_NOTICES) == [(1, 1)]
    shop.run(SETTLE)
    shop.run(SETTLE)
    paid_once(shop)


def test_a_refund_that_the_bank_refuses_is_flagged_and_made_once_when_tried_again(
    shop: Books, shopper: Shopper
) -> None:
    window = shopper.open_window(shopper.place(shopper.sheet()))
    shop.run(EXPIRE)
    shop.approve(window)
    shop.run(SETTLE)
    assert orders(shop) == [("cancelled", "refunding")]

    shop.sandbox("faults", pgErrors=1)
    shop.run(REFUND)
    assert shop.rows("SELECT state FROM commerce_refund") == [("failed",)]
    assert "refund failed" in shop.one("SELECT flag FROM commerce_order")
    assert list(shop.charged().values()) == [60_000]
    shop.run(REFUND)
    shop.run(REFUND)

    assert orders(shop) == [("cancelled", "refunded")]
    assert list(shop.charged().values()) == [0]
    assert shop.one("SELECT count(*) FROM commerce_refund") == 1


def agree(shop: Books, window: dict[str, str]) -> str:
    """Agree in the window of a channel with manual approval; return the way back, with the token to charge."""
    back = urlsplit(shop.approve(window)["redirect"])
    assert "paymentToken=" in back.query
    return f"{back.path}?{back.query}"


def test_a_channel_with_manual_approval_charges_after_the_goods_are_held(
    shop: Books, shopper: Shopper
) -> None:
    shop.sandbox("faults", manualApproval=True)
    window = shopper.open_window(shopper.place(shopper.sheet()))
    back = agree(shop, window)
    shop.run(SETTLE)
    assert (orders(shop), shop.charged(), shop.shelf("JUG")) == ([("placed", "pending")], {}, (10, 1))

    shop.sandbox("faults", pgErrors=1)
    shopper.get(back)  # refused at the last moment: the goods are held, no money moved
    assert (orders(shop), shop.charged(), shop.shelf("JUG")) == ([("placed", "pending")], {}, (10, 1))

    shopper.get(back)
    paid_once(shop)
    shopper.get(back)
    paid_once(shop)


def test_who_agreed_to_pay_for_goods_that_are_gone_is_not_charged(shop: Books, shopper: Shopper) -> None:
    shop.sandbox("faults", manualApproval=True)
    window = shopper.open_window(shopper.place(shopper.sheet()))
    back = agree(shop, window)
    shop.run(SELL_OUT)

    answer = shopper.get(back)

    assert answer.status_code == 302
    assert orders(shop) == [("cancelled", "void")]
    assert shop.charged() == {}
    assert shop.shelf("JUG") == (0, 0)
    assert shop.one("SELECT count(*) FROM commerce_refund") == 0
