"""Write the areas that cost more."""

from collections.abc import Sequence

from django.db import transaction

from commerce.shipping.models import PostcodeRange
from commerce.shipping.ranges import Range


@transaction.atomic
def set_ranges(*, zone_id: int, ranges: Sequence[Range]) -> None:
    """Let a zone have exactly these postcodes.

    Raises:
        IntegrityError: a postcode lies in another zone already.
    """
    PostcodeRange.objects.filter(zone_id=zone_id).delete()
    PostcodeRange.objects.bulk_create(
        PostcodeRange(zone_id=zone_id, first=one.first, last=one.last) for one in ranges
    )
