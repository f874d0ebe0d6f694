"""Files of products: checked and carried out, chunk by chunk, until they end or this worker must leave."""

from django.conf import settings

from cms.importing import pictures, running
from commerce.events import types
from workers import leaving
from workers.jobs import Context, Fact, NotNow
from workers.webhooks import sending, targets


def go_on(fact: Fact, context: Context) -> None:
    """Do what is left of an import. After a crash another worker finds the place in the database.

    Raises:
        NotNow: this worker must leave; another goes on at once, and no try is lost.
    """
    asked = fact.read(types.CatalogImportAsked)
    while running.advance(run_id=asked.import_id, fetch=fetch, now=context.now):
        if leaving.asked():
            raise NotNow("this worker leaves", seconds=0)


def fetch(url: str) -> bytes:
    """Return the picture at an address that a merchant wrote: only from a public host, bounded in size and time.

    Raises:
        Unfetched: the address is not allowed, or gave nothing.
    """
    try:
        target = targets.resolve(url=url, policy=targets.policy())
    except targets.Refused as refused:
        raise pictures.Unfetched(code="picture_url") from refused
    try:
        return sending.get(target=target, most=settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
    except sending.TooLarge as trouble:
        raise pictures.Unfetched(code="picture_bad") from trouble
    except sending.Unreachable as trouble:
        raise pictures.Unfetched(str(trouble)) from trouble
