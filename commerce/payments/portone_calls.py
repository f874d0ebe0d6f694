"""Ask PortOne through its client, and tell trouble from what was refused.

The client raises its own errors, httpx's for the network and ValueError for answers it cannot read.
"""

from collections.abc import Callable
from typing import TypeVar

import httpx
from portone_server_sdk import errors

from commerce.payments.gateway import GatewayTrouble, GatewayUnreachable

_Answer = TypeVar("_Answer")
_NOTHING_DONE = (
    errors.ForbiddenError,
    errors.UnauthorizedError,
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
)
_TOLD: tuple[type[Exception], ...] = (
    errors.PaymentNotFoundError,
    errors.AlreadyPaidError,
    errors.PaymentAlreadyCancelledError,
    errors.PgProviderError,
)


def ask(call: Callable[[], _Answer], told: tuple[type[Exception], ...] = _TOLD) -> _Answer:
    """Ask; the errors in `told` are the caller's to understand, every other one is trouble."""
    try:
        return call()
    except told:
        raise
    except _NOTHING_DONE as away:
        raise GatewayUnreachable(f"{type(away).__name__}: {away}") from away
    except (errors.PortOneError, httpx.HTTPError, ValueError) as trouble:
        raise GatewayTrouble(f"{type(trouble).__name__}: {trouble}") from trouble
