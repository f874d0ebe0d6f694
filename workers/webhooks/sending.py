"""One HTTP request to a receiver: bounded in time and size, no redirects, only to an address that was checked.

The connection is opened to the IP address that passed the check, so a name that answers differently a
moment later (DNS rebinding) leads nowhere; TLS and the Host header still speak of the name.
"""

import functools
import ssl
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore

from workers.webhooks.targets import Address, Target

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
READ = 2048  # bytes of an answer that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a receiver said. `retry_after` is in seconds."""

    status: int
    body: str
    ms: int
    retry_after: float | None = None

    @property
    def good(self) -> bool:
        """Tell whether the message was accepted: 2xx, nothing else (redirects are not followed)."""
        return 200 <= self.status < 300


class Unreachable(Exception):
    """There was no answer: no connection, no valid certificate, no time left, or no HTTP."""


@dataclass(slots=True)
class Deadline:
    """The end of all patience, on the monotonic clock."""

    seconds: float = TOTAL_SECONDS
    began: float = field(default_factory=time.monotonic)

    def left(self, *, at_most: float | None = None) -> float:
        """Return how many seconds are left.

        Raises:
            httpcore.TimeoutException: none.
        """
        left = self.began + self.seconds - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout(f"no answer within {self.seconds:g} seconds")
        return left if at_most is None else min(left, at_most)

    def passed(self) -> int:
        """Return the milliseconds since the beginning."""
        return round((time.monotonic() - self.began) * 1000)


def post(
    *,
    target: Target,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    deadline: Deadline | None = None,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """Send `body` and return the answer, of which at most 2 kB are read.

    Raises:
        Unreachable: nobody answered in time, or not in HTTP.
    """
    deadline = deadline or Deadline()
    backend = _Pinned(target.ips, deadline)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=tls or _tls(), network_backend=backend) as pool,
            pool.stream(
                "POST",
                _url(target.address),
                headers=_all(headers, target),
                content=body,
            ) as reply,
        ):
            text = _beginning(reply.iter_stream())
            return Answer(
                status=reply.status,
                body=text,
                ms=deadline.passed(),
                retry_after=_retry_after(reply.headers, now=now),
            )
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as trouble:
        raise Unreachable(f"{type(trouble).__name__}: {trouble}"[:500]) from trouble


class TooLarge(Exception):
    """There is more than was asked for."""


def get(
    *, target: Target, most: int, deadline: Deadline | None = None, tls: ssl.SSLContext | None = None
) -> bytes:
    """Return what lies at an address, of at most `most` bytes. Redirects are not followed.

    Raises:
        Unreachable: nobody answered in time, not in HTTP, or with another status than 200.
        TooLarge: there is more of it.
    """
    deadline = deadline or Deadline()
    backend = _Pinned(target.ips, deadline)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=tls or _tls(), network_backend=backend) as pool,
            pool.stream("GET", _url(target.address), headers=_all({}, target)) as reply,
        ):
            if reply.status != 200:
                raise Unreachable(f"HTTP {reply.status}")
            return _within_limit(reply.iter_stream(), most)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as trouble:
        raise Unreachable(f"{type(trouble).__name__}: {trouble}"[:500]) from trouble


def _within_limit(chunks: Iterable[bytes], most: int) -> bytes:
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) > most:
            raise TooLarge(f"more than {most:,} bytes")
    return bytes(found)


class _Pinned(httpcore.NetworkBackend):
    """Connects to the checked IP addresses, whatever the name would resolve to now."""

    def __init__(self, ips: Sequence[str], deadline: Deadline) -> None:
        self._ips, self._deadline, self._real = ips, deadline, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Open a connection to the first checked address that takes one, in five seconds altogether."""
        ends = Deadline(seconds=self._deadline.left(at_most=CONNECT_SECONDS))
        trouble: Exception | None = None
        for ip in self._ips:
            try:
                stream = self._real.connect_tcp(ip, port, timeout=ends.left())
                return _Hurried(stream, self._deadline)
            except (httpcore.NetworkError, httpcore.TimeoutException) as failed:
                trouble = trouble or failed
        raise trouble or httpcore.ConnectError("nowhere to connect to")


class _Hurried(httpcore.NetworkStream):
    """A connection on which no step may outlast the deadline: a byte a second does not keep us for ever."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(at_most=CONNECT_SECONDS)
        return _Hurried(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@functools.cache
def _tls() -> ssl.SSLContext:
    context = httpcore.default_ssl_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _url(address: Address) -> httpcore.URL:
    return httpcore.URL(
        scheme=address.scheme.encode(),
        host=address.host.encode(),  # without brackets: TLS checks the certificate against it
        port=address.port,
        target=address.path.encode(),
    )


def _all(headers: Mapping[str, str], target: Target) -> list[tuple[str, str]]:
    address = target.address
    usual = {"https": 443, "http": 80}[address.scheme]
    host = _bracketed(address.host) + ("" if address.port == usual else f":{address.port}")
    return [("host", host), ("accept", "*/*"), ("accept-encoding", "identity"), *headers.items()]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _beginning(chunks: Iterable[bytes]) -> str:
    found = b""
    for chunk in chunks:
        found += chunk
        if len(found) >= READ:
            break
    return found[:READ].decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _retry_after(headers: Sequence[tuple[bytes, bytes]], *, now: datetime) -> float | None:
    """Return seconds from a number or a date (RFC 9110, 10.2.3); what nobody understands is nothing."""
    said = next(
        (value.decode("latin-1").strip() for name, value in headers if name.lower() == b"retry-after"), ""
    )
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        at = parsedate_to_datetime(said)
    except (ValueError, OverflowError):  # the second: a day or a zone of many digits
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())
