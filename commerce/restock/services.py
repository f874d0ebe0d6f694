"""Wait for what is sold out, and be told in turn. A request is locked after the stock of its variant, never before.

Whoever is first in line gets a unit kept for some hours; the others are told of what is free, one address for each
free unit, so that nobody is called for nothing. Who was told is never told again.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from commerce.cart import services as carts
from commerce.cart.models import Cart
from commerce.catalog import selectors as catalog
from commerce.catalog.models import Variant
from commerce.events import outbox, types
from commerce.inventory import selectors as inventory
from commerce.inventory import stock
from commerce.inventory.models import StockItem
from commerce.restock import selectors
from commerce.restock.models import RestockRequest

State = RestockRequest.State
KEPT = timedelta(days=30)  # after the mail
LONGEST = timedelta(days=365)  # nobody waits longer for what does not come
PER_RUN = 200  # variants that the clock looks at in one go


class UnableToWait(Exception):
    """Nothing was changed."""


class NotForSale(UnableToWait):
    """The variant does not exist or is off sale."""


class InStock(UnableToWait):
    """It can be ordered right now."""


class HoldOver(UnableToWait):
    """No unit is kept for this request any more."""


@transaction.atomic
def ask(
    *, sku: str, email: str, language: str, customer_id: int | None = None, now: datetime
) -> RestockRequest:
    """Wait for a variant under an address; asked again, it is the same request.

    Raises:
        NotForSale: it does not exist or is off sale.
        InStock: units can be ordered now.
    """
    variant = catalog.sellable(skus=[sku]).get(sku)
    if variant is None:
        raise NotForSale(sku)
    if variant.stock.available > 0:
        raise InStock(sku)
    found = _waits(variant, email)
    if found:
        return found
    try:
        with transaction.atomic():
            request = RestockRequest.objects.create(
                variant=variant, email=email, language=language, customer_id=customer_id, asked_at=now
            )
    except IntegrityError:  # the button was pressed twice
        return RestockRequest.objects.get(variant=variant, email__iexact=email, state=State.WAITING)
    outbox.record(types.RestockRequested(sku=variant.sku, request_id=request.pk, occurred_at=now))
    return request


@transaction.atomic
def cancel(*, request_id: int, now: datetime) -> bool:
    """Do not wait any more, and let go of a unit that is kept; return False when it is over already."""
    variant_id = RestockRequest.objects.values_list("variant", flat=True).get(pk=request_id)
    stock.lock(variant_ids=[variant_id])
    request = RestockRequest.objects.select_for_update().select_related("variant").get(pk=request_id)
    if request.state == State.WAITING:
        request.state = State.CANCELLED
        request.save(update_fields=["state"])
        outbox.record(types.RestockCancelled(sku=request.variant.sku, request_id=request.pk, occurred_at=now))
        return True
    return _end_hold(request, now=now)


@transaction.atomic
def stop(*, email: str, now: datetime) -> int:
    """Let an address wait for nothing any more; return for how many variants it did. A unit that is kept stays kept."""
    mine = RestockRequest.objects.filter(email__iexact=email, state=State.WAITING)
    variants = sorted(mine.values_list("variant", flat=True))
    stock.lock(variant_ids=variants)
    locked = mine.filter(variant__in=variants).select_for_update(of=("self",))
    rows = list(locked.select_related("variant").order_by("pk"))
    for row in rows:
        row.state = State.CANCELLED
        row.save(update_fields=["state"])
        outbox.record(types.RestockCancelled(sku=row.variant.sku, request_id=row.pk, occurred_at=now))
    return len(rows)


@transaction.atomic
def serve(*, sku: str, now: datetime) -> int:
    """Tell those who wait for a variant of the units that are free; return how many are told.

    It may be called as often as one likes: of each free unit one address is told, for as long as a kept one
    would be kept.
    """
    variant = Variant.objects.filter(sku=sku, active=True, product__listed=True).first()
    if variant is None or not RestockRequest.objects.filter(variant=variant, state=State.WAITING).exists():
        return 0
    stock.lock(variant_ids=[variant.pk])
    item = StockItem.objects.get(variant=variant)
    held = _keeps_one(variant)
    since = now - timedelta(hours=settings.RESTOCK_HOLD_HOURS)
    told = RestockRequest.objects.filter(
        variant=variant, state=State.TOLD, held_until=None, told_at__gt=since
    ).count()
    places = max(item.available - told, 0)
    rows = list(
        RestockRequest.objects.select_for_update()
        .filter(variant=variant, state=State.WAITING)
        .order_by("pk")[:places]
    )
    for row in rows:
        keep = not held and item.on_shelf > 0
        _tell(row, variant, keep=keep, now=now)
        held = True
    return len(rows)


@transaction.atomic
def take(*, token: str, cart_token: uuid.UUID | None, now: datetime) -> Cart:
    """Put the kept unit into a cart, which can order it whatever else is sold meanwhile; starts a cart if need be.

    Taken twice into one cart it lies there once; of two carts the first that orders gets it.

    Raises:
        HoldOver: no unit is kept under this token any more.
        carts.UnableToChangeCart: the cart cannot take it.
    """
    request = selectors.by_token(token=token)
    if request is None or not inventory.held(reference=request.reference):
        raise HoldOver
    return carts.add_held(token=cart_token, sku=request.variant.sku, hold=request.reference, now=now)


def forget(*, now: datetime, limit: int = 5_000) -> int:
    """Delete requests that are over, and those that waited for too long, with their addresses; return how many."""
    over = Q(state=State.TOLD, told_at__lt=now - KEPT) & (Q(held_until=None) | Q(hold_over=True))
    cancelled = Q(state=State.CANCELLED)
    in_vain = Q(state=State.WAITING, asked_at__lt=now - LONGEST)
    keys = RestockRequest.objects.filter(over | cancelled | in_vain).values_list("pk", flat=True)[:limit]
    count, _each = RestockRequest.objects.filter(pk__in=list(keys)).delete()
    return count


def tick(*, now: datetime) -> int:
    """Let go of units that nobody came for, and tell those who wait of whatever is free; return how many are told."""
    late = RestockRequest.objects.filter(hold_over=False, held_until__lte=now).order_by("pk")
    for request_id in list(late.values_list("pk", flat=True)[:PER_RUN]):
        _lapse(request_id, now=now)
    waiting = RestockRequest.objects.filter(state=State.WAITING)
    rows = waiting.order_by().values_list("variant__sku", flat=True).distinct()[:PER_RUN]
    return sum(serve(sku=sku, now=now) for sku in list(rows))


@transaction.atomic
def _lapse(request_id: int, *, now: datetime) -> bool:
    variant_id = RestockRequest.objects.values_list("variant", flat=True).get(pk=request_id)
    stock.lock(variant_ids=[variant_id])
    request = RestockRequest.objects.select_for_update().select_related("variant").get(pk=request_id)
    if request.held_until is None or request.held_until > now:
        return False
    return _end_hold(request, now=now)


def _end_hold(request: RestockRequest, *, now: datetime) -> bool:
    """Give a kept unit back to the shop, unless it was ordered; the stock is locked."""
    if request.held_until is None or request.hold_over:
        return False
    taken = not stock.release(reference=request.reference, now=now)
    request.hold_over = True
    request.save(update_fields=["hold_over"])
    outbox.record(
        types.RestockHoldEnded(sku=request.variant.sku, request_id=request.pk, taken=taken, occurred_at=now)
    )
    return True


def _tell(request: RestockRequest, variant: Variant, *, keep: bool, now: datetime) -> None:
    request.state, request.told_at = State.TOLD, now
    if keep:
        request.held_until = now + timedelta(hours=settings.RESTOCK_HOLD_HOURS)
        stock.reserve(
            quantities={variant.pk: 1}, reference=request.reference, expires_at=request.held_until, now=now
        )
    request.save(update_fields=["state", "told_at", "held_until"])
    outbox.record(types.RestockNotified(sku=variant.sku, request_id=request.pk, held=keep, occurred_at=now))


def _keeps_one(variant: Variant) -> bool:
    rows = RestockRequest.objects.filter(variant=variant, held_until__isnull=False, hold_over=False)
    return any(inventory.held(reference=row.reference) for row in rows)


def _waits(variant: Variant, email: str) -> RestockRequest | None:
    return RestockRequest.objects.filter(variant=variant, email__iexact=email, state=State.WAITING).first()
