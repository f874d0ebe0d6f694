"""When somebody leaves the shop, the providers with which they signed in are told, by a worker."""

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from commerce.accounts import providers, sealing, trust
from commerce.accounts.models import Farewell
from commerce.events import outbox, types


@transaction.atomic
def note(*, user_id: int, now: datetime) -> int:
    """Write down whom to tell that somebody leaves; return how many. Belongs into the transaction of the leaving.

    A provider that the shop has no key or token for is left out: nothing can be asked of it.
    """
    found = 0
    for link in SocialAccount.objects.filter(user_id=user_id).order_by("pk"):
        token = (link.extra_data or {}).get(trust.TOKEN, "")
        if not providers.can_cut(provider=link.provider, token=token):
            continue
        row = Farewell.objects.create(provider=link.provider, uid=link.uid, token=token, asked_at=now)
        outbox.record(
            types.FarewellDue(user_id=user_id, farewell_id=row.pk, provider=link.provider, occurred_at=now)
        )
        found += 1
    return found


def say(*, farewell_id: int) -> bool:
    """Tell the provider, and forget who it was about; False when that was done before.

    Raises:
        StillLinked: it was not done; try again.
    """
    row = Farewell.objects.filter(pk=farewell_id).first()
    if row is None:
        return False
    token = sealing.unseal(row.token) if row.token else ""
    if token or row.provider == "kakao":
        providers.cut(provider=row.provider, uid=row.uid, token=token)
    row.delete()
    return True
