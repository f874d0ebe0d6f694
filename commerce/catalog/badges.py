"""What is said of a product in a word or two on its picture: computed from what is known, then the editor's own."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

NEW = timedelta(days=14)  # so long a product is new
_MOST = 3  # badges of one product


def of(
    *,
    listed_at: datetime | None,
    made_to_order: bool,
    reduced: bool,
    best: bool,
    preorder: bool,
    own: list[str],
    now: datetime,
) -> tuple[str, ...]:
    """Return the badges of a product, the most useful first; sold out is said elsewhere."""
    fresh = listed_at is not None and now - listed_at < NEW
    computed = [
        (reduced, _("Sale")),
        (preorder, _("Preorder")),
        (made_to_order, _("Made to order")),
        (best, _("Best seller")),
        (fresh, pgettext("product", "New")),
    ]
    words = [
        *(word for holds, word in computed[:3] if holds),
        *own,
        *(word for holds, word in computed[3:] if holds),
    ]
    return tuple(dict.fromkeys(words))[:_MOST]
