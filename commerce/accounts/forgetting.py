"""Accounts that nobody ever got into: somebody signed up, and the code of the mail was never typed."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from commerce.customers.models import User


def forget_unconfirmed(*, now: datetime, after: timedelta, limit: int = 500) -> int:
    """Delete accounts of which no address was proven `after` their sign-up and that nobody ever opened; return how many.

    An order that such an account was to keep is a guest's again. Colleagues, and accounts that commands made, stay.
    """
    keys = list(_unconfirmed(now - after).order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(_forget(key, before=now - after) for key in keys)


@transaction.atomic
def _forget(user_id: int, *, before: datetime) -> bool:
    """Delete one, unless its code was typed meanwhile: whoever types it waits for this row, or we for theirs."""
    list(EmailAddress.objects.select_for_update().filter(user_id=user_id).order_by("pk"))
    user = _unconfirmed(before).select_for_update(of=("self",)).filter(pk=user_id).first()
    if user is None:
        return False
    user.delete()
    return True


def _unconfirmed(before: datetime) -> QuerySet[User]:
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(addresses.filter(verified=False)),
        ~Exists(addresses.filter(verified=True)),
        date_joined__lt=before,
        last_login=None,
        is_active=True,
        is_staff=False,
        is_superuser=False,
        groups=None,
    )
