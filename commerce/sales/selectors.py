"""What sells."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from commerce.catalog.models import ProductText
from commerce.sales.models import DailySale


@dataclass(frozen=True, slots=True)
class Seller:
    """A product and what was paid for since a day: units, and won."""

    product_id: int
    slug: str
    title: str
    units: int
    won: int


def best_sellers(*, since: date, language: str, limit: int = 10) -> list[Seller]:
    """Return the products of which most units were paid for since a day, the best first; two queries."""
    rows = list(
        DailySale.objects.filter(day__gte=since)
        .values("variant__product_id", "variant__product__slug")
        .annotate(sold=Sum("units"), paid=Sum("won"))
        .filter(sold__gt=0)
        .order_by("-sold", "-paid", "variant__product_id")[:limit]
    )
    titles = dict(
        ProductText.objects.filter(
            product__in=[row["variant__product_id"] for row in rows], language=language
        ).values_list("product_id", "title")
    )
    return [
        Seller(
            product_id=row["variant__product_id"],
            slug=row["variant__product__slug"],
            title=titles.get(row["variant__product_id"], row["variant__product__slug"]),
            units=row["sold"],
            won=row["paid"],
        )
        for row in rows
    ]


def best_selling(*, since: date, limit: int) -> QuerySet[Any]:
    """Return the keys of the products of which most units were paid for since a day, the best first: part of a query."""
    return (
        DailySale.objects.filter(day__gte=since)
        .values("variant__product_id")
        .annotate(sold=Sum("units"), paid=Sum("won"))
        .filter(sold__gt=0)
        .order_by("-sold", "-paid", "variant__product_id")
        .values("variant__product_id")[:limit]
    )
