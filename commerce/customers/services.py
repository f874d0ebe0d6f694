"""Tell what changed of a back office account: who may do what is worth a fact, who it is stays in the account."""

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from commerce.customers.models import User
from commerce.events import outbox, types


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an account could do at one moment, and how its owner signed in."""

    active: bool
    administrator: bool
    groups: frozenset[int]
    permissions: frozenset[int]
    sign_in: str
    password: str
    profile: tuple[str, str, str]


@contextlib.contextmanager
def telling(*, user_ids: Collection[int], now: datetime) -> Iterator[None]:
    """Run a change of these accounts in one transaction and record how each differs afterwards."""
    with transaction.atomic():
        before = {key: standing(user_id=key) for key in sorted(user_ids)}
        yield
        for key, known in before.items():
            tell_of_change(user_id=key, before=known, now=now)


def standing(*, user_id: int | None) -> Standing | None:
    """Lock an account and return how it stands; None when there is no such account.

    Must run inside the transaction of the change that follows.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first() if user_id else None
    if user is None:
        return None
    return Standing(
        active=user.is_active,
        administrator=user.is_superuser or user.is_staff,
        groups=frozenset(user.groups.values_list("pk", flat=True)),
        permissions=frozenset(user.user_permissions.values_list("pk", flat=True)),
        sign_in=user.email,
        password=user.password,
        profile=(user.first_name, user.last_name, user.phone),
    )


def tell_of_change(*, user_id: int, before: Standing | None, now: datetime) -> tuple[str, ...]:
    """Record how an account differs from what `standing` returned before; return it.

    Nothing is recorded when nothing differs.
    """
    after = standing(user_id=user_id)
    changed = _differences(before, after)
    if changed:
        outbox.record(types.StaffChanged(user_id=user_id, changed=changed, occurred_at=now))
    return changed


def _differences(before: Standing | None, after: Standing | None) -> tuple[str, ...]:
    if after is None:
        return ("deleted",) if before else ()
    if before is None:
        rights = {
            "administrator": after.administrator,
            "groups": after.groups,
            "permissions": after.permissions,
        }
        return ("created", *(name for name, given in rights.items() if given))
    found = []
    if before.active != after.active:
        found.append("activated" if after.active else "deactivated")
    names = ("administrator", "groups", "permissions", "sign_in", "password", "profile")
    found += [name for name in names if getattr(before, name) != getattr(after, name)]
    return tuple(found)
