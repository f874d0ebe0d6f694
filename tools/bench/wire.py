"""One HTTP request over a new connection, and how long it took from connecting to the last byte."""

import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: list[tuple[str, str]]
    body: str
    seconds: float

    @property
    def location(self) -> str:
        """Return where it leads."""
        return next((value for name, value in self.headers if name == "location"), "")


@dataclass
class Browser:
    """Cookies, and a server on this machine."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path)

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(form))

    def _ask(self, method: str, path: str, body: str = "") -> Answer:
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        answer = _exchange(self.port, ("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        for name, value in answer.headers:
            if name == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self.cookies[cookie] = kept
        return answer


def _exchange(port: int, request: bytes) -> Answer:
    parts = []
    begin = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request)
        while part := connection.recv(1 << 16):
            parts.append(part)
    seconds = time.perf_counter() - begin
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    status, *fields = head.decode().split("\r\n")
    named = (line.partition(":") for line in fields)
    headers = [(name.lower(), value.strip()) for name, _, value in named]
    return Answer(int(status.split()[1]), headers, body.decode(errors="replace"), seconds)
