"""Reading JSON request bodies strictly: a wrong type is INVALID_REQUEST, as it is at PortOne."""

from collections.abc import Mapping
from typing import Any

from tools.portone_sandbox.errors import ApiError

Body = Mapping[str, Any]


def text(body: Body, name: str) -> str:
    """A required, non-empty string."""
    value = optional_text(body, name)
    if not value:
        raise invalid(name, "필수 값입니다.")
    return value


def optional_text(body: Body, name: str) -> str | None:
    """A string, or None when the key is absent."""
    value = body.get(name)
    if name in body and not isinstance(value, str):
        raise invalid(name, "문자열이어야 합니다.")
    return value


def whole(body: Body, name: str, *, least: int = 0) -> int:
    """A required integer of at least `least`."""
    value = optional_whole(body, name, least=least)
    if value is None:
        raise invalid(name, "필수 값입니다.")
    return value


def optional_whole(body: Body, name: str, *, least: int = 0) -> int | None:
    """An integer of at least `least`, or None when the key is absent."""
    if name not in body:
        return None
    value = body[name]
    if type(value) is not int or value < least:
        raise invalid(name, f"{least} 이상의 정수여야 합니다.")
    return value


def flag(body: Body, name: str) -> bool:
    """A boolean, False when the key is absent."""
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise invalid(name, "true 또는 false여야 합니다.")
    return value


def one_of(body: Body, name: str, choices: tuple[str, ...]) -> str:
    """A required string out of `choices`."""
    value = text(body, name)
    if value not in choices:
        raise invalid(name, "알 수 없는 값입니다.")
    return value


def child(body: Body, name: str) -> Body:
    """An object, empty when the key is absent."""
    value = body.get(name, {})
    if not isinstance(value, dict):
        raise invalid(name, "객체여야 합니다.")
    return value


def invalid(name: str, why: str) -> ApiError:
    """The refusal of one field."""
    return ApiError("INVALID_REQUEST", f"{name}: {why}")
