"""What a fact may be made of, and how it becomes JSON and comes back. Nothing that is not exact passes."""

import dataclasses
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

MAX_BYTES = 20_000  # of a payload: a fact names things, it does not carry them
_BIG = 2**63  # what PostgreSQL's bigint holds


class InvalidFact(ValueError):
    """A fact, or a stored payload, is not what its class declares. The values are not repeated here."""


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """A type that a field may have: how it is called, how it is stored, how it is read back.

    Both functions raise ValueError or TypeError for anything that is not of the type.
    """

    called: str
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def kinds(of: type) -> dict[str, Kind]:
    """Return the fields of a fact's payload with their kinds; `occurred_at` is stored beside it.

    Raises:
        TypeError: a field has a type that no fact may have.
    """
    return _kinds(of)


def write(*, of: type, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the fact called `name` as they are stored.

    Raises:
        InvalidFact: a value is not what the class declares, or all together are too large.
    """
    payload = {
        field: _checked(name, field, kind, kind.write, values[field]) for field, kind in kinds(of).items()
    }
    size = len(json.dumps(payload, ensure_ascii=False).encode())
    if size > MAX_BYTES:
        raise InvalidFact(f"{name}: {size} bytes are more than {MAX_BYTES}")
    return payload


def read(*, of: type, name: str, payload: Any) -> dict[str, Any]:
    """Return the values of a stored payload, typed as the class declares.

    A field with a default may be missing: it is younger than the fact. An unknown one is passed over:
    it was added by a newer release.

    Raises:
        InvalidFact: a field is missing or is not what the class declares.
    """
    if not isinstance(payload, dict):
        raise InvalidFact(f"{name}: the payload is no object")
    found = {}
    for field in dataclasses.fields(of):
        kind = kinds(of).get(field.name)
        if kind is None:
            continue
        if field.name in payload:
            found[field.name] = _checked(name, field.name, kind, kind.read, payload[field.name])
        elif field.default is dataclasses.MISSING:
            raise InvalidFact(f"{name}: {field.name} is missing")
    return found


def moment(*, name: str, value: Any) -> datetime:
    """Return a point in time that a fact may carry.

    Raises:
        InvalidFact: it is no datetime, or one without a time zone.
    """
    kind = _PLAIN[datetime]
    _checked(name, "occurred_at", kind, kind.write, value)
    assert isinstance(value, datetime)
    return value


def _checked(name: str, field: str, kind: Kind, way: Callable[[Any], Any], value: Any) -> Any:
    try:
        return way(value)
    except (ValueError, TypeError, AttributeError) as wrong:
        given = "None" if value is None else type(value).__name__
        why = f" ({wrong})" if str(wrong) else ""
        raise InvalidFact(f"{name}: {field} must be {kind.called}, not this {given}{why}") from None


@cache
def _kinds(of: type) -> dict[str, Kind]:
    hints = get_type_hints(of)
    fields = (field.name for field in dataclasses.fields(of) if field.name != "occurred_at")
    return {name: _kind(hints[name]) for name in fields}


def _kind(hint: Any) -> Kind:
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal and all(type(value) is str for value in arguments):
        return _one_of(arguments)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _many(_kind(arguments[0]))
    if origin in (Union, UnionType) and len(arguments) == 2 and arguments[1] is NoneType:
        return _maybe(_kind(arguments[0]))
    raise TypeError(f"no field of a fact is a {hint}")


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    if not -_BIG <= value < _BIG:
        raise ValueError("too large")
    return value


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    plain = str.__str__(value)  # the value of an enumeration's member
    if "\x00" in plain:
        raise ValueError("PostgreSQL stores no NUL")
    plain.encode()  # half a surrogate pair is no text
    return plain


def _written_id(value: Any) -> str:
    if not isinstance(value, UUID):
        raise TypeError
    return str(value)


def _written_moment(value: Any) -> str:
    if not isinstance(value, datetime):
        raise TypeError
    if value.utcoffset() is None:
        raise ValueError("without a time zone")
    return value.isoformat()


def _read_moment(value: Any) -> datetime:
    found = datetime.fromisoformat(_text(value))
    _written_moment(found)
    return found


def _one_of(allowed: tuple[str, ...]) -> Kind:
    def check(value: Any) -> str:
        if _text(value) not in allowed:
            raise ValueError
        return _text(value)

    return Kind(f"one of {', '.join(allowed)}", check, check)


def _many(each: Kind) -> Kind:
    def written(values: Any) -> list[Any]:
        if not isinstance(values, tuple):
            raise TypeError
        return [each.write(value) for value in values]

    def back(values: Any) -> tuple[Any, ...]:
        if not isinstance(values, list):
            raise TypeError
        return tuple(each.read(value) for value in values)

    return Kind(f"a tuple of {each.called}", written, back)


def _maybe(kind: Kind) -> Kind:
    return Kind(
        f"{kind.called} or None",
        lambda value: None if value is None else kind.write(value),
        lambda value: None if value is None else kind.read(value),
    )


_PLAIN: dict[Any, Kind] = {
    int: Kind("int", _whole, _whole),
    bool: Kind("bool", _truth, _truth),
    str: Kind("str", _text, _text),
    UUID: Kind("UUID", _written_id, lambda value: UUID(_text(value))),
    datetime: Kind("datetime with a time zone", _written_moment, _read_moment),
}
