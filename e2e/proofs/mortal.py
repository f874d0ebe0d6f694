"""The shop with places to die: `gunicorn e2e.proofs.mortal:application`.

The file that DEATH_NOTE names says where. Whoever comes there first takes the note and is killed as by
`kill -9`: nothing is cleaned up, nobody is told. gunicorn starts a new process.
"""

import functools
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.wsgi import application

# isort: split
# Models can be imported only now.
from commerce.checkout import services
from commerce.checkout.views import returning
from commerce.orders import services as orders
from commerce.payments import services as payments

__all__ = ["application"]

NOTE = Path(os.environ["DEATH_NOTE"])


def _die_at(place: str) -> None:
    if not NOTE.exists() or NOTE.read_text() != place:
        return
    NOTE.unlink()
    os.kill(os.getpid(), signal.SIGKILL)


def _mortal(owner: Any, name: str, *, before: str = "", after: str = "") -> None:
    function: Callable[..., Any] = getattr(owner, name)

    @functools.wraps(function)
    def called(*arguments: Any, **named: Any) -> Any:
        _die_at(before)
        result = function(*arguments, **named)
        _die_at(after.format(**named))
        return result

    setattr(owner, name, called)


_mortal(payments, "open_payment", after="placing")  # within the transaction of the order
_mortal(services, "place_order", after="placed")
_mortal(services, "prepare_payment", after="registered")
_mortal(returning, "settle_payment", before="returning", after="settled")
_mortal(orders, "mark_paid", after="paying")  # within the transaction of the payment
_mortal(payments, "note", after="noticed {notice.kind}")
