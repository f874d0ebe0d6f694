"""Keep what the law makes the shop keep, apart and until its day, and empty the rest.

Act on Consumer Protection in Electronic Commerce §6, Decree §6(1): contracts and withdrawals, payments and supply of
goods five years; complaints and disputes three years. PIPA §21(3): apart from other personal data.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from commerce.claims.models import Claim
from commerce.orders.models import Order, TimelineEntry
from commerce.privacy.models import RetainedRecord

CONTRACT_YEARS, COMPLAINT_YEARS = 5, 3
CONTRACT = "E-Commerce Act §6, Decree §6(1)2, 3"
COMPLAINT = "E-Commerce Act §6, Decree §6(1)4"
CONTACT = (
    "email",
    "name",
    "phone",
    "recipient_name",
    "recipient_phone",
    "postcode",
    "address1",
    "address2",
    "delivery_note",
)
_NOTED = ("noted", "looked_at")


def years_after(moment: datetime, years: int) -> datetime:
    """Return the same day so many years later; of the last of February, the first of March."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1)


def put_aside(*, order: Order) -> list[RetainedRecord]:
    """Move who ordered and who complained from a locked order to records of their own, and empty it there."""
    rows = [_contract(order)]
    claims = list(Claim.objects.select_for_update().filter(order=order).order_by("pk"))
    notes = list(TimelineEntry.objects.filter(order=order, kind__in=_NOTED).order_by("pk"))
    if claims or notes:
        rows.append(_complaint(order, claims, notes))
    RetainedRecord.objects.bulk_create(rows, ignore_conflicts=True)
    empty(order=order)
    return rows


def empty(*, order: Order) -> None:
    """Take out of a locked order who ordered it and where it went; goods and sums stay."""
    for name in CONTACT:
        setattr(order, name, "")
    order.save(update_fields=CONTACT)
    Claim.objects.filter(order=order).exclude(text="", reply="").update(text="", reply="")
    for entry in TimelineEntry.objects.filter(order=order, kind__in=_NOTED):
        entry.data = {key: value for key, value in entry.data.items() if key != "note"}
        entry.save(update_fields=["data"])


def forget_expired(*, now: datetime) -> int:
    """Delete the records whose time is over; return how many."""
    gone, _each = RetainedRecord.objects.filter(kept_until__lte=now).delete()
    return gone


def empty_old_orders(*, now: datetime, limit: int = 500) -> int:
    """Empty the contact of orders of which nothing happened for five years (PIPA §21(1)); return how many."""
    since = now - timedelta(days=365 * CONTRACT_YEARS + 2)
    old = Order.objects.filter(placed_at__lt=since, open_claims=0).exclude(email="")
    old = old.exclude(timeline__at__gte=since)
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    for key in keys:
        with transaction.atomic():
            empty(order=Order.objects.select_for_update().get(pk=key))
    return len(keys)


def _contract(order: Order) -> RetainedRecord:
    last = order.timeline.latest("at").at if order.timeline.exists() else order.placed_at
    data: dict[str, Any] = {name: getattr(order, name) for name in CONTACT}
    data |= {
        "number": order.number,
        "placed_at": order.placed_at.isoformat(),
        "total": order.total,
        "terms_version": order.terms_version,
        "payment_id": order.payment.payment_id,
    }
    return RetainedRecord(
        kind=RetainedRecord.Kind.CONTRACT,
        order=order,
        basis=CONTRACT,
        data=data,
        kept_from=last,
        kept_until=years_after(last, CONTRACT_YEARS),
    )


def _complaint(order: Order, claims: list[Claim], notes: list[TimelineEntry]) -> RetainedRecord:
    moments = [claim.settled_at or claim.decided_at or claim.requested_at for claim in claims]
    last = max([*moments, *(entry.at for entry in notes)])
    data = {
        "number": order.number,
        "name": order.name,
        "email": order.email,
        "phone": order.phone,
        "claims": [
            {
                "kind": claim.kind,
                "reason": claim.reason,
                "text": claim.text,
                "reply": claim.reply,
                "requested_at": claim.requested_at.isoformat(),
            }
            for claim in claims
        ],
        "notes": [
            {"at": entry.at.isoformat(), "note": entry.data["note"]}
            for entry in notes
            if entry.data.get("note")
        ],
    }
    return RetainedRecord(
        kind=RetainedRecord.Kind.COMPLAINT,
        order=order,
        basis=COMPLAINT,
        data=data,
        kept_from=last,
        kept_until=years_after(last, COMPLAINT_YEARS),
    )
