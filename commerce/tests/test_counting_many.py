"""Counting many shelves at once is counting each: the same numbers, movements and facts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commerce.events.models import OutboxEvent
from commerce.inventory import stock, stockroom
from commerce.inventory.models import Reservation, StockItem, StockMovement
from commerce.tests.factories import LATER, NOW, product

pytestmark = pytest.mark.django_db


def shelves() -> dict[str, tuple[int, int]]:
    return {item.variant.sku: (item.on_hand, item.reserved) for item in StockItem.objects.order_by("pk")}


def facts() -> list[tuple[str, str, object]]:
    rows = OutboxEvent.objects.filter(type__startswith="stock.").order_by("pk")
    return [(row.type, row.payload["sku"], row.payload.get("difference")) for row in rows]


def test_each_shelf_gets_its_number_its_movement_and_its_facts() -> None:
    cup, bowl, lid = product(skus=("CUP", "BOWL", "LID"), units=0)
    stockroom.adjust(variant_id=bowl.pk, on_hand=3, reason="before", now=NOW)
    OutboxEvent.objects.all().delete()

    refused = stockroom.adjust_all(counts={cup.pk: 4, bowl.pk: 0, lid.pk: 0}, reason="goods.csv", now=NOW)

    assert refused == {}
    assert shelves() == {"CUP": (4, 0), "BOWL": (0, 0), "LID": (0, 0)}
    told = StockMovement.objects.filter(reason="goods.csv").order_by("item_id")
    assert list(told.values_list("item__variant__sku", "kind", "on_hand_difference")) == [
        ("CUP", "adjusted", 4),
        ("BOWL", "adjusted", -3),
    ]
    assert sorted(facts()) == [
        ("stock.back", "CUP", None),
        ("stock.changed", "BOWL", -3),
        ("stock.changed", "CUP", 4),
        ("stock.sold_out", "BOWL", None),
    ]


def test_fewer_than_is_promised_is_refused_and_the_others_are_counted() -> None:
    cup, bowl = product(skus=("CUP", "BOWL"), units=5)
    stock.reserve(quantities={cup.pk: 3}, reference="M-1", expires_at=LATER, now=NOW)

    refused = stockroom.adjust_all(counts={cup.pk: 2, bowl.pk: 2}, reason="goods.csv", now=NOW)

    assert {pk: refusal.reserved for pk, refusal in refused.items()} == {cup.pk: 3}
    assert shelves() == {"CUP": (5, 3), "BOWL": (2, 0)}


def test_what_orders_wait_for_goes_to_them() -> None:
    (cup,) = product(units=0)
    stockroom.set_terms(variant_id=cup.pk, backorder_limit=5, ships_on=None, reason="to come", now=NOW)
    stock.reserve(quantities={cup.pk: 2}, reference="M-1", expires_at=LATER, now=NOW)

    stockroom.adjust_all(counts={cup.pk: 3}, reason="goods.csv", now=NOW)

    assert shelves() == {"CUP": (3, 2)}
    assert Reservation.objects.get().owed == 0


def test_it_takes_the_same_statements_however_many_shelves_there_are() -> None:
    rows = product(skus=tuple(f"S-{number}" for number in range(9)), units=1)
    taken = []
    for some in (rows[:3], rows[3:]):
        with CaptureQueriesContext(connection) as captured:
            stockroom.adjust_all(counts={row.pk: 7 for row in some}, reason="goods.csv", now=NOW)
        taken.append(len(captured))

    assert taken[0] == taken[1]
    assert {units for units, _ in shelves().values()} == {7}
