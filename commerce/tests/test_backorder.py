"""Units sold before they are here: promised once, served in order, said truthfully, and never lost."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from commerce.checkout import services
from commerce.checkout.services import CartChanged
from commerce.checkout.settling import Outcome, settle_payment
from commerce.inventory import audit, selectors, stock, stockroom
from commerce.inventory.models import Reservation, StockItem, StockMovement
from commerce.orders.models import Order, OrderLine
from commerce.payments.states import PaymentState
from commerce.tests.factories import NOW, cart, on_shelf, owed, place, product, promises, shelf, to_come
from commerce.tests.fakes import FakeGateway
from commerce.tests.shopping import fill, text

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 10)


def buy(units: int, *, total: int | None = None) -> Order:
    """Order cups of 10,000 won."""
    goods = units * 10_000
    return place(cart(("CUP", units)), total=total or goods + (0 if goods >= 50_000 else 3_000))


def cups(*, units: int, limit: int, ships_on: date | None = None) -> int:
    """Put cups on sale, some of them to come; return the variant's id."""
    (cup,) = product(price=10_000, units=units)
    to_come(limit, ships_on=ships_on)
    return cup.pk


def waiting(reference: str) -> list[int]:
    """Return how many units each promise of an order waits for."""
    return list(Reservation.objects.filter(reference=reference).values_list("owed", flat=True))


def test_the_shelf_is_promised_first_then_what_is_to_come() -> None:
    cups(units=2, limit=3, ships_on=DAY)

    placed = buy(4)

    assert (shelf(), owed()) == ((2, 2), (2, 3))
    assert waiting(placed.number) == [2]
    assert [(line.quantity, line.late, line.ships_on) for line in placed.lines.all()] == [(4, 2, DAY)]


def test_no_more_is_promised_than_the_limit() -> None:
    cups(units=1, limit=2)
    buy(2)

    with pytest.raises(stock.OutOfStock) as short, transaction.atomic():
        stock.reserve(
            quantities={StockItem.objects.get().variant_id: 2}, reference="x", expires_at=NOW, now=NOW
        )

    assert list(short.value.available.values()) == [1]
    assert (shelf(), owed()) == ((1, 1), (1, 2))


def test_a_sale_takes_the_shelf_and_keeps_owing_the_rest() -> None:
    cups(units=1, limit=5)
    placed = buy(3)

    assert stock.sell(reference=placed.number, now=NOW)

    assert (shelf(), owed()) == ((0, 0), (2, 5))
    assert waiting(placed.number) == [2]


def test_an_order_of_nothing_but_units_to_come_is_paid() -> None:
    cups(units=0, limit=2, ships_on=DAY)
    placed, gateway = buy(2), FakeGateway()
    gateway.says(placed, PaymentState.PAID)

    assert settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=NOW) == Outcome.PAID

    assert promises(placed.number) == [("CUP", 2, "sold")]
    assert (shelf(), owed()) == ((0, 0), (2, 2))
    assert StockMovement.objects.filter(kind="sold").count() == 1


def test_arriving_goods_go_to_waiting_orders_first_the_oldest_before_the_others() -> None:
    variant = cups(units=0, limit=9)
    first, second, third = buy(2), buy(3), buy(1)
    stock.sell(reference=second.number, now=NOW)  # paid before the first
    stock.sell(reference=first.number, now=NOW)

    stockroom.receive(variant_id=variant, quantity=4, reason="kiln", now=NOW)

    assert [waiting(one.number) for one in (first, second, third)] == [[0], [1], [1]]
    assert (shelf(), owed()) == ((0, 0), (2, 9))
    filled = StockMovement.objects.filter(kind="filled").order_by("pk")
    assert [(row.reference, row.on_hand_difference, row.owed_difference) for row in filled] == [
        (first.number, -2, -2),
        (second.number, -2, -2),
    ]

    stockroom.receive(variant_id=variant, quantity=5, reason="kiln", now=NOW)

    assert [waiting(one.number) for one in (first, second, third)] == [[0], [0], [0]]
    assert (shelf(), owed()) == ((4, 1), (0, 9))  # one of four is promised to the third, who has not paid


def test_what_an_order_waits_for_can_be_asked() -> None:
    variant = cups(units=1, limit=9)
    placed = buy(3)
    stock.sell(reference=placed.number, now=NOW)

    assert selectors.waiting(references=[placed.number]) == {(placed.number, variant): 2}

    stockroom.receive(variant_id=variant, quantity=2, reason="kiln", now=NOW)

    assert selectors.waiting(references=[placed.number]) == {}


def test_units_that_one_order_gives_back_go_to_the_next_that_waits() -> None:
    cups(units=2, limit=2)
    first, second = buy(2), buy(2)
    stock.sell(reference=second.number, now=NOW)

    stock.release(reference=first.number, now=NOW)

    assert (shelf(), owed()) == ((0, 0), (0, 2))
    assert waiting(second.number) == [0]


def test_a_cancelled_sale_gives_back_what_it_had_and_stops_waiting_for_the_rest() -> None:
    cups(units=1, limit=5)
    placed = buy(3)
    stock.sell(reference=placed.number, now=NOW)

    assert stock.take_back(reference=placed.number, now=NOW)

    assert (shelf(), owed()) == ((1, 0), (0, 5))


def test_part_of_a_sale_comes_back_what_is_not_here_first() -> None:
    variant = cups(units=2, limit=5)
    placed = buy(4)
    stock.sell(reference=placed.number, now=NOW)

    stock.bring_back(reference=placed.number, quantities={variant: 3}, now=NOW)

    assert (shelf(), owed()) == ((1, 0), (0, 5))
    assert promises(placed.number) == [("CUP", 1, "sold")]
    with pytest.raises(ValueError):
        stock.bring_back(reference=placed.number, quantities={variant: 2}, now=NOW)
    stock.bring_back(reference=placed.number, quantities={variant: 1}, now=NOW)
    assert (shelf(), owed()) == ((2, 0), (0, 5))


def test_a_released_promise_of_units_to_come_can_be_renewed() -> None:
    variant = cups(units=0, limit=2)
    placed = buy(2)
    stock.release(reference=placed.number, now=NOW)
    assert owed() == (0, 2)

    late = stock.reserve(quantities={variant: 2}, reference=placed.number, expires_at=NOW, now=NOW)

    assert late == {variant: 2}
    assert owed() == (2, 2)


def test_the_limit_cannot_be_lower_than_what_orders_wait_for() -> None:
    variant = cups(units=0, limit=5)
    buy(3)

    with pytest.raises(stockroom.BelowOwed) as refusal:
        stockroom.set_terms(variant_id=variant, backorder_limit=2, ships_on=None, reason="no", now=NOW)

    assert refusal.value.owed == 3
    assert owed() == (3, 5)
    stockroom.set_terms(variant_id=variant, backorder_limit=3, ships_on=None, reason="yes", now=NOW)
    assert owed() == (3, 3)


@pytest.mark.parametrize(
    ("limit", "ships_on"), [(-1, None), (0, DAY), (3, date(2026, 11, 24)), (3, date(2026, 11, 1))]
)
def test_impossible_terms_are_refused(limit: int, ships_on: date | None) -> None:
    variant = cups(units=1, limit=1)

    with pytest.raises(ValueError):
        stockroom.set_terms(variant_id=variant, backorder_limit=limit, ships_on=ships_on, reason="x", now=NOW)

    assert owed() == (0, 1)


def test_a_count_below_what_is_promised_of_the_shelf_is_refused_whatever_the_limit() -> None:
    variant = cups(units=3, limit=9)
    buy(3)

    with pytest.raises(stockroom.BelowPromised):
        stockroom.adjust(variant_id=variant, on_hand=2, reason="count", now=NOW)

    assert shelf() == (3, 3)


@pytest.mark.parametrize(
    "change", ["owed = backorder_limit + 1", "reserved = on_hand + 1", "on_hand = -1", "owed = -1"]
)
def test_the_database_refuses_every_broken_promise(change: str) -> None:
    cups(units=2, limit=2)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE commerce_stockitem SET {change}")

    assert (shelf(), owed()) == ((2, 0), (0, 2))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE commerce_stockmovement SET reason = 'x'", "DELETE FROM commerce_stockmovement"],
)
def test_a_movement_is_for_ever(statement: str) -> None:
    cups(units=2, limit=2)
    before = list(StockMovement.objects.values())

    refused = pytest.raises(IntegrityError, match="never changed")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert list(StockMovement.objects.values()) == before


def test_numbers_that_nobody_moved_are_found_and_marked() -> None:
    cups(units=2, limit=2)
    StockItem.objects.update(on_hand=5, backorder_limit=1)

    assert [(one.sku, one.why) for one in audit.flag()] == [
        ("CUP", "on hand 5, movements 2; backorder limit 1, movements 2")
    ]
    assert StockItem.objects.get().doubt == "on hand 5, movements 2; backorder limit 1, movements 2"

    StockItem.objects.update(on_hand=2, backorder_limit=2)
    assert audit.flag() == []
    assert StockItem.objects.get().doubt == ""


def test_a_promise_without_its_units_is_found() -> None:
    cups(units=2, limit=2)
    placed = buy(1)
    Reservation.objects.filter(reference=placed.number).update(state="released")

    assert [one.why for one in audit.doubts()] == ["promised 1, promises 0"]
    Reservation.objects.filter(reference=placed.number).update(state="held")


# --- what is said -----------------------------------------------------------------------------------------


def test_goods_that_were_on_the_shelf_when_the_sheet_was_shown_stop_the_order_when_they_are_not() -> None:
    cups(units=2, limit=5, ships_on=DAY)
    filled = cart(("CUP", 2))
    before = services.of(quote=_quote(filled))
    buy(1)

    with pytest.raises(CartChanged) as refusal:
        place(filled, total=23_000, shown=before)

    (change,) = refusal.value.changes
    assert (change.kind, change.late, change.ships_on) == ("later", 1, DAY)
    assert Order.objects.count() == 1


def test_goods_that_left_the_shelf_at_the_last_moment_stop_the_order_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    variant = cups(units=2, limit=5)
    filled = cart(("CUP", 2))
    open_order = services.orders.open_order

    def another_is_faster(**arguments: object) -> Order:
        opened: Order = open_order(**arguments)  # type: ignore[arg-type]
        stock.reserve(quantities={variant: 2}, reference="faster", expires_at=NOW, now=NOW)
        return opened

    monkeypatch.setattr(services.orders, "open_order", another_is_faster)

    with pytest.raises(CartChanged) as refusal:
        place(filled, total=23_000)

    assert [(change.kind, change.late) for change in refusal.value.changes] == [("later", 2)]
    assert not Order.objects.exists()


def test_goods_that_come_sooner_do_not_stop_the_order() -> None:
    variant = cups(units=0, limit=5, ships_on=DAY)
    filled = cart(("CUP", 2))
    before = services.of(quote=_quote(filled))
    stockroom.receive(variant_id=variant, quantity=2, reason="kiln", now=NOW)

    place(filled, total=23_000, shown=before)

    assert list(OrderLine.objects.values_list("late", "ships_on")) == [(0, None)]


@pytest.mark.parametrize(
    ("ships_on", "ko", "en"),
    [
        (DAY, "예약 판매 · 12월 10일 발송 예정", "Preorder · ships on December 10"),
        (None, "입고 후 발송", "Backorder · ships when it arrives"),
    ],
)
@pytest.mark.usefixtures("noon")
def test_every_page_says_when_it_is_sent(client: Client, ships_on: date | None, ko: str, en: str) -> None:
    cups(units=0, limit=50, ships_on=ships_on)

    assert ko in text(client.get("/p/cup/"))
    assert en in text(client.get("/en/p/cup/"))
    fill(client, 2)
    assert ko in text(client.get("/cart/"))
    assert ko in text(client.get("/checkout/"))
    placed = buy(1)
    assert ko in text(client.get(f"/orders/{placed.token}/"))
    assert en in text(client.get(f"/en/orders/{placed.token}/"))


@pytest.mark.usefixtures("noon")
def test_a_mixed_line_says_how_many_come_later(client: Client) -> None:
    cups(units=1, limit=50, ships_on=DAY)
    fill(client, 3)

    assert "2개는 예약 판매 · 12월 10일 발송 예정" in text(client.get("/cart/"))


def test_a_day_that_has_passed_is_not_promised_any_more() -> None:
    cups(units=0, limit=5, ships_on=DAY)
    item = StockItem.objects.get()

    assert item.ships_after(today=DAY) == DAY
    assert item.ships_after(today=DAY + timedelta(days=1)) is None


@pytest.mark.usefixtures("noon")
def test_search_engines_are_told_the_same(client: Client) -> None:
    cups(units=0, limit=5, ships_on=DAY)

    page = client.get("/p/cup/").content.decode()

    assert '"availability": "https://schema.org/PreOrder", "availabilityStarts": "2026-12-10"' in page


def _quote(filled: object) -> object:
    return services.quotes.quote(token=filled.token, language="ko", now=NOW)  # type: ignore[attr-defined]


def test_on_shelf_units_are_not_owed_when_a_count_finds_them() -> None:
    cups(units=0, limit=5)
    placed = buy(2)

    on_shelf(placed.lines.get().variant, 3)

    assert (shelf(), owed()) == ((3, 2), (0, 5))
