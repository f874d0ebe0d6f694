"""Why a claim is not made or not moved along."""

from collections.abc import Mapping
from datetime import date


class UnableToClaim(Exception):
    """Nothing was changed."""


class NothingChosen(UnableToClaim):
    """A claim is about at least one unit."""


class TooMany(UnableToClaim):
    """More units than were delivered and are neither given back nor claimed; `left` of each line are."""

    def __init__(self, left: Mapping[int, int]) -> None:
        super().__init__(", ".join(f"line {pk}: {units} left" for pk, units in left.items()))
        self.left = dict(left)


class TooLate(UnableToClaim):
    """The time for this reason is over for some units; `left` of each line are still in time."""

    def __init__(self, left: Mapping[int, int]) -> None:
        super().__init__(", ".join(f"line {pk}: {units} in time" for pk, units in left.items()))
        self.left = dict(left)


class NothingToExchange(UnableToClaim):
    """A change of mind wants another option of each thing: the same again is no exchange."""


class NotAnOption(UnableToClaim):
    """What is wanted instead is no option of the same product at the same price, or not on sale any more."""


class NoticedTooLate(UnableToClaim):
    """Thirty days since the fault was noticed are over; `until` was the last of them."""

    def __init__(self, until: date) -> None:
        super().__init__(f"until {until}")
        self.until = until


class FeeOpen(UnableToClaim):
    """The shopper owes `fee` won for both ways, and nobody said how they were paid."""

    def __init__(self, fee: int) -> None:
        super().__init__(f"{fee} won")
        self.fee = fee


class MovedOn(UnableToClaim):
    """The claim is not where this act begins: somebody was quicker."""


class NothingCameBack(UnableToClaim):
    """No unit of the claim lay in the parcel."""


class OutOfStock(UnableToClaim):
    """There is no unit on the shelf to send instead."""
