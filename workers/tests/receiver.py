"""A merchant's server for tests: a real HTTP server that answers what it is told and keeps what it got."""

import base64
import contextlib
import hashlib
import hmac
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

CERTIFICATES = Path(__file__).parent / "certificates"
Reply = tuple[int, dict[str, str], bytes]
OK: Reply = (200, {}, b"thanks")


@dataclass(frozen=True)
class Got:
    """A request as it arrived."""

    path: str
    headers: Message
    body: bytes


@dataclass
class Receiver:
    """Answers with `script` one after the other, then with `then`."""

    script: list[Reply] = field(default_factory=list)
    then: Reply = OK
    got: list[Got] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None
    names: list[str | None] = field(default_factory=list)  # what TLS clients asked for
    tls: bool = False

    def __enter__(self) -> Self:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                receiver.got.append(Got(self.path, self.headers, body))
                receiver.before_answer()
                status, headers, answer = receiver.script.pop(0) if receiver.script else receiver.then
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                with contextlib.suppress(OSError):  # whoever asked may have left meanwhile
                    self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATES / "receiver.crt", CERTIFICATES / "receiver.key")
            context.sni_callback = lambda _socket, name, _context: self.names.append(name)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}/hooks"


def verified(got: Got, secret: str) -> bool:
    """Check a signature as `docs/webhooks.md` tells merchants to do."""
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(expected, one) for one in got.headers["webhook-signature"].split(" "))
