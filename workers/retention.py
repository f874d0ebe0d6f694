"""How long the queue remembers. Deletes in batches, so that nobody waits behind a long transaction."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from commerce.accounts import forgetting as accounts
from commerce.cart import forgetting as carts
from commerce.claims import forgetting
from commerce.coupons import services as coupons
from commerce.newsletter import services as newsletter
from commerce.privacy import access, exporting, retaining
from commerce.restock import services as restock
from commerce.wishlist import services as wishlists
from workers.sql import DELIVERY, OUTBOX

BATCH = 5000
DELIVERIES = timedelta(days=30)
PASSING = timedelta(days=30)  # what the clock and carts told is of no use later
EVENTS = timedelta(days=400)
FAREWELLS = timedelta(days=30)  # providers that could not be told: they hold who it was
MAILS = timedelta(days=400)  # they hold an address


def forget(*, now: datetime, batch: int = BATCH) -> dict[str, int]:
    """Delete finished deliveries, failed tries, old facts, used keys, the memory of mails, photos of old claims,
    unsent codes, wishlists of guests, restock requests, subscriptions and sessions that are over, accounts that were
    never confirmed, and personal data whose time is over.

    Returns how many of each.

    Dead deliveries stay until a person decides, and so does the event of any delivery.
    """
    return {
        "attempts": _delete("workers_deliveryattempt", "started_at < %s", now - DELIVERIES, batch),
        "sent": _delete("workers_webhooktry", "sent_at < %s", now - DELIVERIES, batch),
        "deliveries": _delete(
            DELIVERY, "state IN (3, 5) AND coalesce(done_at, created_at) < %s", now - DELIVERIES, batch
        ),
        "passing": _delete(
            OUTBOX,
            f"aggregate_type IN ('schedule', 'cart', 'wishlist') AND occurred_at < %s AND {_UNUSED}",
            now - PASSING,
            batch,
        ),
        "events": _delete(OUTBOX, f"occurred_at < %s AND {_UNUSED}", now - EVENTS, batch),
        "keys": _delete("commerce_idempotencykey", "expires_at < %s", now, batch),
        "marks": _delete("workers_handledevent", f"at < %s AND {_EVENT_GONE}", now - EVENTS, batch),
        "mails": _delete("workers_outboundemail", "created_at < %s", now - MAILS, batch),
        "letters": _delete("commerce_accountletter", "useless_at < %s", now, batch),
        "farewells": _delete("commerce_farewell", "asked_at < %s", now - FAREWELLS, batch),
        "claim_photos": _photos(now),
        "wishlists": wishlists.forget(now=now),
        "restock_requests": restock.forget(now=now),
        "newsletter": newsletter.forget(now=now),
        "carts": carts.forget_carts(now=now),
        "coupons": coupons.forget_old(now=now),
        "retained_records": retaining.forget_expired(now=now),
        "order_contacts": retaining.empty_old_orders(now=now),
        "unconfirmed_accounts": accounts.forget_unconfirmed(
            now=now, after=timedelta(days=settings.UNCONFIRMED_ACCOUNT_DAYS)
        ),
        "data_copies": exporting.forget_expired(now=now),
        "access_rows": access.forget(now=now),
        "sessions": _delete("django_session", "expire_date < %s", now, batch, key="session_key"),
        "devices": _devices(),
    }


_UNUSED = f"""fanned_out_at IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM {DELIVERY} d WHERE d.event_id = {OUTBOX}.id)"""

_EVENT_GONE = f"NOT EXISTS (SELECT FROM {OUTBOX} e WHERE e.event_id = workers_handledevent.event_id)"


def _photos(now: datetime) -> int:
    total = 0
    while gone := forgetting.forget_photos(now=now):
        total += gone
    return total


def _devices() -> int:
    """Delete what the page of devices remembers of sessions that are gone: it holds addresses."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM usersessions_usersession d"
            " WHERE NOT EXISTS (SELECT FROM django_session s WHERE s.session_key = d.session_key)"
        )
        return int(cursor.rowcount)


def _delete(table: str, condition: str, before: datetime, batch: int, *, key: str = "id") -> int:
    total = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {condition} LIMIT %s)",
                [before, batch],
            )
            gone = int(cursor.rowcount)
            total += gone
            if gone < batch:
                return total
