"""What buyers think of a product, kept beside it so that lists and cards need not count."""

from collections.abc import Sequence

from commerce.catalog.models import Product

EXPECTED, WEIGHT = 35, 5  # a product without reviews stands as if five buyers had given 3.5 stars each
_SCALE = 100


def lock(*, product_id: int) -> None:
    """Let nobody else count this product's ratings until the transaction ends."""
    Product.objects.select_for_update(no_key=True).only("pk").get(pk=product_id)


def write(*, product_id: int, bars: Sequence[int], with_photos: int) -> None:
    """Write how many published reviews gave one to five stars, and how many have photos; `lock` comes first.

    The score that listings sort by leans to the middle while there are few: one five says less than forty.
    """
    count, total = sum(bars), sum(stars * units for stars, units in enumerate(bars, start=1))
    Product.objects.filter(pk=product_id).update(
        rating_count=count,
        rating_sum=total,
        rating_bars=[*bars, with_photos],
        rating_score=score(count=count, total=total),
    )


def score(*, count: int, total: int) -> int:
    """Return the place of a product in the sort "rating": hundredths of stars; 0 without reviews."""
    if not count:
        return 0
    return (_SCALE * total + _SCALE * EXPECTED * WEIGHT // 10) // (count + WEIGHT)
