"""The life of a return or exchange, whose doing it is, and what lay in the parcel that came back."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    RETURN = "return", _("Return")
    EXCHANGE = "exchange", _("Exchange")


class State(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    RECEIVED = "received", _("Received back")
    SETTLED = "settled", _("Settled")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Reason(models.TextChoices):
    CHANGED_MIND = "changed_mind", _("Changed my mind")
    DEFECTIVE = "defective", _("Faulty or not as described")
    WRONG_ITEM = "wrong_item", _("Wrong item received")
    DAMAGED = "damaged", _("Damaged on the way")
    OTHER = "other", _("Something else")


class Outcome(models.TextChoices):
    OK = "ok", _("As good as new")
    DAMAGED = "damaged", _("Damaged or used")
    MISSING = "missing", _("Not in the parcel")


class FeePaid(models.TextChoices):
    """How a shopper paid for both ways of an exchange that is her wish; the money is not the order's."""

    ENCLOSED = "enclosed", _("Cash in the parcel")
    TRANSFER = "transfer", _("Transfer to the shop")
    WAIVED = "waived", _("The shop does without it")


OPEN = frozenset({State.REQUESTED, State.APPROVED, State.RECEIVED})
NEXT: dict[State, frozenset[State]] = {
    State.REQUESTED: frozenset({State.APPROVED, State.REJECTED, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.RECEIVED, State.WITHDRAWN}),
    State.RECEIVED: frozenset({State.SETTLED, State.REJECTED}),
    State.REJECTED: frozenset(),
    State.SETTLED: frozenset(),
    State.WITHDRAWN: frozenset(),
}


def shopper_pays(reason: str) -> bool:
    """Return whether the way back is the shopper's: a change of mind (Act §18(9)); the shop's otherwise (§18(10))."""
    return reason == Reason.CHANGED_MIND
