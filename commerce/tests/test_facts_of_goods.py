"""Facts of carts, prices and stock: once, with these values, and none when nothing changed."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from commerce.cart import services as carts
from commerce.catalog import services as catalog
from commerce.catalog.models import Variant
from commerce.checkout import closing, settling
from commerce.events.models import OutboxEvent
from commerce.inventory import stock, stockroom
from commerce.orders.models import Order
from commerce.payments.states import PaymentState
from commerce.tests.factories import LATER, NOW, cart, on_shelf, place, product
from commerce.tests.fakes import FakeGateway
from commerce.tests.told import latest, names, told

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def settle(placed: Order, gateway: FakeGateway, *, now: Any = NOW) -> settling.Outcome:
    return settling.settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=now)


# --- carts ------------------------------------------------------------------------------------------------


def test_a_cart_tells_of_each_line_that_changes() -> None:
    product(units=50)
    filled = cart(("CUP", 1))

    carts.add(token=filled.token, sku="CUP", quantity=2, now=NOW)
    carts.change(token=filled.token, sku="CUP", quantity=5, now=NOW)
    carts.change(token=filled.token, sku="CUP", quantity=5, now=NOW)  # nothing changes
    carts.remove(token=filled.token, sku="CUP", now=NOW)
    carts.remove(token=filled.token, sku="CUP", now=NOW)  # it is gone already

    assert [
        (fact["cart_id"], fact["sku"], fact["quantity_before"], fact["quantity_after"])
        for fact in told("cart.changed")
    ] == [
        (filled.pk, "CUP", 0, 1),
        (filled.pk, "CUP", 1, 3),
        (filled.pk, "CUP", 3, 5),
        (filled.pk, "CUP", 5, 0),
    ]


@pytest.mark.parametrize(("sku", "quantity"), [("CUP", 100), ("CUP", 6), ("NOTHING", 1)])
def test_a_refused_change_of_a_cart_tells_nothing(sku: str, quantity: int) -> None:
    product(units=5)
    filled = cart(("CUP", 1))
    before = latest()

    for act in (carts.add, carts.change):
        with pytest.raises(carts.UnableToChangeCart):
            act(token=filled.token, sku=sku, quantity=quantity, now=NOW)

    assert names(after=before) == []


def test_a_change_of_a_cart_costs_one_statement_more(django_assert_num_queries: Any) -> None:
    product(units=50)
    filled = cart(("CUP", 1))

    with django_assert_num_queries(1) as captured:  # the INSERT alone
        carts._tell(filled, "CUP", before=1, after=2, now=NOW)

    assert captured.captured_queries[0]["sql"].startswith('INSERT INTO "commerce_outboxevent"')


# --- prices and languages ---------------------------------------------------------------------------------


def listed(price: int, version: int, *skus: str) -> None:
    product(skus=skus or ("CUP",), price=price, version=version)


def test_a_new_price_is_told_with_the_old_one() -> None:
    listed(24_000, 1)
    key = str(Variant.objects.get().product.key)
    assert told("product.repriced") == []  # a new variant has no price before

    listed(21_000, 2, "CUP", "POT")
    listed(21_000, 3, "CUP", "POT")  # published again, nothing costs anything else

    assert told("product.repriced") == [
        {"product_key": key, "sku": "CUP", "price_before": 24_000, "price_after": 21_000}
    ]


def test_a_price_that_is_not_taken_over_is_not_told() -> None:
    listed(24_000, 5)

    listed(21_000, 4)  # older than what is shown

    assert told("product.repriced") == []
    assert Variant.objects.get().price == 24_000


def test_a_translation_that_goes_is_told_once() -> None:
    listed(24_000, 1)
    key = Variant.objects.get().product.key

    assert catalog.withdraw_product(key=key, language="en", leads=False, now=NOW)
    assert not catalog.withdraw_product(key=key, language="en", leads=False, now=NOW)

    assert told("product.translation_withdrawn") == [
        {"product_key": str(key), "slug": "cup", "language": "en"}
    ]
    assert told("product.withdrawn") == []


def test_the_translation_of_a_category_that_goes_is_told_once() -> None:
    key = uuid.uuid4()
    for language in ("ko", "en"):
        payload = catalog.CategoryPayload(
            key=key,
            language=language,
            version=1,
            text=catalog.TextPayload(title="그릇"),
            path="bowls",
            leads=language == "ko",
        )
        catalog.list_category(payload=payload, now=NOW)

    assert catalog.withdraw_category(key=key, language="en", leads=False, now=NOW)
    assert not catalog.withdraw_category(key=key, language="en", leads=False, now=NOW)

    assert told("category.translation_withdrawn") == [
        {"category_key": str(key), "path": "bowls", "language": "en"}
    ]


# --- stock ------------------------------------------------------------------------------------------------


def flips(after: int = 0) -> list[tuple[str, dict[str, Any]]]:
    rows = OutboxEvent.objects.filter(type__in=["stock.sold_out", "stock.back"], pk__gt=after)
    return [(row.type, row.payload) for row in rows.order_by("pk")]


SOLD_OUT = ("stock.sold_out", {"sku": "CUP"})


def back(units: int) -> tuple[str, dict[str, Any]]:
    return ("stock.back", {"sku": "CUP", "available": units})


def test_the_first_units_of_a_new_variant_are_back_and_a_second_delivery_is_not() -> None:
    (cup,) = product(units=0)
    assert flips() == []

    stockroom.receive(variant_id=cup.pk, quantity=3, reason="", now=NOW)
    stockroom.receive(variant_id=cup.pk, quantity=3, reason="", now=NOW)

    assert flips() == [back(3)]


def test_a_count_that_finds_nothing_sells_out() -> None:
    (cup,) = product(units=3)
    before = latest()

    on_shelf(cup, 0)
    on_shelf(cup, 0)
    on_shelf(cup, 2)

    assert flips(before) == [SOLD_OUT, back(2)]


def test_the_order_of_the_last_units_sells_out_and_its_end_brings_them_back() -> None:
    product(units=2)
    before = latest()
    placed = place(cart(("CUP", 2)), total=51_000)

    assert flips(before) == [SOLD_OUT]
    closing.expire_unpaid_orders(gateway=FakeGateway(), now=LATER)

    placed.refresh_from_db()
    assert placed.status == "cancelled"
    assert flips(before) == [SOLD_OUT, back(2)]


def test_a_sale_changes_nothing_that_could_be_promised_and_taking_it_back_does() -> None:
    product(units=2)
    placed, gateway = place(cart(("CUP", 2)), total=51_000), FakeGateway()
    before = latest()
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    assert flips(before) == []

    gateway.says(placed, PaymentState.CANCELLED, at=NOW + SECOND)
    settle(placed, gateway)

    assert flips(before) == [back(2)]


def test_backorders_count_as_units() -> None:
    (cup,) = product(units=1)
    type(cup.stock).objects.update(backorder_limit=1)
    before = latest()

    with transaction.atomic():
        stock.reserve(quantities={cup.pk: 1}, reference="a", expires_at=NOW, now=NOW)
    assert flips(before) == []
    with transaction.atomic():
        stock.reserve(quantities={cup.pk: 1}, reference="b", expires_at=NOW, now=NOW)

    assert flips(before) == [SOLD_OUT]


def test_a_refused_promise_tells_nothing() -> None:
    (cup,) = product(units=1)
    before = latest()

    with pytest.raises(stock.OutOfStock), transaction.atomic():
        stock.reserve(quantities={cup.pk: 2}, reference="a", expires_at=NOW, now=NOW)

    assert names(after=before) == []
