"""Orders placed by the shop's own service, and the same statements sent by PostgreSQL's load generator."""

import gc
import multiprocessing
import re
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.synchronize import Barrier

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commerce.checkout.services import place_order
from commerce.events import chain
from commerce.inventory.models import StockItem
from commerce.orders.models import Order
from commerce.orders.services import Contact
from tools.bench import goods, pgbench

CONTACT = Contact(
    email="bench@example.com",
    name="김하나",
    phone="01012345678",
    recipient_name="김하나",
    recipient_phone="01012345678",
    postcode="03044",
    address1="서울 종로구 효자로 12",
    address2="3층",
)
_ORDERS = 800_000_000  # so high that an order's id is found in a text
_BEGUN_BY = 5  # orders that a process places before anybody looks: connections and caches are there
_KEY = "SELECT nextval(pg_get_serial_sequence('commerce_order', 'id')) AS id"  # the last of its message
_UUID = re.compile(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


@dataclass(frozen=True)
class Run:
    """Carts that become orders: `each` of `clients`, from cart number `first` on, over `rows` rows of stock."""

    first: int
    clients: int
    each: int
    rows: int

    @property
    def carts(self) -> range:
        """Return the numbers of the carts that it needs."""
        return range(self.first, self.first + self.clients * (self.each + _BEGUN_BY))


def statements(*, cart: int) -> list[str]:
    """Place the order of a cart and return the statements that it took, as they were sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('commerce_order', 'id'), greatest(%s, coalesce(max(id), 0))) "
            "FROM commerce_order",
            [_ORDERS],
        )
    with CaptureQueriesContext(connection) as captured:
        place(cart=cart, now=timezone.now())
    return [query["sql"] for query in captured]


def place(*, cart: int, now: datetime) -> Order:
    """Place the order of a cart as the order sheet does."""
    with chain.chain(correlation_id=uuid.uuid4(), actor="shopper"):
        return place_order(
            cart_token=goods.token(cart),
            shown_total=goods.PRICE,
            contact=CONTACT,
            method="CARD",
            language="ko",
            now=now,
        )


def script(*, sent: list[str], order: Order, cart: int, rows: int) -> str:
    """Return the statements of one order as a program for pgbench that places any order.

    It needs the variables `start`, `clients` and `rows`; every client walks over its own carts.
    """
    own = {
        order.number: "B:n",
        order.token: "T:n",
        order.payment.payment_id: "P:n",
        str(order.pk): ":order_id",
        str(goods.held(cart, rows)): ":v",
        str(cart): ":n",
    }
    text = "".join(f"{_ended(statement)}\n" for statement in sent)
    for found, variable in own.items():
        text = text.replace(found, variable)
    ids = dict.fromkeys(_UUID.findall(text))
    for number, found in enumerate(ids):
        text = text.replace(found, f":a{number}:b{number}")
    sixteen = "random(1000000000000000, 8999999999999999)"
    names = "".join(f"\\set a{n} {sixteen}\n\\set b{n} {sixteen}\n" for n in range(len(ids)))
    count = "\\set step :step + 1\n\\set n :start + (:step - 1) * :clients + :client_id\n"
    return f"{count}\\set v {goods.GOODS} + :n * 7919 % :rows\n{names}{text}"


def by_pgbench(*, run: Run, script: str) -> float:
    """Return the orders in a second that pgbench places: the same texts, sent as Django sends them.

    Raises:
        SystemExit: it placed other orders than the shop would have, so it did other work.
    """
    before = _placed()
    rate = pgbench.rate(
        script=script,
        clients=run.clients,
        protocol="simple",
        variables={"start": run.first, "clients": run.clients, "rows": run.rows, "step": 0},
        each=run.each,
    )
    _check(before, run.clients * run.each)
    return rate


def by_the_shop(*, run: Run) -> float:
    """Return the orders in a second that as many processes place, each with a connection of its own.

    Raises:
        SystemExit: an order is missing.
    """
    before = _placed()
    connection.close()
    gc.collect()
    gc.freeze()  # as `config.wsgi` does before it serves
    context = multiprocessing.get_context("fork")
    barrier, told = context.Barrier(run.clients), context.SimpleQueue()
    crew = [context.Process(target=_work, args=(run, client, barrier, told)) for client in range(run.clients)]
    for process in crew:
        process.start()
    times = [told.get() for _ in crew]
    for process in crew:
        process.join()
    _check(before, run.clients * (run.each + _BEGUN_BY))
    taken: float = max(end for _, end in times) - min(begin for begin, _ in times)
    return run.clients * run.each / taken


def _work(
    run: Run, client: int, barrier: Barrier, told: "multiprocessing.SimpleQueue[tuple[float, float]]"
) -> None:
    begin = 0.0
    try:
        for step in range(run.each + _BEGUN_BY):
            if step == _BEGUN_BY:
                barrier.wait(timeout=60)
                begin = time.monotonic()
            place(cart=run.first + step * run.clients + client, now=timezone.now())
    finally:
        told.put((begin, time.monotonic()))
        connection.close()


def _placed() -> tuple[int, int]:
    promised = sum(StockItem.objects.filter(reserved__gt=0).values_list("reserved", flat=True))
    return Order.objects.count(), promised


def _check(before: tuple[int, int], orders: int) -> None:
    after = _placed()
    if after != (before[0] + orders, before[1] + orders):
        raise SystemExit(f"{orders} orders were to be placed, and not from {before} to {after}")


def _ended(statement: str) -> str:
    """Return a message with its end; the order's id is kept for those that follow.

    Statements that went together stay together: pgbench would send each by itself.
    """
    one_line = " ".join(statement.split()).replace(";", " \\; ")
    return f"{one_line} \\gset order_" if one_line.endswith(_KEY) else f"{one_line};"
