"""Photos of claims that are over for long: nobody needs them any more, so nobody keeps them (PIPA §21)."""

from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Coalesce

from commerce.claims import photos, selectors
from commerce.claims.models import ClaimPhoto


def forget_photos(*, now: datetime, limit: int = 500) -> int:
    """Delete the photos of claims that were over `photos.KEPT` ago, files first; return how many.

    What was claimed and decided stays with the order. A file that is gone already does not matter.
    """
    over = Coalesce("claim__settled_at", "claim__decided_at", "claim__requested_at")
    open_claims = Q(claim__in=selectors.still_open())
    rows = ClaimPhoto.objects.annotate(over_at=over).filter(over_at__lt=now - photos.KEPT)
    old = list(rows.exclude(open_claims).order_by("pk")[:limit])
    photos.forget(names=[photo.name for photo in old])
    ClaimPhoto.objects.filter(pk__in=[photo.pk for photo in old]).delete()
    return len(old)
