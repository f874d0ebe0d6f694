"""The web process is killed at each step between the button and the thank-you.

Afterwards the shopper comes back, or nobody does and the clock's jobs find out. Either way there is one order,
and money and stock agree.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from e2e.proofs.books import Books, until
from e2e.proofs.conftest import a_shop
from e2e.proofs.http_shopper import Shopper, token_in

RECONCILE = """
from datetime import timedelta
from django.utils import timezone
from commerce.checkout import closing
from commerce.payments import portone
now = timezone.now() + timedelta(minutes=5)
closing.reconcile_payments(gateway=portone.gateway(), now=now, older_than=timedelta(minutes=2))
"""
EXPIRE = """
from datetime import timedelta
from django.utils import timezone
from commerce.checkout import closing
from commerce.payments import portone
closing.expire_unpaid_orders(gateway=portone.gateway(), now=timezone.now() + timedelta(days=1))
"""


class Deadly:
    """A shop that can be killed at a named place."""

    def __init__(self, books: Books, note: Path) -> None:
        self.books, self.note = books, note

    def dies(self, place: str, act: object) -> None:
        """Do something during which the web process is killed."""
        assert callable(act)
        self.note.write_text(place)
        with pytest.raises(httpx.TransportError):
            act()
        assert not self.note.exists(), f"nobody came to {place}"

    def orders(self) -> list[tuple[str, str]]:
        return self.books.rows("SELECT status, payment_status FROM commerce_order ORDER BY id")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deadly]:
    note = tmp_path_factory.mktemp("death") / "note"
    with a_shop(wsgi="e2e.proofs.mortal:application", DEATH_NOTE=str(note)) as books:
        yield Deadly(books, note)


@pytest.fixture
def shop(running: Deadly) -> Iterator[Deadly]:
    """No orders yet, a hundred vases, a provider that tells nothing by itself."""
    running.books.do(
        """TRUNCATE commerce_order, commerce_payment, commerce_paymentnotice, commerce_cart, commerce_product,
                    commerce_variant, commerce_stockitem, commerce_outboxevent CASCADE"""
    )
    running.books.stock_up(slug="vase", skus=("VASE",), units=100)
    running.books.sandbox("reset")
    running.books.sandbox("faults", loseWebhooks=True)
    yield running
    assert running.books.disagreements() == []


@pytest.fixture
def shopper(shop: Deadly) -> Iterator[Shopper]:
    with Shopper(url=shop.books.stack.base_url) as shopper:
        assert shopper.add(slug="vase", sku="VASE").status_code == 302
        yield shopper


@pytest.mark.parametrize("place", ["placing", "placed", "registered"])
def test_killed_while_placing_the_shopper_sends_the_page_again(
    shop: Deadly, shopper: Shopper, place: str
) -> None:
    form = shopper.sheet()
    shop.dies(place, lambda: shopper.place(form))
    assert shop.orders() == ([] if place == "placing" else [("placed", "pending")])

    window = shopper.open_window(shopper.place(form))  # "send the form again?" – yes
    shop.books.approve(window)
    token = token_in(window["redirectUrl"])
    assert shopper.get(f"/checkout/return/{token}/").status_code == 302

    assert shop.orders() == [("paid", "paid")]
    assert shop.books.shelf("VASE") == (99, 0)
    assert list(shop.books.charged().values()) == [60_000]


@pytest.mark.parametrize("place", ["placed", "registered"])
def test_killed_while_placing_and_nobody_returns_the_stock_comes_back(
    shop: Deadly, shopper: Shopper, place: str
) -> None:
    form = shopper.sheet()
    shop.dies(place, lambda: shopper.place(form))
    assert shop.books.shelf("VASE") == (100, 1)

    shop.books.run(EXPIRE)

    assert shop.orders() == [("cancelled", "void")]
    assert shop.books.shelf("VASE") == (100, 0)
    assert shop.books.charged() == {}


@pytest.mark.parametrize("place", ["returning", "paying", "settled"])
@pytest.mark.parametrize("who", ["shopper", "clock"])
def test_killed_on_the_way_back_the_money_is_found(
    shop: Deadly, shopper: Shopper, place: str, who: str
) -> None:
    window = shopper.open_window(shopper.place(shopper.sheet()))
    shop.books.approve(window)
    address = f"/checkout/return/{token_in(window['redirectUrl'])}/"

    shop.dies(place, lambda: shopper.get(address))
    assert shop.orders() == [("paid", "paid") if place == "settled" else ("placed", "pending")]
    if who == "shopper":
        assert shopper.get(address).status_code == 302
    else:
        shop.books.run(RECONCILE)

    assert shop.orders() == [("paid", "paid")]
    assert shop.books.shelf("VASE") == (99, 0)
    assert list(shop.books.charged().values()) == [60_000]
    assert shop.books.one("SELECT count(*) FROM commerce_outboxevent WHERE type = 'order.paid'") == 1


def test_killed_after_keeping_a_webhook_the_second_delivery_is_known(shop: Deadly, shopper: Shopper) -> None:
    window = shopper.open_window(shopper.place(shopper.sheet()))
    shop.books.sandbox("faults", loseWebhooks=False)
    shop.note.write_text("noticed WebhookTransactionPaid")
    shop.books.approve(window)
    until(lambda: not shop.note.exists())  # the webhook came, was kept, and nobody could say so

    def kept() -> list[tuple[int, int]]:
        return shop.books.rows(
            """SELECT count(*), count(DISTINCT notice_id) FROM commerce_paymentnotice
               WHERE right(kind, 4) = 'Paid'"""
        )

    assert kept() == [(1, 1)]
    before = shop.books.answered(window["paymentId"])
    shop.books.sandbox(f"payments/{window['paymentId']}/resend-webhook")
    until(lambda: shop.books.answered(window["paymentId"]) > before)
    assert kept() == [(1, 1)]
    shop.books.run(RECONCILE)

    assert shop.orders() == [("paid", "paid")]
    assert shop.books.shelf("VASE") == (99, 0)
