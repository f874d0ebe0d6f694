"""What the way of a fact costs, as parts of what PostgreSQL and Dramatiq do by themselves in the same run."""

import os
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection

from commerce.orders.models import Order
from tools.bench import deliver, inserts


@dataclass(frozen=True)
class Size:
    """How much is measured. The whole takes less than two minutes."""

    seconds: int = 2  # of each way to insert
    messages: int = 5000
    events: int = 4000
    samples: int = 200
    space: float = 0.08  # seconds between two samples
    idle: int = 8  # seconds


TINY = Size(seconds=1, messages=50, events=40, samples=3, space=0.02, idle=1)


def measure(*, size: Size) -> None:
    """Measure in the database and the broker that the environment names, which must not be a shop's."""
    call_command("migrate", verbosity=0)
    if Order.objects.exists():
        raise SystemExit("This database has orders: measure in a throw-away one.")
    print(f"load before we begin: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    _recording(size)
    _forget()
    stock = deliver.no_ops(messages=size.messages)
    with deliver.shop() as shop:
        _waiting(shop, size)
        _idling(shop, size)
        _delivering(shop, size, stock)
    _forget()


def _recording(size: Size) -> None:
    print(f"\n{'facts recorded':34}{'/s':>8}{'pgbench':>9}{'ratio':>7}")
    for clients in (1, 8):
        plain = inserts.plain(clients=clients, seconds=size.seconds)
        ours = inserts.record(threads=clients, seconds=size.seconds)
        name = f"{clients} client{'s' if clients > 1 else ''}, transaction each"
        print(f"{name:34}{ours.rate:8.0f}{plain:9.0f}{ours.rate / plain:7.2f}")
        print(f"  limit: our own process computes {ours.ours:.0%} of the time")


def _delivering(shop: deliver.Shop, size: Size, stock: float) -> None:
    path = deliver.drain(shop, events=size.events)
    print(f"\n{'one process, 8 threads':34}{'/s':>8}{'ratio':>16}")
    print(f"{'Dramatiq as it comes, no-op':34}{stock:8.0f}{1:16.2f}")
    print(f"{'fact to effect, no-op':34}{path.rate:8.0f}{path.rate / stock:16.2f}")
    print(f"  limit: {_shares(path.shares)}")


def _waiting(shop: deliver.Shop, size: Size) -> None:
    found = deliver.latency(shop, samples=size.samples, space=size.space)
    print(f"\ncommit to handler, idle: median {found.median:.1f} ms, p99 {found.late:.1f} ms")
    legs = ", ".join(f"{name} {time:.1f} ms" for name, time in found.legs.items())
    print(f"  limit: {legs} (medians)")


def _idling(shop: deliver.Shop, size: Size) -> None:
    found = deliver.idle(shop, seconds=size.idle)
    total = sum(found.commands.values())
    names = ", ".join(f"{name} {rate:.1f}" for name, rate in sorted(found.commands.items()))
    print(f"\nidle relay and worker, in a second: {total:.1f} Redis commands ({names}),")
    print(
        f"  {found.transactions:.1f} transactions; {_shares(found.shares)}; {found.blocked} blocked connections"
    )


def _shares(shares: dict[str, float]) -> str:
    return ", ".join(f"{name} {share:.0%}" for name, share in shares.items()) + " of a processor"


def _forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE workers_deliveryattempt, workers_delivery, commerce_outboxevent CASCADE")
        cursor.execute("VACUUM ANALYZE commerce_outboxevent")
