"""Read old payloads as if they were new: one step per version, so that handlers see only the newest."""

from collections.abc import Callable, Mapping
from typing import Any

from commerce.events.base import Event
from commerce.events.schema import InvalidFact

Payload = dict[str, Any]
Step = Callable[[Payload], Payload]


class BrokenChain(RuntimeError):
    """Some stored version has no way to the newest one, or a step leads nowhere: a defect."""


class Upcasters:
    """The steps from each version of a fact to the next."""

    def __init__(self) -> None:
        self._steps: dict[tuple[str, int], Step] = {}

    def step(self, name: str, version: int) -> Callable[[Step], Step]:
        """Register a function that turns a payload of `version` into one of `version + 1`; a decorator.

        It gets a copy that it may change and must know everything from the payload alone: what is in the
        database now is not what was true then.

        Raises:
            BrokenChain: there is such a step already.
        """

        def register(function: Step) -> Step:
            if (name, version) in self._steps:
                raise BrokenChain(f"two steps lead from version {version} of {name}")
            self._steps[name, version] = function
            return function

        return register

    def check(self, facts: Mapping[str, type[Event]]) -> None:
        """Check that every version below the newest has exactly one step, and that no step is left over.

        Raises:
            BrokenChain: it is not so.
        """
        needed = {(name, version) for name, kind in facts.items() for version in range(1, kind.version)}
        gaps, idle = needed - self._steps.keys(), self._steps.keys() - needed
        if gaps or idle:
            told = [f"no step from version {version} of {name}" for name, version in sorted(gaps)]
            told += [
                f"a step from version {version} of {name} leads nowhere" for name, version in sorted(idle)
            ]
            raise BrokenChain("; ".join(told))

    def newest(self, *, kind: type[Event], version: int, payload: Any) -> Payload:
        """Return a stored payload of `version` as the newest version of the fact has it.

        Raises:
            InvalidFact: no such version was ever stored, or the payload is not what that version held.
        """
        if not 1 <= version <= kind.version:
            raise InvalidFact(f"{kind.name}: there is no version {version}")
        if not isinstance(payload, dict):
            raise InvalidFact(f"{kind.name}: the payload is no object")
        found: Payload = payload
        for reached in range(version, kind.version):
            try:
                found = self._steps[kind.name, reached](dict(found))
            except (KeyError, TypeError, ValueError, AttributeError) as wrong:
                why = f"{kind.name}: version {reached} cannot be read: {wrong!r}"
                raise InvalidFact(why) from wrong
        return found


STEPS = Upcasters()
upcast = STEPS.step
