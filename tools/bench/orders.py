"""What an order costs: placed by the service beside the same statements sent by pgbench, and over HTTP."""

import os
import statistics
from dataclasses import dataclass, replace

from django.core.management import call_command
from django.utils import timezone

from commerce.orders.models import Order
from tools.bench import goods, placing, walk


@dataclass(frozen=True)
class Size:
    """How much is measured. The whole takes less than three minutes."""

    rows: int = 6000  # of stock
    alone: int = 400  # orders of one client
    together: int = 100  # orders of each of eight
    guests: int = 60
    demo: bool = True  # the demo shop's menu and settings on the pages


ROUNDS = 2
TINY = Size(rows=20, alone=3, together=2, guests=2, demo=False)


def measure(*, size: Size) -> None:
    """Measure in the database that the environment names, which must not be a shop's."""
    call_command("migrate", verbosity=0)
    if Order.objects.exists():
        raise SystemExit("This database has orders: measure in a throw-away one.")
    print(f"load before we begin: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    try:
        _placing(size)
        goods.forget()
        walk.measure(guests=size.guests, demo=size.demo)
    finally:
        goods.forget()


def _placing(size: Size) -> None:
    goods.put_on_shelf(rows=size.rows, now=timezone.now())
    script = _statements(size)
    print(f"\n{'orders placed':34}{'/s':>8}{'pgbench':>9}{'ratio':>7}")
    first = goods.CARTS + 1
    for name, clients, each, rows in (
        ("1 client", 1, size.alone, size.rows),
        ("8 clients", 8, size.together, size.rows),
        ("8 clients, all want the same", 8, size.together, 1),
    ):
        ours, plain = [], []
        for _round in range(ROUNDS):  # A B A B: both meet the same machine
            run = placing.Run(first=first, clients=clients, each=each, rows=rows)
            ours.append(placing.by_the_shop(run=_filled(run)))
            run = replace(run, first=run.carts.stop)
            plain.append(placing.by_pgbench(run=_filled(run), script=script))
            first = run.carts.stop
        rate, most = statistics.mean(ours), statistics.mean(plain)
        print(f"{name:34}{rate:8.0f}{most:9.0f}{rate / most:7.2f}")


def _statements(size: Size) -> str:
    """Print how many statements an order takes, and return them as a program for pgbench."""
    cart = goods.CARTS
    goods.fill_carts(numbers=[cart], rows=size.rows, now=timezone.now())
    sent = placing.statements(cart=cart)
    count = sum(message.count(";") + 1 for message in sent)
    print(f"\nan order of one line: {count} statements in {len(sent)} messages")
    order = Order.objects.select_related("payment").get()
    return placing.script(sent=sent, order=order, cart=cart, rows=size.rows)


def _filled(run: placing.Run) -> placing.Run:
    goods.fill_carts(numbers=run.carts, rows=run.rows, now=timezone.now())
    goods.settle()
    return run
