"""Who waits for what."""

from collections.abc import Collection

from django.db.models import Count, QuerySet

from commerce.restock.models import RestockRequest

WAITING = RestockRequest.State.WAITING


def waiting(*, variant_ids: Collection[int]) -> dict[int, int]:
    """Return how many addresses wait for each variant; one for which nobody waits is missing."""
    rows = RestockRequest.objects.filter(variant__in=variant_ids, state=WAITING).order_by()
    return dict(rows.values_list("variant").annotate(Count("pk")))


def by_token(*, token: str) -> RestockRequest | None:
    """Return the request at this address, which only its mail knows."""
    rows = RestockRequest.objects.filter(token=token).select_related("variant__product")
    return rows.prefetch_related("variant__product__texts").first()


def of_person(*, customer_id: int) -> QuerySet[RestockRequest]:
    """Return what a signed-in customer waits for, newest first."""
    rows = RestockRequest.objects.filter(customer=customer_id, state=WAITING)
    return rows.select_related("variant__product").prefetch_related("variant__product__texts").order_by("-pk")
