"""What a guest's requests cost over HTTP, as multiples of an empty view: gunicorn, two sync workers, no keep-alive.

Every request has a request to the floor beside it, so that both meet the same machine; medians are compared. On a
machine that is busy with other things the second multiple says more: of processor time, gunicorn's and for the shop
PostgreSQL's as well.
"""

import contextlib
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from commerce.orders.models import Order
from commerce.orders.states import Status
from e2e.proofs.http_shopper import ANSWERS, form_with
from tools.bench import goods
from tools.bench.processes import computed, running, until
from tools.bench.wire import Answer, Browser
from tools.local.ports import free_port

STEPS = ("order sheet", "place the order", "payment page", "way back", "confirmation")
PRODUCT = "/p/bench-700000000/"
COPIES = {"home, kept": "/", "listing, kept": "/c/", "product, kept": PRODUCT}
COLD = {"home": "/?cold", "listing": "/c/?cold", "product": f"{PRODUCT}?cold", "empty cart": "/cart/"}
PAGES = COPIES | COLD  # of an address with a question no copy is kept
ADD = "add to cart"
SECRETS = {
    "SECRET_KEY": "bench-only",
    "ALLOWED_HOSTS": "127.0.0.1",
    "CLIENT_ADDRESS_HEADER": "X-Real-IP",
    "PORTONE_STORE_ID": "store-00000000-0000-4000-8000-000000000000",
    "PORTONE_API_KEY": "channel-key-00000000-0000-4000-8000-000000000000",
    "PORTONE_API_SECRET": "bench-api-secret",
    "PORTONE_WEBHOOK_SECRET": "whsec_cG9ydG9uZS1zYW5kYm94LXdlYmhvb2stc2VjcmV0ISE=",
    "PORTONE_ALLOW_TEST_CHANNEL": "1",
}
GUNICORN = ("-m", "gunicorn", "-w", "2", "--keep-alive", "0", "--log-level", "error", "-b")


@dataclass
class Times:
    """Seconds of requests by name, and of the floor beside each; processor seconds likewise."""

    floor: Browser
    programs: dict[str, list[int]]  # process ids of the floor and of the shop
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    empty: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    computed: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    floor_computed: list[float] = field(default_factory=list)

    def of(self, name: str, ask: Callable[[], Answer], *, status: int) -> Answer:
        """Ask the floor, then the shop.

        Raises:
            SystemExit: the answer has another status, so something else was measured.
        """
        begun = computed(self.programs["floor"])
        self.empty[name].append(self.floor.get("/").seconds)
        self.floor_computed.append(computed(self.programs["floor"]) - begun)
        begun = computed(self.programs["shop"])
        answer = ask()
        self.computed[name].append(computed(self.programs["shop"]) - begun)
        if answer.status != status:
            raise SystemExit(f"{name}: {answer.status} instead of {status}\n{answer.body[:600]}")
        self.taken[name].append(answer.seconds)
        return answer

    def multiple(self, name: str) -> float:
        """Return how many empty views a request costs."""
        return statistics.median(self.taken[name]) / statistics.median(self.empty[name])

    def cpu_multiple(self, name: str) -> float:
        """Return how many empty views a request costs in processor time."""
        return statistics.median(self.computed[name]) / statistics.median(self.floor_computed)


def measure(*, guests: int, demo: bool) -> None:
    """Let guests buy one thing each and print what their requests cost."""
    if demo:
        call_command("seed_demo", verbosity=0)
    goods.put_on_shelf(rows=100, now=timezone.now())
    goods.settle()
    connection.close()
    with _served() as (floor, shop, pids):
        times = Times(Browser(floor), pids)
        for number in range(-8, guests):  # the first ones find everything cold
            if number == 0:
                times = Times(Browser(floor), {**pids, "shop": [*pids["shop"], *_backends()]})
            _look(times, shop)
            _buy(times, shop, number + 8)
    _tell(times)


def _look(times: Times, shop: int) -> None:
    for name, path in PAGES.items():
        if "home" not in name or Browser(shop).get(path).status == 200:  # no home page without the demo shop
            times.of(name, lambda path=path: Browser(shop).get(path), status=200)  # type: ignore[misc]


def _buy(times: Times, shop: int, number: int) -> None:
    guest = Browser(shop)
    item = goods.GOODS + number % 100
    form = form_with(guest.get(f"/p/bench-{item}/").body, "quantity")
    wanted = form.values | {"sku": f"BENCH{item}", "quantity": "1"}
    times.of(ADD, lambda: guest.post(form.action, wanted), status=302)
    page = times.of(STEPS[0], lambda: guest.get("/checkout/"), status=200).body
    sheet = form_with(page, "cart_token")
    agreed = {name: value for name, value in sheet.boxes.items() if name.startswith("agree")}
    filled = sheet.values | agreed | ANSWERS | {"same_recipient": "on", "email": "bench@example.com"}
    placed = times.of(STEPS[1], lambda: guest.post("/checkout/", filled), status=303)
    times.of(STEPS[2], lambda: guest.get(placed.location), status=200)
    token = placed.location.split("/")[3]
    back = times.of(STEPS[3], lambda: guest.get(f"/checkout/return/{token}/"), status=302)
    times.of(STEPS[4], lambda: guest.get(back.location), status=200)
    if not Order.objects.filter(token=token, status=Status.PAID).exists():
        raise SystemExit("the order was not paid, so something else was measured")


def _tell(times: Times) -> None:
    floor = statistics.median(seconds for taken in times.empty.values() for seconds in taken)
    empty = statistics.median(times.floor_computed) * 1000
    print(f"\nempty view: {floor * 1000:.2f} ms, of them {empty:.2f} of a processor")
    print(f"{'request':34}{'ms':>8}{'multiple':>10}{'CPU ms':>9}{'multiple':>10}")
    for name in (*PAGES, ADD, *STEPS):
        if times.taken[name]:
            taken = statistics.median(times.taken[name]) * 1000
            ours = statistics.median(times.computed[name]) * 1000
            print(
                f"{name:34}{taken:8.1f}{times.multiple(name):10.2f}{ours:9.2f}{times.cpu_multiple(name):10.2f}"
            )
    whole, computing = sum(map(times.multiple, STEPS)), sum(map(times.cpu_multiple, STEPS))
    print(f"{'a whole order: the last five':34}{'':8}{whole:10.1f}{'':9}{computing:10.1f}")


@contextlib.contextmanager
def _served() -> Iterator[tuple[int, int, dict[str, list[int]]]]:
    """Serve floor and shop, and yield their ports and processes."""
    floor, shop, provider = free_port(), free_port(), free_port()
    env = SECRETS | {
        "DJANGO_SETTINGS_MODULE": "tools.bench.served",
        "DATABASE_URL": _address(),
        "SHOP_BASE_URL": f"http://127.0.0.1:{shop}",
        "PORTONE_API_BASE_URL": f"http://127.0.0.1:{provider}",
    }
    with (
        running("-m", "tools.bench.provider", str(provider), **env),
        running(*GUNICORN, f"127.0.0.1:{floor}", "tools.bench.floor", **env) as empty,
        running(*GUNICORN, f"127.0.0.1:{shop}", "config.wsgi:application", **env) as ours,
    ):
        until(lambda: _answers(floor, "/") and _answers(shop, "/health/live/"), pause=0.1)
        yield floor, shop, {"floor": [empty], "shop": [ours]}


def _answers(port: int, path: str) -> bool:
    try:
        return Browser(port).get(path).status == 200
    except OSError:
        return False


def _backends() -> list[int]:
    """Return the processes of PostgreSQL that serve the shop; its pool keeps them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _address() -> str:
    database = connection.settings_dict
    login = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    return f"postgres://{login}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
