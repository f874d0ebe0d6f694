"""Questions about the routing table that are asked before anything is delivered: `manage.py check`, relay, worker."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, get_args

from django.core.checks import CheckMessage, Error, register, run_checks
from django.core.exceptions import ImproperlyConfigured

from commerce.events.base import registry
from workers.jobs import QUEUES, Handler, Kind

Routes = Mapping[str, tuple[Handler, ...]]


@register("workers")
def routing_table(**_kwargs: Any) -> list[CheckMessage]:
    """Find rows of the routing table that could never work."""
    from workers.routing import ALIASES, ROUTES  # noqa: PLC0415 - a web process need not load every handler

    return problems(routes=ROUTES, aliases=ALIASES, facts=registry())


def refuse_nonsense() -> None:
    """Stop a process that is no management command when the routing table cannot work.

    Raises:
        ImproperlyConfigured: it says everything that is wrong.
    """
    found = run_checks(tags=["workers"])
    if found:
        raise ImproperlyConfigured("; ".join(str(message.msg) for message in found))


def problems(*, routes: Routes, aliases: Mapping[str, Handler], facts: Collection[str]) -> list[CheckMessage]:
    """Return what is wrong with a routing table for these facts."""
    handlers = [handler for row in routes.values() for handler in row] + list(aliases.values())
    told = [*_rows(routes, facts), *_names(routes, aliases)]
    for handler in dict.fromkeys(handlers):
        told += _about(handler)
    return list(told)


def _rows(routes: Routes, facts: Collection[str]) -> Iterator[CheckMessage]:
    for name in sorted(set(routes) - set(facts)):
        yield Error(f"ROUTES has a row for {name}, which is no declared fact.", id="workers.E001")
    for name in sorted(set(facts) - set(routes)):
        yield Error(
            f"ROUTES has no row for {name}.",
            hint="An empty row, with its reason, says that nobody reacts.",
            id="workers.E002",
        )


def _names(routes: Routes, aliases: Mapping[str, Handler]) -> Iterator[CheckMessage]:
    seen: dict[str, Handler] = {}
    for row in routes.values():
        for handler in row:
            if seen.setdefault(handler.name, handler) != handler:
                yield Error(f"Two different handlers are called {handler.name}.", id="workers.E003")
    for name in sorted(set(aliases) & set(seen)):
        yield Error(f"The alias {name} is the name of a handler.", id="workers.E003")
    for fact, row in routes.items():
        if len({handler.name for handler in row}) < len(row):
            yield Error(f"{fact} names a handler twice.", id="workers.E003")


def _about(handler: Handler) -> Iterator[CheckMessage]:
    name = handler.name
    if not callable(handler.function):
        yield Error(f"The function of {name} cannot be called.", id="workers.E004")
    if handler.kind not in get_args(Kind):
        yield Error(f"{name} is of the unknown kind {handler.kind}.", id="workers.E005")
    if handler.once and handler.kind != "db":
        yield Error(f"{name} is done once, which only the kind db can promise.", id="workers.E005")
    if handler.tries < 1 or min(handler.delays, default=0) < 0:
        yield Error(f"{name} would never be tried.", id="workers.E006")
    queue = QUEUES.get(handler.queue)
    if queue is None:
        yield Error(
            f"{name} waits in the unknown queue {handler.queue}.",
            hint=f"Queues are {', '.join(QUEUES)}.",
            id="workers.E007",
        )
        return
    limit = min(queue.limit, QUEUES["quarantine"].limit)
    if not 0 < handler.timeout < limit:
        yield Error(
            f"{name} may run {handler.timeout} s, but its queue {queue.name} stops it after {limit} s.",
            id="workers.E008",
        )
