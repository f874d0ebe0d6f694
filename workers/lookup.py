"""Which handler a stored name means; None for one that only a newer or an older version of the shop knows."""

from collections.abc import Iterable, Mapping

from workers.jobs import Handler
from workers.routing import HANDLERS
from workers.webhooks import delivering as webhooks


def handler(*, name: str, handlers: Mapping[str, Handler] = HANDLERS) -> Handler | None:
    """Return the handler of that name."""
    return handlers.get(name) or webhooks.handler(name=name)


def queues(*, names: Iterable[str], handlers: Mapping[str, Handler] = HANDLERS) -> dict[str, str]:
    """Return the queue that each known handler has today."""
    found = {name: handler(name=name, handlers=handlers) for name in set(names)}
    return {name: known.queue for name, known in found.items() if known}
