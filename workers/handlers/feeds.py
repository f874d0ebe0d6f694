"""Make the files from which Google and Naver read what the shop sells."""

from datetime import datetime

from django.conf import settings

from cms.context import shop_settings
from commerce import copies
from commerce.feeds import services
from commerce.feeds.kinds import KINDS, wanted
from workers import leaving
from workers.jobs import Context, Fact, NotNow


def make(_fact: Fact, context: Context) -> None:
    """Make each feed that is wanted anew, if what shoppers see changed since it was made, or if it is old.

    Raises:
        NotNow: this worker must leave; another begins anew at once, and no try is lost.
    """
    for name in wanted():
        if services.is_due(name=name, edition=copies.version(), now=context.now):
            make_one(name=name, now=context.now)


def make_one(*, name: str, now: datetime) -> None:
    """Make a feed as of a moment.

    Raises:
        NotNow: this worker must leave.
    """
    services.make(
        name=name,
        edition=copies.version(),  # before anything is read: what changes meanwhile makes it due again
        brand=shop_settings(language=KINDS[name].language)["brand"],
        base=settings.SHOP_BASE_URL,
        points_percent=settings.POINTS_PERCENT,
        now=now,
        going_on=_stay,
    )


def _stay() -> None:
    if leaving.asked():
        raise NotNow("this worker leaves", seconds=0)
