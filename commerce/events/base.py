"""What every fact has in common, and the registry of facts."""

import dataclasses
import re
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from commerce.events import schema

_NAME = re.compile(r"^[a-z][a-z_]*\.[a-z][a-z_]*$")
_NAME_LENGTH, _ID_LENGTH = 80, 64  # of the outbox's columns


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact in the past tense: ids and plain values, never a model or personal data.

    Subclasses set `name` (stable, stored), `version` (raised when the payload's meaning changes; then
    `upcasting` needs a step) and `aggregate` (the noun and the field that holds its id).
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    aggregate: ClassVar[tuple[str, str]]

    occurred_at: datetime

    @property
    def aggregate_id(self) -> str:
        """Return the id of the thing that this happened to."""
        return str(getattr(self, self.aggregate[1]))

    def payload(self) -> dict[str, Any]:
        """Return the plain values that are stored; dates as ISO text, UUIDs as text.

        Raises:
            InvalidFact: a value is not what the class declares.
        """
        schema.moment(name=self.name, value=self.occurred_at)
        if len(self.aggregate_id) > _ID_LENGTH:
            raise schema.InvalidFact(f"{self.name}: {self.aggregate[1]} is longer than {_ID_LENGTH} letters")
        values = {field: getattr(self, field) for field in schema.kinds(type(self))}
        return schema.write(of=type(self), name=self.name, values=values)

    @classmethod
    def from_payload(cls, payload: Any, *, occurred_at: datetime) -> Self:
        """Return the fact that a stored payload of this version tells.

        Raises:
            InvalidFact: the payload is not what the class declares.
        """
        return cls(occurred_at=occurred_at, **schema.read(of=cls, name=cls.name, payload=payload))


Declared = TypeVar("Declared", bound=type[Event])


class Registry:
    """Facts by their name."""

    def __init__(self) -> None:
        self._known: dict[str, type[Event]] = {}

    def add(self, cls: type[Event]) -> None:
        """Take a fact's class in.

        Raises:
            ValueError: the name is taken or malformed, the version is not positive.
            TypeError: a field has a type that no fact may have, or the aggregate's field is missing.
        """
        if cls.name in self._known:
            raise ValueError(f"two facts are called {cls.name}")
        if not _NAME.match(cls.name) or len(cls.name) > _NAME_LENGTH:
            raise ValueError(f"a fact is called noun.past_tense, not {cls.name}")
        if cls.version < 1:
            raise ValueError(f"{cls.name}: versions begin with 1")
        if cls.aggregate[1] not in schema.kinds(cls):
            raise TypeError(f"{cls.name}: no field {cls.aggregate[1]}")
        self._known[cls.name] = cls

    def holds(self, cls: type[Event]) -> bool:
        """Return whether exactly this class was taken in."""
        return self._known.get(getattr(cls, "name", "")) is cls

    def all(self) -> dict[str, type[Event]]:
        """Return every fact by its name."""
        return dict(self._known)


FACTS = Registry()


def fact(cls: Declared) -> Declared:
    """Register a fact by its name; a decorator for the classes in `types`."""
    FACTS.add(cls)
    return cls


def registry() -> dict[str, type[Event]]:
    """Return every declared fact by its name."""
    return FACTS.all()
