"""What can still be promised, and what is still owed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from commerce.inventory.models import Reservation, StockItem


@dataclass(frozen=True, slots=True)
class Supply:
    """How many of a variant can be promised: from the shelf, and before they are here."""

    on_shelf: int
    to_come: int = 0
    ships_on: date | None = None  # when those to come are sent; None when only their arrival decides

    @property
    def available(self) -> int:
        """Return how many can be promised at all."""
        return self.on_shelf + self.to_come

    def late(self, *, quantity: int) -> int:
        """Return how many of `quantity` units would have to come first."""
        return max(quantity - self.on_shelf, 0)

    @classmethod
    def of(cls, item: StockItem, *, today: date) -> "Supply":
        """Read a stock item; a day that has passed is no promise."""
        return cls.now(on_shelf=item.on_shelf, to_come=item.to_come, ships_on=item.ships_on, today=today)

    @classmethod
    def now(cls, *, on_shelf: int, to_come: int, ships_on: date | None, today: date) -> "Supply":
        """Read the numbers of a stock item; a day that has passed is no promise."""
        ahead = ships_on if ships_on and ships_on >= today else None
        return cls(max(on_shelf, 0), max(to_come, 0), ahead)


def supplies(*, variant_ids: Collection[int], today: date) -> dict[int, Supply]:
    """Return how many of each variant can be promised; a variant without stock item is missing."""
    items = StockItem.objects.filter(variant_id__in=variant_ids)
    return {item.variant_id: Supply.of(item, today=today) for item in items}


def who_waits() -> QuerySet[Reservation, str]:
    """Return the references for which units are still to arrive."""
    rows = Reservation.objects.filter(owed__gt=0).exclude(state=Reservation.State.RELEASED)
    return rows.values_list("reference", flat=True)


def waiting(*, references: Collection[str]) -> dict[tuple[str, int], int]:
    """Return units that orders wait for, by reference and variant id: they cannot be sent yet."""
    rows = Reservation.objects.filter(reference__in=references, owed__gt=0)
    return {
        (row.reference, row.item.variant_id): row.owed
        for row in rows.exclude(state=Reservation.State.RELEASED).select_related("item")
    }


def held(*, reference: str) -> dict[int, int]:
    """Return the units that are kept on the shelf under a reference, by variant id; nothing when they are not any more."""
    rows = Reservation.objects.filter(reference=reference, state=Reservation.State.HELD, owed=0)
    return dict(rows.values_list("item__variant", "quantity"))
