"""What the order sheet showed, carried by the sheet itself, and what differs from it now.

It is signed, so that only what this shop wrote is read; it decides nothing but whether to stop and ask again.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core import signing

from commerce.cart.quotes import Quote, QuoteLine

_SALT = "commerce.checkout.shown"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as it was read: prices in won per unit, `late` units that were to come."""

    title: str
    price: int
    quantity: int
    late: int
    ships_on: str  # ISO; empty when only the arrival decides

    @classmethod
    def of(cls, line: QuoteLine) -> "ShownLine":
        """Read a line of a quote. What cannot be bought is not promised for later either."""
        title = f"{line.title} ({line.option_text})" if line.option_text else line.title
        late = 0 if line.problem else line.late
        day = line.ships_on.isoformat() if late and line.ships_on else ""
        return cls(title[:80], line.unit_price, line.quantity, late, day)

    @property
    def day(self) -> date | None:
        """Return the day on which the late units were to be sent."""
        return date.fromisoformat(self.ships_on) if self.ships_on else None


@dataclass(frozen=True, slots=True)
class Shown:
    """A sheet as it was read; amounts in won."""

    lines: dict[str, ShownLine]  # by SKU
    delivery: int
    zone: str
    total: int
    points: int = 0
    coupon: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is not as it was shown; `kind` chooses the sentence that says it."""

    kind: str  # price, quantity, added, removed, later, delivery, coupon, points, total
    title: str = ""
    before: int = 0
    now: int = 0
    zone: str = ""
    late: int = 0
    quantity: int = 0
    ships_on: date | None = None


def of(*, quote: Quote) -> Shown:
    """Return what a page with this quote shows."""
    lines = {line.sku: ShownLine.of(line) for line in quote.lines}
    return Shown(lines, quote.shipping.fee, quote.shipping.zone, quote.total, quote.points, quote.coupon)


def write(*, quote: Quote) -> str:
    """Return it as text for a hidden field."""
    return signing.dumps(asdict(of(quote=quote)), salt=_SALT, compress=True)


def read(text: str) -> Shown | None:
    """Return what a hidden field says; None when it is not from this shop."""
    try:
        data: dict[str, Any] = signing.loads(text, salt=_SALT)
        lines = {sku: ShownLine(**line) for sku, line in data["lines"].items()}
        less = (data.get("points", 0), data.get("coupon", 0))
        return Shown(lines, data["delivery"], data["zone"], data["total"], *less)
    except (signing.BadSignature, AttributeError, KeyError, TypeError, ValueError):
        return None


def changes(*, before: Shown, quote: Quote) -> list[Change]:
    """Return what is not as it was shown and must be agreed to again, line by line, then delivery and total.

    Goods that come sooner than was shown are no reason to stop.
    """
    after = of(quote=quote)
    found = [
        change
        for sku, line in after.lines.items()
        for change in (_differences(before.lines[sku], line) if sku in before.lines else [_added(line)])
    ]
    found += [Change("removed", old.title) for sku, old in before.lines.items() if sku not in after.lines]
    if before.delivery != after.delivery:
        found.append(Change("delivery", before=before.delivery, now=after.delivery, zone=after.zone))
    if before.coupon != after.coupon:
        found.append(Change("coupon", before=before.coupon, now=after.coupon))
    if before.points != after.points:
        found.append(Change("points", before=before.points, now=after.points))
    if before.total != after.total:
        found.append(Change("total", before=before.total, now=after.total))
    return found


def _added(line: ShownLine) -> Change:
    return Change("added", line.title, quantity=line.quantity)


def _differences(old: ShownLine, new: ShownLine) -> list[Change]:
    found = []
    if old.price != new.price:
        found.append(Change("price", new.title, old.price, new.price))
    if old.quantity != new.quantity:
        found.append(Change("quantity", new.title, old.quantity, new.quantity))
    if _later(old, new):
        found.append(Change("later", new.title, late=new.late, quantity=new.quantity, ships_on=new.day))
    return found


def _later(old: ShownLine, new: ShownLine) -> bool:
    """Return whether units that were ready must come first now, or come later than was said."""
    if not new.late:
        return False
    if new.late > old.late and (old.quantity == new.quantity or not old.late):
        return True
    return bool(old.day) and (new.day is None or new.ships_on > old.ships_on)
