"""What the pages of the demo shop cost, as multiples of an empty view with the usual middleware.

Pages and floor are asked in turn (A B A B …) in one process over the WSGI handler; medians are compared.
"""

import statistics
import time
from collections.abc import Callable

from django.conf import settings

from tools.bench import shop

ROUNDS = 40
PAGES = {
    "home": "/",
    "listing (all)": "/c/",
    "listing (category)": "/c/tableware/",
    "product": "/p/rice-bowl/",
    "search": "/search/?q=%EC%B0%BB%EC%9E%94",  # 찻잔
    "search (mistyped)": "/search/?q=%EB%8B%AC%ED%95%AD%EC%96%B4%EB%A6%AC",  # 달항어리
    "suggestions": "/search/suggest/?q=%EC%B0%BB",  # 찻
    "cart (empty)": "/cart/",
    "home in English": "/en/",
}


def measure() -> None:
    """Make a demo shop in the database that the environment names, and measure it."""
    shop.prepare()
    settings.SEARCH_TRIES = settings.SUGGEST_TRIES = settings.LISTING_TRIES = 1_000_000  # one client asks for all
    with shop.floor() as floor:
        client = shop.client()
        print(f"{'page':24}{'ms':>8}{'queries':>9}{'multiple':>10}")
        for name, path in PAGES.items():
            page = _ask(client, path)
            ours, empty = _in_turn(page, _ask(client, floor))
            print(f"{name:24}{ours * 1000:8.1f}{shop.queries(page):9}{ours / empty:10.1f}")


def _ask(client: object, path: str) -> Callable[[], None]:
    def ask() -> None:
        response = client.get(path)  # type: ignore[attr-defined]  # Django's test client
        if response.status_code != 200:
            raise SystemExit(f"{path} answered {response.status_code}")

    return ask


def _in_turn(page: Callable[[], None], floor: Callable[[], None]) -> tuple[float, float]:
    page()
    floor()
    taken = [(_time(page), _time(floor)) for _ in range(ROUNDS)]
    return statistics.median(ours for ours, _ in taken), statistics.median(empty for _, empty in taken)


def _time(act: Callable[[], None]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin
