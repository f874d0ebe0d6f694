"""What every fact has in common, and the registry of facts."""

import dataclasses
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

_REGISTRY: dict[str, type["Event"]] = {}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact in the past tense: ids and plain values, never a model or personal data.

    Subclasses set `name` (stable, stored), `version` (raised when the payload's meaning changes) and
    `aggregate` (the noun and the field that holds its id).
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
        """Return the plain values that are stored; dates as ISO text, UUIDs as text."""
        values = dataclasses.asdict(self)
        values.pop("occurred_at")
        return {key: _plain(value) for key, value in values.items()}


def fact(cls: type[Event]) -> type[Event]:
    """Register a fact by its name; a decorator for the classes in `types.py`."""
    if cls.name in _REGISTRY:
        raise ValueError(f"two facts are called {cls.name}")
    _REGISTRY[cls.name] = cls
    return cls


def registry() -> dict[str, type[Event]]:
    """Return every declared fact by its name."""
    return dict(_REGISTRY)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
