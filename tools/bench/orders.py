"""What an order costs: placed by the service beside the same statements sent by pgbench, and over HTTP."""

import os
from dataclasses import dataclass

from django.core.management import call_command
from django.utils import timezone

from commerce.orders.models import Order
from tools.bench import goods, placing, walk


@dataclass(frozen=True)
class Size:
    """How much is measured. The whole takes less than three minutes."""

    rows: int = 6000  # of stock
    alone: int = 400  # orders of one client
    together: int = 200  # orders of each of eight
    guests: int = 60
    demo: bool = True  # the demo shop's menu and settings on the pages


TINY = Size(rows=20, alone=3, together=2, guests=2, demo=False)
PURPOSES = 60  # letters of a statement that are printed


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
    now = timezone.now()
    goods.put_on_shelf(rows=size.rows, now=now)
    model = goods.CARTS
    goods.fill_carts(numbers=[model], rows=size.rows, now=now)
    sent = placing.statements(cart=model)
    print(f"\nstatements of an order of one line: {len(sent)}")
    order = Order.objects.select_related("payment").get()
    script = placing.script(sent=sent, order=order, cart=model, rows=size.rows)
    print(f"\n{'orders placed':34}{'/s':>8}{'pgbench':>9}{'ratio':>7}")
    first = model + 1
    for name, clients, each, rows in (
        ("1 client", 1, size.alone, size.rows),
        ("8 clients", 8, size.together, size.rows),
        ("8 clients, all want the same", 8, size.together, 1),
    ):
        rates = []
        for place in (placing.by_the_shop, _by_pgbench(script), placing.by_the_shop, _by_pgbench(script)):
            run = placing.Run(first=first, clients=clients, each=each, rows=rows)
            goods.fill_carts(numbers=run.carts, rows=rows, now=now)
            goods.settle()
            rates.append(place(run=run))
            first = run.carts.stop
        ours, plain = (rates[0] + rates[2]) / 2, (rates[1] + rates[3]) / 2
        print(f"{name:34}{ours:8.0f}{plain:9.0f}{ours / plain:7.2f}")


def _by_pgbench(script: str):  # type: ignore[no-untyped-def]
    return lambda run: placing.by_pgbench(run=run, script=script, protocol="simple")
