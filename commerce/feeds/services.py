"""Make the files of feeds, and keep the newest one of each."""

import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import IO

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils.crypto import get_random_string

from commerce.feeds import selectors
from commerce.feeds.kinds import KINDS, Kind
from commerce.feeds.models import Feed
from commerce.feeds.shapes import Shop

MOST_AGE = timedelta(
    hours=6
)  # then a feed is made again though no fact was told: days of dispatch come and go
logger = logging.getLogger(__name__)


def is_due(*, name: str, edition: str, now: datetime) -> bool:
    """Return whether something that shoppers see changed since a feed was made, or whether it is old."""
    made = Feed.objects.filter(name=name).first()
    return made is None or made.edition != edition or made.made_at <= now - MOST_AGE


def make(
    *,
    name: str,
    brand: str,
    base: str,
    points_percent: int,
    edition: str,
    now: datetime,
    going_on: Callable[[], None] = lambda: None,
) -> bool:
    """Write a feed as of a moment and let it take the place of the one before; False when there is a newer one.

    `base` is the shop's absolute address, `edition` the version of what is shown, read before. `going_on` is called
    every few hundred products; what it raises ends the work, and the feed before stays.
    """
    kind = KINDS[name]
    shop = Shop(
        brand=brand,
        home=f"{base.rstrip('/')}/",
        language=kind.language,
        now=now,
        delivery=selectors.delivery(language=kind.language),
        points_percent=points_percent,
    )
    goods = selectors.goods(language=kind.language, base=base, now=now, going_on=going_on)
    with tempfile.TemporaryFile() as spool:
        entries, digest = _write(spool, kind.parts(goods=goods, shop=shop))
        size = spool.tell()
        spool.seek(0)
        file = storages["private"].save(_file_name(name, kind), File(spool))
    made = Feed(name=name, file=file, digest=digest, size=size, entries=entries, edition=edition, made_at=now)
    spare = _put(made)
    for old in filter(None, [spare]):
        storages["private"].delete(old)
    return spare != file


@transaction.atomic
def _put(made: Feed) -> str:
    """Let a file be the newest of its feed; return the file that nobody needs any more."""
    Feed.objects.bulk_create([made], ignore_conflicts=True)
    row = Feed.objects.select_for_update().get(name=made.name)
    if row.file == made.file:
        return ""
    if row.made_at > made.made_at:
        return made.file
    made.pk, spare = row.pk, row.file
    made.save(force_update=True)
    return spare


def _write(spool: IO[bytes], parts: Iterator[tuple[str, int]]) -> tuple[int, str]:
    entries, digest = 0, hashlib.sha256()
    for part, count in parts:
        data = part.encode()
        digest.update(data)
        spool.write(data)
        entries += count
    return entries, digest.hexdigest()


def _file_name(name: str, kind: Kind) -> str:
    return f"feeds/{name}-{get_random_string(20)}.{kind.ending}"
