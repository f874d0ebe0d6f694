"""What a checklist asks of a shop over the web. Standard library only."""

import socket
import ssl
import statistics
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 10.0  # seconds


@dataclass(frozen=True)
class Page:
    """An answer; names of headers in lower case."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: str


def get(url: str) -> Page:
    """Ask for a page and follow redirects. Raises OSError when nobody answers."""
    request = urllib.request.Request(url, headers={"User-Agent": "maru-checklist", "Accept-Language": "ko"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return _page(answer.status, answer)
    except urllib.error.HTTPError as error:
        return _page(error.code, error)


def _page(status: int, answer: Any) -> Page:
    return Page(
        status=status,
        headers={name.lower(): value for name, value in answer.headers.items()},
        cookies=answer.headers.get_all("set-cookie") or [],
        body=answer.read().decode("utf-8", "replace"),
    )


def days_of_certificate(url: str, *, now: datetime) -> float | None:
    """Return for how many days the certificate of an https address is valid; None for plain http.

    Raises OSError, of which ssl.SSLError is one, when it is not valid now or nobody answers.
    """
    parts = urlsplit(url)
    if parts.scheme != "https":
        return None
    trusted = ssl.create_default_context()
    with (
        socket.create_connection((parts.hostname, parts.port or 443), timeout=PATIENCE) as plain,
        trusted.wrap_socket(plain, server_hostname=parts.hostname) as secure,
    ):
        certificate = secure.getpeercert() or {}
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    return (ends - now).total_seconds() / 86400


def milliseconds(url: str, *, times: int = 20) -> tuple[int, int]:
    """Return the median and the longest time in which a page came, one request after the other."""
    taken = []
    for _time in range(times):
        began = time.perf_counter()
        get(url)
        taken.append(round((time.perf_counter() - began) * 1000))
    return round(statistics.median(taken)), max(taken)
