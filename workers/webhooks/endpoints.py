"""What happens to an endpoint: made, changed, its secret rotated, switched off and on, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from commerce.events import outbox, types
from workers.models import WebhookEndpoint
from workers.sql import DELIVERY
from workers.webhooks import signing

PATIENCE = timedelta(days=5)  # of failures alone, until an endpoint is switched off
PARKED = "the endpoint was switched off"
DELETED = "the endpoint was deleted"
Reason = WebhookEndpoint.DisabledReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What staff chooses of an endpoint. `url` was checked by `workers.webhooks.targets`."""

    name: str
    url: str
    types: tuple[str, ...]
    ordered: bool = False


@transaction.atomic
def create(*, chosen: Settings, by: Any, now: datetime) -> WebhookEndpoint:
    """Return a new endpoint with a secret of its own; facts from now on are told to it."""
    return WebhookEndpoint.objects.create(
        name=chosen.name,
        url=chosen.url,
        types=list(chosen.types),
        ordered=chosen.ordered,
        secret=signing.new_secret(),
        secret_since=now,
        created_at=now,
        created_by=by,
    )


@transaction.atomic
def change(*, endpoint_id: int, chosen: Settings) -> WebhookEndpoint:
    """Change what staff chose; a new address begins without the failures of the old one."""
    endpoint = _locked(endpoint_id)
    if endpoint.url != chosen.url:
        endpoint.failing_since = None
    endpoint.name, endpoint.url, endpoint.ordered = chosen.name, chosen.url, chosen.ordered
    endpoint.types = list(chosen.types)
    endpoint.save(update_fields=["name", "url", "types", "ordered", "failing_since"])
    return endpoint


@transaction.atomic
def rotate(*, endpoint_id: int, overlap: timedelta, now: datetime) -> WebhookEndpoint:
    """Give an endpoint a new secret; the old one signs too for `overlap`. An even older one ends at once."""
    endpoint = _locked(endpoint_id)
    endpoint.previous_secret = endpoint.secret if overlap else ""
    endpoint.previous_until = now + overlap if overlap else None
    endpoint.secret, endpoint.secret_since = signing.new_secret(), now
    endpoint.save(update_fields=["secret", "secret_since", "previous_secret", "previous_until"])
    return endpoint


def secrets(*, endpoint: WebhookEndpoint, now: datetime) -> list[str]:
    """Return the secrets that sign at a moment, the current one first."""
    both = endpoint.previous_secret and endpoint.previous_until and now < endpoint.previous_until
    return [endpoint.secret, *([endpoint.previous_secret] if both else [])]


@transaction.atomic
def disable(*, endpoint_id: int, reason: str, now: datetime, url: str = "") -> bool:
    """Switch an endpoint off and park what waits for it; return False when it was off already or is deleted.

    With `url` only while it still has that address: what another one answered is not its answer. Parked deliveries are cancelled: they do not alarm anybody and can be sent again once it is on. When the
    shop switched it off by itself, the fact leads to a mail.
    """
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None or not endpoint.enabled or (url and url != endpoint.url):
        return False
    endpoint.enabled, endpoint.disabled_reason, endpoint.disabled_at = False, reason, now
    endpoint.save(update_fields=["enabled", "disabled_reason", "disabled_at"])
    _cancel_open(endpoint.handler, PARKED, states=(0, 2))
    if reason != Reason.BY_STAFF:
        outbox.record(
            types.WebhookEndpointDisabled(endpoint_id=endpoint.pk, reason=str(reason), occurred_at=now)
        )
    return True


@transaction.atomic
def enable(*, endpoint_id: int) -> bool:
    """Switch an endpoint on, with all its patience again; return False when it was on already."""
    endpoint = _locked(endpoint_id)
    if endpoint.enabled:
        return False
    endpoint.enabled, endpoint.disabled_reason = True, ""
    endpoint.disabled_at = endpoint.failing_since = None
    endpoint.save(update_fields=["enabled", "disabled_reason", "disabled_at", "failing_since"])
    return True


@transaction.atomic
def delete(*, endpoint_id: int) -> int:
    """Delete an endpoint; return how many deliveries were open and are cancelled."""
    endpoint = _locked(endpoint_id)
    cancelled = _cancel_open(endpoint.handler, DELETED, states=(0, 2, 4))
    endpoint.delete()
    return cancelled


def succeeded(*, endpoint_id: int) -> None:
    """Remember that a message was accepted: whatever failed before is over."""
    WebhookEndpoint.objects.filter(pk=endpoint_id, failing_since__isnull=False).update(failing_since=None)


def failed(*, endpoint_id: int, now: datetime) -> bool:
    """Remember that a message was not accepted; return whether the endpoint was switched off for it."""
    WebhookEndpoint.objects.filter(pk=endpoint_id, failing_since=None).update(failing_since=now)
    tired = WebhookEndpoint.objects.filter(
        Q(failing_since__lte=now - PATIENCE), pk=endpoint_id, enabled=True
    ).exists()
    return tired and disable(endpoint_id=endpoint_id, reason=Reason.FAILING, now=now)


def _locked(endpoint_id: int) -> WebhookEndpoint:
    return WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)


def _cancel_open(handler: str, why: str, *, states: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {DELIVERY} SET state = 5, done_at = now(), last_error = %s
                WHERE handler = %s AND handler::text LIKE 'webhook:%%' AND state = ANY(%s)""",
            [why, handler, list(states)],
        )
        return int(cursor.rowcount)
