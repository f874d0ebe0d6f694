"""A shop's webhook address for tests: remembers every request and answers as told."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from portone_server_sdk import webhook


class Receiver:
    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str], str]] = []  # path, lower-case headers, body
        self.statuses: list[int] = []  # answers for the next requests, then 200
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def clear(self) -> None:
        with self._changed:
            self.seen.clear()
            self.statuses.clear()

    def wait(self, count: int, *, seconds: float = 5) -> list[tuple[str, dict[str, str], str]]:
        """Wait until `count` webhooks have come and return them."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self.seen) >= count, seconds)
            assert arrived, f"{len(self.seen)} webhooks instead of {count}: {self.types()}"
            return list(self.seen)

    def stays_at(self, count: int, *, seconds: float = 0.2) -> None:
        """Fail when more than `count` webhooks come within `seconds`."""
        time.sleep(seconds)
        assert self.types()[count:] == []

    def types(self) -> list[str]:
        return [body.split('"type":"Transaction.')[1].split('"')[0] for _, _, body in list(self.seen)]

    def verified(self, secret: str) -> list[Any]:
        """Every webhook, checked by the official SDK."""
        return [webhook.verify(secret, body, headers) for _, headers, body in list(self.seen)]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(receiver) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                with receiver._changed:
                    receiver.seen.append((self.path, headers, body))
                    status = receiver.statuses.pop(0) if receiver.statuses else 200
                    receiver._changed.notify_all()
                self.send_response(status)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler
