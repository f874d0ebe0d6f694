"""What the shop promises with a coupon, and what is wrong with a promise."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commerce.coupons import rules
from commerce.coupons.models import Coupon

MOST_WON = 100_000_000  # nobody means more


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a coupon; sums in won, as `Coupon` describes them."""

    title_ko: str
    title_en: str
    kind: str
    value: int
    starts_at: datetime
    ends_at: datetime
    most: int | None = None
    least: int = 0
    code: str = ""
    lives_days: int | None = None
    issue_limit: int | None = None
    on_joining: bool = False


def problems(*, terms: Terms) -> Iterator[tuple[str, Promise]]:
    """Yield what is wrong: the field and a sentence about it; nothing when the coupon can be offered."""
    for name in ("title_ko", "title_en"):
        if not getattr(terms, name).strip():
            yield name, _("Please enter what the coupon is called.")
    yield from _wrong_sums(terms)
    if terms.code and not rules.plain(terms.code):
        yield "code", _("A code is 4 to 20 letters A–Z and digits.")
    if terms.starts_at >= terms.ends_at:
        yield "ends_at", _("The end must be after the beginning.")
    if terms.lives_days is not None and not 1 <= terms.lives_days <= 3_650:
        yield "lives_days", _("A ticket lives one day to ten years.")
    if terms.issue_limit is not None and not 1 <= terms.issue_limit <= 10_000_000:
        yield "issue_limit", _("At least one can be given out, and ten million at most.")


def _wrong_sums(terms: Terms) -> Iterator[tuple[str, Promise]]:
    percent = terms.kind == Coupon.Kind.PERCENT
    if terms.kind not in Coupon.Kind.values:
        yield "kind", _("Please choose what kind of coupon it is.")
    elif percent and not 1 <= terms.value <= 100:
        yield "value", _("Per cent are 1 to 100.")
    elif not 1 <= terms.value <= MOST_WON:
        yield "value", _("Please enter a sum of at least 1 won.")
    if terms.most is not None and not percent:
        yield "most", _("Only a coupon in per cent has a highest sum.")
    elif terms.most is not None and not 1 <= terms.most <= MOST_WON:
        yield "most", _("Please enter a sum of at least 1 won.")
    if not 0 <= terms.least <= MOST_WON:
        yield "least", _("Please enter a sum in won; 0 for none.")
