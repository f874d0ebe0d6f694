"""Reviews of tests, and what there is of them."""

import io
from datetime import timedelta
from typing import Any

from django.core.files.storage import storages

from commerce.catalog.models import Product
from commerce.orders.models import Order
from commerce.photos import files
from commerce.reviews import services
from commerce.reviews.models import Review, ReviewPhoto
from commerce.tests.factories import NOW
from commerce.tests.parcels import arrive, line, paid, send
from commerce.tests.test_claim_pages import picture
from commerce.tests.told import latest

DAY = timedelta(days=1)
TODAY = NOW + 3 * DAY
WORDS = "손에 쏙 들어오는 크기예요. <b>예뻐요</b>"


def bought(**how: Any) -> Order:
    """Return an order of two cups and a pot that arrived."""
    order = paid(**how)
    arrive(send(order))
    order.refresh_from_db()
    return order


def write(order: Order, *, sku: str = "CUP", **changes: Any) -> Review:
    wanted: dict[str, Any] = {
        "order_id": order.pk,
        "line_id": line(order, sku),
        "rating": 5,
        "text": WORDS,
        "language": "ko",
        "now": TODAY,
    }
    return services.post(**wanted | changes)


def photo() -> files.Photo:
    content = picture(size=(900, 600))
    return files.clean(size=len(content), content=io.BytesIO(content))


def rating() -> tuple[int, int, int]:
    row = Product.objects.get(slug="cup")
    return row.rating_count, row.rating_sum, row.rating_score


def everything() -> dict[str, Any]:
    return {
        "reviews": list(Review.objects.order_by("pk").values()),
        "photos": list(ReviewPhoto.objects.order_by("pk").values()),
        "files": kept(),
        "rating": rating() if Product.objects.exists() else None,
        "facts": latest(),
    }


def kept() -> set[str]:
    storage = storages["private"]
    return set(storage.listdir("reviews")[1]) if storage.exists("reviews") else set()
