"""Read a stored fact as the newest version of its class has it: the only form that handlers ever see."""

from dataclasses import replace

from commerce.events.base import registry
from commerce.events.schema import InvalidFact
from commerce.events.upcasting import STEPS
from workers.jobs import Fact, Permanent


def known(*, fact: Fact) -> bool:
    """Return whether this release knows the fact in that version; if not, a newer worker does."""
    kind = registry().get(fact.type)
    return kind is not None and fact.version <= kind.version


def newest(*, fact: Fact) -> Fact:
    """Return a known fact with the payload that its class declares today.

    Raises:
        Permanent: what is stored is no such fact; no later try would read it better.
    """
    kind = registry()[fact.type]
    try:
        payload = STEPS.newest(kind=kind, version=fact.version, payload=fact.payload)
        kind.from_payload(payload, occurred_at=fact.occurred_at)
    except InvalidFact as wrong:
        raise Permanent(f"event {fact.event_id} cannot be read: {wrong}") from wrong
    return replace(fact, version=kind.version, payload=payload)
