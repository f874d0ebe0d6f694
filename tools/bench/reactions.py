"""What the measured facts lead to. `dramatiq tools.bench.worker` and `python -m tools.bench.carrier` know it."""

import time

from django.conf import settings

from commerce.events import types
from workers.jobs import Context, Fact, Handler
from workers.server import client

BEGUN = "bench:begun"  # a list in the broker: "<id of the event> <seconds since 1970>"


def nothing(_fact: Fact, _context: Context) -> None:
    """Have no effect: what remains is the way here."""


def tell(fact: Fact, _context: Context) -> None:
    """Say when the handler began."""
    now = time.time()
    client(url=settings.BROKER_URL, connect=1, answer=5).rpush(BEGUN, f"{fact.pk} {now}")


NOTHING = Handler(name="bench.nothing", function=nothing, queue="db", kind="db")
TELL = Handler(name="bench.tell", function=tell, queue="critical", kind="external")
ROUTES = {types.OrderPaid.name: (NOTHING,), types.OrderPlaced.name: (TELL,)}
HANDLERS = {NOTHING.name: NOTHING, TELL.name: TELL}
