"""Collections: shelves that fill themselves, by a rule or by hand. Their listings have every filter that others have."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from commerce.catalog.models import Category, FacetValue, Product
from commerce.catalog.projecting import REDUCED


def fill_all(*, now: datetime) -> int:
    """Bring every collection to what its rule says at a moment; return how many changed.

    A rule may speak of what is new, reduced or cheap: the clock calls this every minute, and reconciliation does.
    """
    rows = Category.objects.filter(collection=True, listed=True).order_by("pk")
    return sum(fill(collection=row, now=now) for row in rows)


@transaction.atomic
def fill(*, collection: Category, now: datetime) -> bool:
    """Bring one collection to what its rule says; return whether anything changed."""
    Category.objects.select_for_update(no_key=True).get(pk=collection.pk)
    wanted = set(_members(collection.rule, now=now).values_list("pk", flat=True))
    links = Product.categories.through.objects.filter(category_id=collection.pk)
    known = set(links.values_list("product_id", flat=True))
    if wanted == known:
        return False
    links.filter(product_id__in=known - wanted).delete()
    Product.categories.through.objects.bulk_create(
        [
            Product.categories.through(category_id=collection.pk, product_id=pk)
            for pk in sorted(wanted - known)
        ],
        ignore_conflicts=True,
    )
    return True


def _members(rule: dict[str, Any], *, now: datetime) -> QuerySet[Product]:
    """Return what is on sale and meets every part of a rule; a rule without parts has no members.

    `{"picked": [keys], "brand": key, "attribute": "material:백자", "category": key, "below": won, "days": n,
    "reduced": true}`
    """
    products = Product.objects.filter(listed=True)
    if "picked" in rule:
        return products.filter(key__in=rule["picked"])
    parts = [part(rule[name], now) for name, part in _PARTS.items() if rule.get(name)]
    return products.filter(*parts) if parts else products.none()


def _having(value: str, _now: datetime) -> Q:
    code, _colon, word = value.partition(":")
    numbers = FacetValue.objects.filter(facet=f"attribute:{code}", value=word).values_list("pk", flat=True)
    return Q(facets__shared__overlap=list(numbers))


def _within(key: str, _now: datetime) -> Q:
    shelf = Category.objects.filter(key=key, listed=True).first()
    if shelf is None:
        return Q(pk__in=())
    below = Category.objects.filter(Q(path=shelf.path) | Q(path__startswith=f"{shelf.path}/"), listed=True)
    linked = Product.categories.through.objects.filter(category_id__in=below.values("pk"))
    return Q(pk__in=linked.values("product_id"))


def _reduced(_yes: bool, _now: datetime) -> Q:
    return Q(facets__every__contains=[REDUCED])


_PARTS: dict[str, Any] = {
    "brand": lambda key, _now: Q(brand__key=key),
    "attribute": _having,
    "category": _within,
    "below": lambda won, _now: Q(price_min__lte=won),
    "days": lambda days, now: Q(listed_at__gt=now - timedelta(days=days)),
    "reduced": _reduced,
}
