"""What a part of personal data is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of what is kept about a customer.

    `collect` returns it by the customer's id, in plain values that JSON can hold. `forget` is called within the
    transaction of the withdrawal; None where something else does it. `models` are the tables that point at accounts.
    """

    name: str
    title: str | Promise
    collect: Callable[[int], Rows]
    forget: Callable[[int, datetime], None] | None = None
    models: tuple[str, ...] = ()
