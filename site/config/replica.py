"""Send shoppers who only look to the read replica, as long as it is there, fresh, and knows what they did."""

import logging
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse

from commerce import cookies
from config import db_router
from config.db_router import REPLICA

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)

PIN = "read_pin"
PIN_SECONDS = 60  # how long a browser remembers the place of its last write
_SALT = "config.replica"
_UNKNOWN = -1  # a place that no replica reaches: the primary, until the pin ends
_EVERY = 0.5  # seconds between two looks at the replica
_AFTER_FAILURE = 3.0  # and while it is away
_STALE = 5.0  # a look older than this tells nothing
_PATIENCE = 1.0  # seconds that a health check waits for a look
_IDLE = 60.0  # without visitors nobody looks
_MEMORY = 300  # places of the primary that are remembered
# Never from the replica, in any language: what shoppers and staff do, and machines.
_NEVER = re.compile(
    r"^/(?:[a-z]{2}/)?(?:cart|checkout|account|accounts|orders|admin|django-admin|api|webhooks|dev|documents)(?:/|$)"
)


class Monitor:
    """Looks at the replica beside the requests, so that none of them ever waits for it.

    How far it is behind is measured with our own clock: we note where the primary's log stands, and see how old
    the last such place is that the replica has replayed. That is right also when nothing is written, and when the
    replica has lost its primary.
    """

    def __init__(self, *, max_lag: float) -> None:
        self.state = "unknown"  # ok, late or down
        self.replayed = 0
        self._max_lag = max_lag
        self._places: deque[tuple[float, int]] = deque(maxlen=_MEMORY)
        self._checked = self._asked = float("-inf")
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._looked = threading.Event()

    def usable(self, *, place: int | None) -> bool:
        """Tell whether the replica may answer somebody who last wrote at `place` (None: nobody knows of a write)."""
        self._asked = now = time.monotonic()
        self._watch()
        if self.state != "ok" or now - self._checked > _STALE:
            return False
        return place is None or 0 <= place <= self.replayed

    def failed(self) -> None:
        """Note that a request could not be answered by it: nobody else tries until the next good look."""
        self._tell("down", "a request failed there")

    def word(self) -> str:
        """Return the state for monitors; when nobody looked lately, waits up to a second for somebody who does."""
        if time.monotonic() - self._checked > _STALE:
            self._asked = time.monotonic()
            self._looked.clear()
            self._watch()
            if not self._looked.wait(_PATIENCE):
                return "down"
        return self.state

    def look(self) -> None:
        """Compare the replica with the primary, once."""
        try:
            here = _place(DEFAULT_DB_ALIAS, "pg_current_wal_insert_lsn()")
            self._places.append((time.monotonic(), here))
            self.replayed = _place(REPLICA, "pg_last_wal_replay_lsn()")
        except (OperationalError, InterfaceError) as error:
            connections[REPLICA].close()
            self._tell("down", str(error).strip().splitlines()[0])
        else:
            lag = self._lag()
            self._tell("ok" if lag <= self._max_lag else "late", f"it is {lag:.1f} s behind")
        finally:
            self._checked = time.monotonic()
            self._looked.set()
            connections[DEFAULT_DB_ALIAS].close()

    def _lag(self) -> float:
        reached = [at for at, place in self._places if place <= self.replayed]
        now = time.monotonic()
        return now - reached[-1] if reached else float("inf")

    def _tell(self, state: str, why: str) -> None:
        if state != self.state:
            say = logger.error if state == "down" else logger.warning
            (logger.info if state == "ok" else say)("the read replica is %s: %s", state, why)
        self.state = state

    def _watch(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="replica", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while time.monotonic() - self._asked < _IDLE:
            self.look()
            time.sleep(_EVERY if self.state != "down" else _AFTER_FAILURE)
        connections.close_all()


def _place(alias: str, function: str) -> int:
    """Return a place in the write-ahead log as a number.

    Of the primary it is where the next record goes: with synchronous_commit off a commit may not be written yet.

    Raises:
        OperationalError: the server does not answer, or has no such place: it is no replica.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT {function} - '0/0'::pg_lsn")
        found = cursor.fetchone()[0]
    if found is None:
        raise OperationalError("DB_READ_HOST is no replica: it replays nothing")
    return int(found)


class ReplicaMiddleware:
    """Mark requests that may be read from the replica; remember for a minute where a browser last wrote.

    A page that goes into the cache is read from the primary: what is a second old would stay there for minutes.
    It stands last, beside the view. When the replica fails amid a page, the page is made again from the primary:
    nothing was written yet, or the request would not have asked there any more.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if REPLICA not in settings.DATABASES:
            return self.get_response(request)
        if (
            not _looks_only(request)
            or getattr(request, "to_be_kept", False)
            or not monitor().usable(place=_pinned(request))
        ):
            response = self.get_response(request)
            wrote = request.method not in ("GET", "HEAD", "OPTIONS")
        else:
            with db_router.reading() as marked:
                request._reading = marked  # type: ignore[attr-defined]
                response = self.get_response(request)
            wrote = marked.written
        if wrote:
            _pin(response)
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Remember what would have to be done again."""
        request._again = lambda: view(request, *args, **kwargs)  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Make the page from the primary when the replica broke it."""
        marked = getattr(request, "_reading", None)
        if marked is None or not marked.used or marked.written:
            return None
        if not isinstance(error, (OperationalError, InterfaceError)):
            return None
        monitor().failed()
        connections[REPLICA].close()
        marked.used = False
        with db_router.primary_only():
            response: Any = request._again()  # type: ignore[attr-defined]
            if hasattr(response, "render") and callable(response.render):
                response = response.render()
        return response  # type: ignore[no-any-return]


def _looks_only(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and not _NEVER.match(request.path_info)


def _pinned(request: HttpRequest) -> int | None:
    if not (carried := cookies.read(request, name=PIN)):
        return None
    try:
        return int(signing.loads(carried, salt=_SALT, max_age=PIN_SECONDS))
    except signing.SignatureExpired:
        return None
    except (signing.BadSignature, ValueError, TypeError):
        return _UNKNOWN


def _pin(response: HttpResponse) -> None:
    try:
        place = _place(DEFAULT_DB_ALIAS, "pg_current_wal_insert_lsn()")
    except (OperationalError, InterfaceError):
        place = _UNKNOWN
    cookies.write(response, name=PIN, value=signing.dumps(place, salt=_SALT), seconds=PIN_SECONDS)


_monitors: list[Monitor] = []
_making = threading.Lock()


def monitor() -> Monitor:
    """Return this process's monitor."""
    with _making:
        if not _monitors:
            _monitors.append(Monitor(max_lag=settings.DB_READ_MAX_LAG))
        return _monitors[0]


def word() -> str:
    """Return for monitors how the replica is: ok, late or down; off where there is none."""
    return monitor().word() if REPLICA in settings.DATABASES else "off"
