"""Compare our books with the provider's: what it holds must be what we believe, payment by payment."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from commerce.payments.gateway import GatewayPayment
from commerce.payments.models import Payment, PaymentComparison
from commerce.payments.states import MONEY_IS_IN, PaymentState

_TOLD = MONEY_IS_IN | {PaymentState.AWAITING_DEPOSIT}  # before that the two may differ for a moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A payment about which two books say different things."""

    payment_id: str
    order_number: str  # empty: no order of ours has such a payment
    field: str  # "payment", "state", "amount" or "refunded"
    ours: str
    theirs: str


def differences(
    *, theirs: Iterable[GatewayPayment], since: datetime, until: datetime
) -> tuple[int, list[Difference]]:
    """Compare what the provider changed from `since` until `until`; return how many payments, and what differs.

    A payment counts for us when the provider's last change of it that we know falls into that time.
    """
    told = {found.payment_id: found for found in theirs if found.state in _TOLD}
    ours = {row.payment_id: row for row in _known(told)} | {
        row.payment_id: row for row in _changed(since, until)
    }
    found: list[Difference] = []
    for payment_id in sorted(told.keys() | ours.keys()):
        found += _compare(payment_id, ours.get(payment_id), told.get(payment_id))
    return len(told.keys() | ours.keys()), found


def keep(
    *, since: datetime, until: datetime, checked: int, found: Iterable[Difference], now: datetime
) -> PaymentComparison:
    """Write the result of a comparison down; made again for the same time, it replaces the earlier one."""
    row, _new = PaymentComparison.objects.update_or_create(
        since=since,
        until=until,
        defaults={"checked": checked, "differences": [asdict(one) for one in found], "at": now},
    )
    return row


def _known(told: dict[str, GatewayPayment]) -> Iterable[Payment]:
    return Payment.objects.select_related("order").filter(payment_id__in=list(told))


def _changed(since: datetime, until: datetime) -> Iterable[Payment]:
    return Payment.objects.select_related("order").filter(
        provider_changed_at__gte=since, provider_changed_at__lt=until, state__in=_TOLD
    )


def _compare(payment_id: str, ours: Payment | None, theirs: GatewayPayment | None) -> list[Difference]:
    number = ours.order.number if ours else ""

    def differ(field: str, mine: object, other: object) -> list[Difference]:
        if mine == other:
            return []
        return [
            Difference(
                payment_id=payment_id, order_number=number, field=field, ours=str(mine), theirs=str(other)
            )
        ]

    if ours is None:
        assert theirs is not None
        return differ("payment", "", theirs.state.value)
    if theirs is None:
        return differ("payment", ours.state, "")
    return [
        *differ("state", str(ours.state), theirs.state.value),
        *differ("amount", ours.amount, theirs.total),
        *differ("refunded", ours.cancelled_amount, theirs.cancelled),
    ]
