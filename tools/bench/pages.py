"""What the pages of the shop cost over HTTP, as multiples of an empty view, beside their goals.

The demo shop is asked, and beside its goods generated ones. Of an address with a question no copy is kept.
"""

from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commerce.management import generated
from tools.bench import goods
from tools.bench.multiples import Times
from tools.bench.serving import backends, served
from tools.bench.wire import Browser

KEPT, COLD, SEARCH = 1.25, 10, 20  # the goals


@dataclass(frozen=True)
class Page:
    """An address, and how many empty views it may cost; no goal: it is only told."""

    path: str
    goal: float | None = None


PAGES = {
    "home, kept": Page("/", KEPT),
    "listing, kept": Page("/c/", KEPT),
    "product, kept": Page("/p/rice-bowl/", KEPT),
    "home": Page("/?cold"),
    "home in English": Page("/en/?cold"),
    "listing with facets": Page("/c/?cold", COLD),
    "listing of a category": Page("/c/generated/tea/?cold", COLD),
    "listing, page 2": Page("/c/?page=2", COLD),
    "listing, narrowed": Page("/c/?price=10000-30000&stock=in", COLD),
    "product": Page("/p/rice-bowl/?cold", COLD),
    "product, generated": Page("/p/generated-7/?cold", COLD),
    "search": Page("/search/?q=%EC%B0%BB%EC%9E%94", SEARCH),  # 찻잔
    "search, mistyped": Page("/search/?q=%EB%8B%AC%ED%95%AD%EC%96%B4%EB%A6%AC", SEARCH),  # 달항어리
    "suggestions": Page("/search/suggest/?q=%EC%B0%BB", SEARCH),  # 찻
    "empty cart": Page("/cart/"),
}
GOALS = {name: page.goal for name, page in PAGES.items() if page.goal}
WARM = 8  # rounds that find every process cold


@dataclass(frozen=True)
class Size:
    """How much is measured, and in how large a catalog."""

    products: int = 2000  # generated ones, of three variants each
    rounds: int = 60
    demo: bool = True


TINY = Size(products=60, rounds=1, demo=False)


def measure(*, size: Size) -> None:
    """Make a demo shop in the database that the environment names, and measure it."""
    call_command("migrate", verbosity=0)
    if size.demo:
        call_command("seed_demo", verbosity=0)
    generated.fill(products=size.products, now=timezone.now())
    goods.settle()
    connection.close()
    with served() as (floor, shop, pids):
        asked = PAGES if size.demo else {n: page for n, page in PAGES.items() if _exists(shop, page)}
        times = Times(Browser(floor), pids)
        for number in range(-WARM, size.rounds):
            if number == 0:
                times = Times(Browser(floor), {**pids, "shop": [*pids["shop"], *backends()]})
            for name, page in asked.items():
                times.of(name, lambda path=page.path: Browser(shop).get(path), status=200)  # type: ignore[misc]
        print(f"\n{generated.count()} generated products beside the demo shop's")
        times.tell(asked, goals=GOALS)
    _tell_statements(asked)


def _exists(shop: int, page: Page) -> bool:
    return Browser(shop).get(page.path).status == 200


def _tell_statements(pages: dict[str, Page]) -> None:
    client = Client(headers={"host": "localhost"})
    counts = {name: _statements(client, page.path) for name, page in pages.items() if "kept" not in name}
    print("statements: " + ", ".join(f"{name} {count}" for name, count in counts.items()))


def _statements(client: Client, path: str) -> int:
    """Return how many statements a page needs once settings and menu are known."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)
