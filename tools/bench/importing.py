"""How fast products come in from a table: a file, its check, pages, the shop and search, with what it costs."""

import csv
import gc
import io
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cms.importing import running, services, shelf
from cms.models import CatalogImport, ImportRow, ProductPage, ShopImage
from cms.publishing import reconcile

_HEADINGS = [
    "slug", "status", "title_ko", "title_en", "summary_ko", "summary_en", "description_ko", "categories",
    "option1_name_ko", "option1_name_en", "search_words", "pictures", "sku", "option1_ko", "option1_en", "price",
    "weight", "on_hand",
]  # fmt: skip
_COLOURS = (("백자", "White"), ("청자", "Celadon"))
_TICKS = 100  # in a second, of the processor times in /proc


@dataclass(frozen=True, slots=True)
class Size:
    """How many products, of two variants and two languages each."""

    products: int = 1_000
    told: int = 1_000  # products after which a line is printed


TINY = Size(products=40, told=20)


def measure(*, size: Size) -> None:
    """Bring new products in, then the same file with other prices, and print what each step took."""
    call_command("migrate", verbosity=0)
    call_command("seed_demo", verbosity=0)
    user = get_user_model()._default_manager.filter(is_superuser=True).order_by("pk").first()
    first = ProductPage.objects.count()
    gc.collect()
    gc.freeze()  # as `workers.main` does before it works
    for what, price in (("new", 30_000), ("with another price", 31_000), ("unchanged", 31_000)):
        print(f"\n{size.products} products, {what}")
        _run(_table(first, size.products, price), user, size)
    found = reconcile(dry_run=True)
    print(f"\nreconcile_catalog: {len(found.healed)} of {found.checked} pages differ")


def _run(data: bytes, user: Any, size: Size) -> None:
    watch = _Watch()
    run = services.ask(file=ContentFile(data, name="bench.csv"), pictures=None, user=user, now=timezone.now())
    _go_on(run, _Watch(), size, quiet=True)
    watch.tell("read and checked", size.products)
    if run.rows.filter(outcome__in=[ImportRow.Outcome.NEW, ImportRow.Outcome.CHANGED]).exists():
        services.confirm(run_id=run.pk, together=False, user=user, now=timezone.now())
        _go_on(run, _Watch(), size)
        watch.tell("all of it", size.products)
    wrong = run.rows.filter(outcome=ImportRow.Outcome.ERROR).first()
    if wrong:
        print(f"  line {wrong.line}: {wrong.messages}")


def _go_on(run: CatalogImport, watch: "_Watch", size: Size, *, quiet: bool = False) -> None:
    done = 0
    while running.advance(run_id=run.pk, fetch=_nothing, now=timezone.now()):
        run.refresh_from_db()
        if not quiet and run.position - done >= size.told:
            watch.tell(f"products {done + 1} to {run.position}", run.position - done)
            watch, done = _Watch(), run.position
    run.refresh_from_db()


class _Watch:
    """Time by the clock, of this process, and of PostgreSQL's process that serves it."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._server = int(cursor.fetchone()[0])
        self._began = self._now()

    def tell(self, what: str, products: int) -> None:
        """Print what went by since, and the memory that this process holds."""
        clock, own, server = (now - before for now, before in zip(self._now(), self._began, strict=True))
        print(
            f"  {what:22} {products / clock:6.0f} a second | per product: {1000 * clock / products:.1f} ms, processor "
            f"{1000 * own / products:.1f} ms, PostgreSQL {1000 * server / products:.1f} ms | {_memory()} MB"
        )

    def _now(self) -> tuple[float, float, float]:
        return time.perf_counter(), time.process_time(), _processor(self._server)


def _processor(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():  # PostgreSQL is elsewhere
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _memory() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def _table(first: int, products: int, price: int) -> bytes:
    shelves = sorted(filter(None, shelf.paths()))[:4] or [""]
    pictures = [Path(image.file.name).name for image in ShopImage.objects.order_by("pk")[:12]]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADINGS)
    for number in range(first, first + products):
        slug = f"bench-{number}"
        writer.writerow(
            [
                slug, "live", f"벤치 그릇 {number}호", f"Bench bowl no. {number}", "매일의 밥 한 그릇",
                "A bowl of rice for every day", f"물레로 빚은 그릇.\n\n{number}번째 가마에서.",
                shelves[number % len(shelves)], "색상", "Colour", "공기, 사발",
                pictures[number % len(pictures)], *_variant(number, 0, price),
            ]
        )  # fmt: skip
        writer.writerow([slug, *[""] * 11, *_variant(number, 1, price)])
    return text.getvalue().encode()


def _variant(number: int, place: int, price: int) -> list[str]:
    korean, english = _COLOURS[place]
    cost = price + 1_000 * place
    return [f"BENCH-{number}-{place}", korean, english, str(cost), "500", str(5 + number % 20)]


def _nothing(url: str) -> bytes:
    raise AssertionError(url)
