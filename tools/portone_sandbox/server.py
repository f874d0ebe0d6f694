"""The HTTP process: loopback only, one thread per connection."""

import logging
import re
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tools.portone_sandbox import admin, api, browser, console, pages, rest
from tools.portone_sandbox.config import Config, is_loopback
from tools.portone_sandbox.http_types import Dropped, Request, Response, page, see_other
from tools.portone_sandbox.sandbox import Sandbox

log = logging.getLogger("portone_sandbox")

ASSETS = Path(__file__).with_name("assets")
FILES = {
    "/v2/browser-sdk.js": ("browser-sdk.js", "text/javascript; charset=utf-8"),
    "/v2/pay-done.js": ("pay-done.js", "text/javascript; charset=utf-8"),
    "/assets/sandbox.css": ("sandbox.css", "text/css; charset=utf-8"),
    "/assets/icon.svg": ("icon.svg", "image/svg+xml"),
}
MAX_BODY = 1_000_000  # bytes


class Server(ThreadingHTTPServer):
    """A listening sandbox; `sandbox` is its state and its levers."""

    daemon_threads = True
    sandbox: Sandbox

    def __init__(self, config: Config) -> None:
        super().__init__((config.host, config.port), Handler)
        port = int(self.server_address[1])  # port 0 asks the system for a free one
        self.sandbox = Sandbox(replace(config, port=port))

    def stop(self) -> None:
        """Close the socket, end the background jobs, close the state file."""
        self.server_close()
        self.sandbox.stop()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "PortOneSandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    server: Server

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def _serve(self) -> None:
        refusal = self._refusal()
        if refusal:
            self.close_connection = True  # the body was not read
            return self._send(Response(status=refusal, headers={"Connection": "close"}))
        try:
            response = route(self.server.sandbox, self._request())
        except Dropped:
            self.close_connection = True
            return None
        except Exception:
            log.exception("%s %s failed", self.command, self.path)
            response = Response(status=500, headers={"Content-Type": "text/plain"}, body=b"sandbox defect\n")
        self._send(response)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)

    def _refusal(self) -> int | None:
        """Refuse foreign names (DNS rebinding), and bodies that are too long or of unknown length."""
        host = urlsplit("//" + self.headers.get("Host", "")).hostname or ""
        if not is_loopback(host):
            return 421
        if self.headers.get("Transfer-Encoding"):
            return 411
        length = self.headers.get("Content-Length", "0")
        return None if length.isdigit() and int(length) <= MAX_BODY else 413

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        return Request(
            method="GET" if self.command == "HEAD" else self.command,
            path=parts.path,
            query=parse_qsl(parts.query, keep_blank_values=True),
            headers=self.headers,
            body=self.rfile.read(int(self.headers.get("Content-Length", "0"))),
            ip=str(self.client_address[0]),
        )

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)


def route(sandbox: Sandbox, request: Request) -> Response:
    """Find who answers a path; raises Dropped for an ordered fault."""
    path = request.path
    if api.is_ours(path):
        return rest.handle(sandbox, request)
    if path in FILES:
        return _file(*FILES[path])
    if path == "/v2/prepare" and request.method in ("POST", "OPTIONS"):
        return browser.prepare(sandbox, request)
    if path == "/":
        return see_other("/console")
    if path.startswith("/_sandbox/"):
        return admin.handle(sandbox, request)
    if path == "/console" or path.startswith("/console/"):
        return _console(sandbox, request)
    return _pay_pages(sandbox, request)


def _pay_pages(sandbox: Sandbox, request: Request) -> Response:
    if request.path == "/pay" and request.method in ("GET", "POST"):
        return browser.pay(sandbox, request)
    if match := re.fullmatch(r"/pay/([^/]+)", request.path):
        return browser.window(sandbox, request, match[1])
    if match := re.fullmatch(r"/pay/([^/]+)/done", request.path):
        return browser.end(sandbox, match[1])
    if match := re.fullmatch(r"/receipts/([^/]+)", request.path):
        return browser.receipt(sandbox, match[1])
    return page(pages.missing(), status=404)


def _console(sandbox: Sandbox, request: Request) -> Response:
    """The console changes things, so a form on another site may not post to it."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.headers.get("Host"):
        return page(pages.missing(), status=403)
    return console.handle(sandbox, request)


def _file(name: str, content_type: str) -> Response:
    return Response(
        body=(ASSETS / name).read_bytes(),
        headers={
            "Content-Type": content_type,
            "Cache-Control": "no-cache",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
        },
    )
