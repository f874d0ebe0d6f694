"""Asks a web server whether it answers."""

import http.client
import urllib.error
import urllib.request


def status_of(url: str, *, timeout: float = 30.0) -> int | None:
    """Return the HTTP status of a GET, or None when nothing answers within `timeout` seconds."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as response:
            status: int = response.status
            return status
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, http.client.HTTPException):
        return None
