"""What every act on a claim does: lock the order, then the claim, move it along, and tell."""

from datetime import datetime

from commerce.claims import selectors
from commerce.claims.models import Claim
from commerce.claims.refusals import MovedOn
from commerce.claims.states import NEXT, State
from commerce.events import outbox
from commerce.events.base import Event
from commerce.orders import services as orders
from commerce.orders.models import Order


def follow(order: Order, claim: Claim, act: str, *, now: datetime, **more: object) -> None:
    """Tell the timeline, and let the order know how many claims are open."""
    orders.tell(order=order, kind=f"claim_{act}", now=now, claim=claim.pk, what=claim.kind, **more)
    orders.set_open_claims(order=order, count=selectors.unfinished(order=order))


def record(fact: type[Event], order: Order, claim: Claim, *, now: datetime) -> None:
    outbox.record(
        fact(order_id=order.pk, number=order.number, claim_id=claim.pk, kind=claim.kind, occurred_at=now)  # type: ignore[call-arg]  # the four facts have the same fields
    )


def advance(claim_id: int, wanted: State) -> tuple[Order, Claim]:
    order, claim = lock_both(claim_id)
    if wanted not in NEXT[State(claim.state)]:
        raise MovedOn(claim.state)
    claim.state = wanted
    return order, claim


def lock_both(claim_id: int) -> tuple[Order, Claim]:
    order = lock(Claim.objects.values_list("order_id", flat=True).get(pk=claim_id))
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim_id)
    claim.order = order
    return order, claim


def lock(order_id: int) -> Order:
    return Order.objects.select_for_update().get(pk=order_id)
