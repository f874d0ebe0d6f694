"""What can be replayed, by its name: a routed handler, or a merchant's endpoint as `webhook:<its id>`."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from workers import lookup
from workers.jobs import Handler
from workers.models import WebhookEndpoint
from workers.routing import HANDLERS, ROUTES
from workers.webhooks import catalogue


class NotReplayable(Exception):
    """Nothing can be replayed under that name."""


class Unknown(NotReplayable):
    """No handler is called so; `near` are names like it."""

    def __init__(self, name: str) -> None:
        self.near = difflib.get_close_matches(name, HANDLERS, n=3, cutoff=0.4)
        hint = f"; perhaps {', '.join(self.near)}" if self.near else ""
        super().__init__(f"no handler is called {name}{hint}")


class NoEndpoint(NotReplayable):
    """There is no such webhook."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"there is no webhook {name.removeprefix('webhook:')}: it is called webhook:<its number>"
        )


class SwitchedOff(NotReplayable):
    """The webhook is off: what is sent to it would be cancelled at once."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is switched off: switch it on first")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A handler and the facts that it reacts to."""

    handler: Handler
    types: list[str]


def target(*, name: str) -> Target:
    """Return what a name means to whoever asks for a replay.

    Raises:
        NotReplayable: nothing that can be replayed is called so; the message says why.
    """
    handler = find(name=name)
    if handler is None:
        raise NoEndpoint(name) if name.startswith("webhook:") else Unknown(name)
    if handler.queue == "webhooks":
        return Target(handler=handler, types=sorted(set(_endpoint(name).types) & set(catalogue.PUBLIC)))
    return Target(handler=handler, types=[type_ for type_, row in ROUTES.items() if handler in row])


def find(*, name: str, handlers: Mapping[str, Handler] = HANDLERS) -> Handler | None:
    """Return the handler of a name as a replay needs it; None for one that only other versions of the shop know.

    Raises:
        NotReplayable: the endpoint is off or deleted.
    """
    found = lookup.handler(name=name, handlers=handlers)
    if found is None or found.queue != "webhooks":
        return found
    endpoint = _endpoint(name)
    if not endpoint.enabled:
        raise SwitchedOff(name)
    return replace(found, ordered=endpoint.ordered)


def _endpoint(name: str) -> WebhookEndpoint:
    endpoint = WebhookEndpoint.objects.filter(pk=int(name.removeprefix("webhook:"))).first()
    if endpoint is None:
        raise NoEndpoint(name)
    return endpoint
