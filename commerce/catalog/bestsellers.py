"""What sells best. Whoever counts sales names a function in `BEST_SELLERS`; the catalog knows none itself."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import F, Func, IntegerField, QuerySet
from django.utils.module_loading import import_string

from commerce.catalog.models import Product
from commerce.near import Near

DAYS = 30  # sales of so many days count
MOST = 500  # products that have a place of their own; after them comes what is recommended
CALLED_SO = 5  # products that have the badge
SECONDS = 600  # how long their keys are kept
_NEAR = 60  # how long a process does not ask for them again
_near: Near[frozenset[int]] = Near(most=2)
Finder = Callable[..., QuerySet[Any]]  # since: the first day; limit: how many; a query for keys of products


def first(products: QuerySet[Product], *, today: date) -> QuerySet[Product]:
    """Return the products with the best sellers first, the others in the order they have; still one statement."""
    if not settings.BEST_SELLERS:
        return products
    finder: Finder = import_string(settings.BEST_SELLERS)
    best = ArraySubquery(finder(since=today - timedelta(days=DAYS), limit=MOST))
    place = Func(best, F("pk"), function="array_position", output_field=IntegerField())
    return products.order_by(place.asc(nulls_last=True), *products.query.order_by)


def top(*, today: date) -> frozenset[int]:
    """Return the keys of the few products that sell best, which are called so; read once in a while."""
    if not settings.BEST_SELLERS:
        return frozenset()
    key = f"bestsellers:{today}"
    if (near := _near.get(key)) is not None:
        return near
    try:
        found: frozenset[int] | None = cache.get(key)
        if found is None:
            found = _top(today)
            cache.set(key, found, SECONDS)
        _near.keep(key, found, seconds=settings.PAGE_COPIES_NEAR and _NEAR)
    except Exception:  # noqa: BLE001  # whatever the cache's driver raises: nothing is called a best seller meanwhile
        found = frozenset()
    return found


def _top(today: date) -> frozenset[int]:
    finder: Finder = import_string(settings.BEST_SELLERS)
    rows = finder(since=today - timedelta(days=DAYS), limit=CALLED_SO)
    return frozenset(next(iter(row.values())) for row in rows)
