"""A shopper cancels by herself: what has not left goes back at once, the rest stays as it is."""

import re
from typing import Any

import pytest
from django.test import Client

from commerce.claims.cancellation import services
from commerce.events.models import OutboxEvent
from commerce.fulfilment import selectors as parcels
from commerce.fulfilment import services as fulfilment
from commerce.fulfilment.models import Shipment
from commerce.orders import balance
from commerce.orders.models import Order
from commerce.payments.models import Refund
from commerce.payments.states import PaymentState
from commerce.tests.factories import LATER, NOW, cart, on_shelf, order, place, product, promises, shelf
from commerce.tests.fakes import FakeGateway
from commerce.tests.refunding import DEPOSIT, paid, settle
from commerce.tests.shopping import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
CJ = "123456789012"
KEY = "0b1f4a1e-7d5c-4e0c-9d6b-0d2b6b1f6a01"


def page(placed: Order, prefix: str = "/en") -> str:
    return f"{prefix}/orders/{placed.token}/cancel/"


def send(placed: Order, units: int) -> Shipment:
    return fulfilment.dispatch(
        order_id=placed.pk,
        lines={placed.lines.get(sku="CUP").pk: units},
        courier="cj",
        tracking_number=CJ,
        now=LATER,
    )


def fill(placed: Order, *, shown: int, **changes: Any) -> dict[str, Any]:
    """Return the form as the page has it: all units, no reason."""
    units = {f"line-{pk}": count for pk, count in services.units(order=placed).items()}
    return {"cause": KEY, "reason": "", "shown": shown} | units | changes


def rows() -> dict[str, Any]:
    """Return everything that a refusal leaves alone."""
    return {
        "orders": list(Order.objects.values()),
        "refunds": list(Refund.objects.values()),
        "facts": OutboxEvent.objects.count(),
        "shelf": shelf(),
    }


def test_a_paid_order_is_cancelled_in_two_clicks(client: Client, gateway: FakeGateway) -> None:
    placed = paid(gateway)

    assert f'href="{page(placed)}"' in client.get(f"/en/orders/{placed.token}/").content.decode()
    asked = client.get(page(placed))
    answer = client.post(page(placed), fill(placed, shown=51_000))

    assert 'name="shown" value="51000"' in asked.content.decode()
    assert "× 2 ₩48,000 Delivery ₩3,000 Refund ₩51,000" in text(asked)
    assert answer["Location"] == f"/en/orders/{placed.token}/"
    placed.refresh_from_db()
    refund = Refund.objects.get()
    assert (placed.status, placed.payment_status) == ("cancelled", "refunding")
    assert (refund.amount, refund.requester, refund.state) == (51_000, "customer", "requested")
    assert refund.reason == "cancelled by the shopper"
    assert shelf() == (5, 0)
    assert OutboxEvent.objects.get(type="order.cancelled").payload["by"] == "shopper"
    assert placed.timeline.get(kind="cancelled").actor == "shopper"
    assert list(balance.out_of_balance()) == []


def test_the_button_pressed_twice_is_one_refund(client: Client, gateway: FakeGateway) -> None:
    placed = paid(gateway)
    typed = fill(placed, shown=51_000)

    client.post(page(placed), typed)
    again = client.post(page(placed), typed, follow=True)

    assert Refund.objects.count() == 1
    assert "can no longer be cancelled" not in text(again)


def test_some_of_it_can_be_cancelled(client: Client, gateway: FakeGateway) -> None:
    placed = paid(gateway)
    line = placed.lines.get()

    seen = client.post(page(placed), fill(placed, shown=51_000, **{f"line-{line.pk}": 1, "sum": "1"}))
    assert not Refund.objects.exists()
    assert "× 1 ₩24,000 Refund ₩24,000" in text(seen)
    client.post(page(placed), fill(placed, shown=24_000, **{f"line-{line.pk}": 1}))

    placed.refresh_from_db()
    assert placed.status == "paid"
    assert Refund.objects.get().amount == 24_000
    assert parcels.left_to_ship(placed) == {line.pk: 1}
    assert shelf() == (4, 0)


def test_what_no_longer_ships_for_free_pays_its_parcel(client: Client, gateway: FakeGateway) -> None:
    product(skus=("CUP", "POT"), units=5)
    placed = place(cart(("CUP", 2), ("POT", 1)), total=72_000)
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    pot = placed.lines.get(sku="POT")

    left = {f"line-{line.pk}": 0 for line in placed.lines.all()} | {f"line-{pot.pk}": 1}
    client.post(page(placed), fill(placed, shown=21_000, **left))

    refund = Refund.objects.get()
    assert (refund.goods_amount, refund.fee, refund.amount) == (24_000, 3_000, 21_000)


def test_what_did_not_leave_with_the_first_parcel_pays_no_way_back(
    client: Client, gateway: FakeGateway
) -> None:
    placed = paid(gateway)
    send(placed, 1)

    client.post(page(placed), fill(placed, shown=24_000))

    refund = Refund.objects.get()
    assert (refund.amount, refund.fee, refund.lines.get().cancelled) == (24_000, 0, True)
    placed.refresh_from_db()
    assert (placed.status, placed.fulfilment_status) == ("paid", "shipped")
    assert shelf() == (4, 0)


def test_what_has_left_cannot_be_cancelled(client: Client, gateway: FakeGateway) -> None:
    placed = paid(gateway)
    typed = fill(placed, shown=51_000)
    send(placed, 2)
    before = rows()

    assert "Cancel the order" not in text(client.get(f"/en/orders/{placed.token}/"))
    assert client.get(page(placed))["Location"] == f"/en/orders/{placed.token}/"
    assert "can no longer be cancelled" in text(client.post(page(placed), typed, follow=True))
    assert rows() == before


def test_units_that_left_meanwhile_are_told_and_change_nothing(client: Client, gateway: FakeGateway) -> None:
    placed = paid(gateway)
    typed = fill(placed, shown=51_000)
    send(placed, 1)
    before = rows()

    answer = client.post(page(placed), typed)

    assert rows() == before
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_another_sum_than_was_shown_is_shown_first(client: Client, gateway: FakeGateway) -> None:
    placed = paid(gateway)
    before = rows()

    answer = client.post(page(placed), fill(placed, shown=60_000))

    assert (answer.status_code, rows()) == (422, before)
    assert "What goes back is now ₩51,000" in text(answer)


@pytest.mark.parametrize("units", ["-1", "3", "1.5", "x"])
def test_odd_units_change_nothing(client: Client, gateway: FakeGateway, units: str) -> None:
    placed = paid(gateway)
    line = placed.lines.get()
    before = rows()

    answer = client.post(page(placed), fill(placed, shown=51_000, **{f"line-{line.pk}": units}))

    assert rows() == before
    assert answer.context["form"].errors


def test_units_of_a_foreign_line_are_refused(gateway: FakeGateway) -> None:
    placed = paid(gateway)
    on_shelf(placed.lines.get().variant, 5)
    other = place(cart(("CUP", 1)), total=27_000)
    before = rows()

    with pytest.raises(services.NotCancellable):
        services.cancel_paid(
            order_id=placed.pk,
            quantities={other.lines.get().pk: 1},
            reason="",
            expected=24_000,
            cause=KEY,
            account=None,
            now=NOW,
        )

    assert rows() == before


def test_a_deposit_goes_to_the_account_that_is_named(client: Client, gateway: FakeGateway) -> None:
    placed = paid(gateway, deposit=True)
    account = {"bank": "KAKAO", "number": "3333-01-2345678", "holder": "김하나"}

    client.post(page(placed), fill(placed, shown=51_000, **account))

    refund = Refund.objects.get()
    assert refund.state == "requested"
    assert refund.account == {"bank": "KAKAO", "number": "3333012345678", "holder": "김하나"}


def test_a_deposit_may_be_cancelled_without_an_account(client: Client, gateway: FakeGateway) -> None:
    placed = paid(gateway, deposit=True)

    half = client.post(page(placed), fill(placed, shown=51_000, bank="KAKAO"))
    assert set(half.context["form"].errors) == {"number", "holder"}
    assert not Refund.objects.exists()
    client.post(page(placed), fill(placed, shown=51_000))

    assert Refund.objects.get().state == "waiting_for_account"


def test_an_unpaid_order_is_cancelled(client: Client, gateway: FakeGateway) -> None:
    placed = order()

    assert "Nothing was charged" in text(client.get(page(placed)))
    client.post(page(placed), {"cause": KEY, "reason": "ordered by mistake"})

    placed.refresh_from_db()
    assert (placed.status, placed.payment_status) == ("cancelled", "void")
    assert promises(placed.number) == [("CUP", 2, "released")]
    fact = OutboxEvent.objects.get(type="order.cancelled").payload
    assert (fact["by"], fact["reason"]) == ("shopper", "ordered by mistake")
    assert not Refund.objects.exists()


def test_an_order_whose_money_just_came_is_asked_about_again(client: Client, gateway: FakeGateway) -> None:
    placed = order()
    gateway.says(placed, PaymentState.PAID, account=DEPOSIT)

    answer = client.post(page(placed), {"cause": KEY}, follow=True)

    placed.refresh_from_db()
    assert placed.status == "paid"
    assert "Your payment arrived in the meantime" in answer.content.decode()
    assert not Refund.objects.exists()


def test_a_provider_that_is_away_changes_nothing(client: Client, gateway: FakeGateway) -> None:
    placed = order()
    gateway.down = True
    before = rows()

    answer = client.post(page(placed), {"cause": KEY})

    assert (answer.status_code, rows()) == (422, before)


def test_nobody_else_cancels_it(client: Client, gateway: FakeGateway) -> None:
    assert client.get("/en/orders/unknown/cancel/").status_code == 404
    assert client.post("/en/orders/unknown/cancel/", {"cause": KEY}).status_code == 404


def test_what_never_left_has_no_delivery_to_look_at(client: Client, gateway: FakeGateway) -> None:
    placed = paid(gateway)
    assert "Where your things are" in text(client.get(f"/en/orders/{placed.token}/"))

    client.post(page(placed), fill(placed, shown=51_000))

    assert "Where your things are" not in text(client.get(f"/en/orders/{placed.token}/"))


def test_a_deposit_goes_back_to_the_account_that_was_named(client: Client, gateway: FakeGateway) -> None:
    placed = paid(gateway, deposit=True, method="VIRTUAL_ACCOUNT")
    account = {"bank": "SHINHAN", "number": "110123456789", "holder": "김하나"}

    client.post(page(placed), fill(placed, shown=51_000) | account)

    said = text(client.get(f"/en/orders/{placed.token}/"))
    assert "We give ₩51,000 back to the account that you named." in said
    assert "With cards" not in said.split("What you ordered")[0]


def test_each_line_says_how_much_of_it_was_given_back(client: Client, gateway: FakeGateway) -> None:
    placed = paid(gateway)
    line = f"line-{placed.lines.get().pk}"
    address = f"/en/orders/{placed.token}/"
    assert "refunded" not in text(client.get(address))

    sum_shown = client.post(page(placed), fill(placed, shown=51_000) | {line: 1, "sum": "1"})
    shown = re.search(r'name="shown" value="([0-9]+)"', sum_shown.content.decode())
    assert shown
    client.post(page(placed), fill(placed, shown=int(shown[1])) | {line: 1})

    assert "₩24,000 × 2 1 piece of it is refunded" in text(client.get(address))
