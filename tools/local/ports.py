"""Loopback ports: a free one for a server, and whether a wanted one is taken."""

import random
import socket

from tools.local.errors import LocalError

QUIET_PORTS = (20_000, 32_000)
_given: set[int] = set()


def free_port() -> int:
    """Return a port that nothing listens on right now and that this process did not give away before.

    It lies below the range from which systems take the ports of outgoing connections, so nobody gets it by
    chance before its server listens.
    """
    while True:
        port = random.randrange(*QUIET_PORTS)
        if port not in _given and _is_free(port):
            _given.add(port)
            return port


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def free_port_near(*, wanted: int) -> int:
    """Return `wanted` when it is free, otherwise any free port."""
    try:
        require_free(host="127.0.0.1", port=wanted)
    except LocalError:
        return free_port()
    return wanted


def require_free(*, host: str, port: int) -> None:
    """Raise LocalError, saying how to choose another, when `port` cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as error:
            raise LocalError(
                f"Port {port} on {host} is not free ({error.strerror}). Nothing was started.\n"
                f"Stop what uses it, or choose another:  PORT={port + 1} make run"
            ) from error


def read_port(text: str) -> int:
    """Return the port that the variable PORT asks for; raise LocalError when it is none."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise LocalError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)
