"""How long backups are kept: so many days, weeks and months, each by its newest; never none."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from workers.backup import manifest as manifests
from workers.backup import media
from workers.backup.options import Options
from workers.backup.stores import Store

SEOUL = ZoneInfo("Asia/Seoul")
FRESH = timedelta(hours=24)  # all of them stay so long: also the one from before a deploy


def kept(*, names: Iterable[str], now: datetime, daily: int, weekly: int, monthly: int) -> set[str]:
    """Return the backups that stay: the newest of each of the last days, calendar weeks and months in Seoul.

    Today, this week and this month count as the first. The newest backup of all stays whatever its age.
    """
    newest_first = sorted(names, reverse=True)
    stay = {name for name in newest_first if now - manifests.moment(name) < FRESH} | set(newest_first[:1])
    today = now.astimezone(SEOUL).date()
    days: set[object] = {today - timedelta(days=n) for n in range(daily)}
    weeks: set[object] = {(today - timedelta(weeks=n)).isocalendar()[:2] for n in range(weekly)}
    months: set[object] = {_months_ago(today.year, today.month, n) for n in range(monthly)}
    stay |= _newest(newest_first, lambda at: at.date(), days)
    stay |= _newest(newest_first, lambda at: at.isocalendar()[:2], weeks)
    stay |= _newest(newest_first, lambda at: (at.year, at.month), months)
    return stay


def _months_ago(year: int, month: int, n: int) -> tuple[int, int]:
    whole = year * 12 + month - 1 - n
    return whole // 12, whole % 12 + 1


def _newest(newest_first: list[str], period: Callable[[datetime], object], wanted: set[object]) -> set[str]:
    found: dict[object, str] = {}
    for name in newest_first:
        found.setdefault(period(manifests.moment(name).astimezone(SEOUL)), name)
    return {name for key, name in found.items() if key in wanted}


def forget(*, store: Store, options: Options, now: datetime) -> list[str]:
    """Remove backups whose time is over, what belongs to none, and return the names of those that went.

    A backup's manifest goes first: a removal that breaks off leaves remains, never half a backup that counts.
    The caller holds the lock of backups.
    """
    names = manifests.names(store=store)
    stay = kept(names=names, now=now, daily=options.daily, weekly=options.weekly, monthly=options.monthly)
    gone = [name for name in names if name not in stay]
    store.delete(names=[f"{manifests.FOLDER}/{name}/manifest.json" for name in gone])
    needed = [manifests.read(store=store, name=name) for name in sorted(stay)]
    used = media.used(store=store, manifests=needed)
    remains = [name for name in store.names(under=manifests.FOLDER) if name.split("/")[1] not in stay] + [
        name for name in store.names(under=media.FOLDER) if name not in used
    ]
    store.delete(names=remains)
    return gone
