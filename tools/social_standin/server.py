"""The HTTP process: the three addresses of an OAuth provider, once for each."""

import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tools.portone_sandbox.config import is_loopback
from tools.social_standin import pages, people
from tools.social_standin.desk import Desk, Grant, Refused

MAX_BODY = 100_000  # bytes
_LEAVING = ("refresh_token", "delete")  # what Naver is asked for when somebody leaves
_ASKED = ("client_id", "redirect_uri", "state", "code_challenge")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


class UnableToStart(Exception):
    """The stand-in may not run here; the message says why."""


def refuse(*, environ: Mapping[str, str], host: str) -> None:
    """Raise UnableToStart in production, and anywhere that others could reach."""
    production = environ.get("DJANGO_ENV", "").strip().lower() == "production"
    if production or environ.get("DJANGO_SETTINGS_MODULE", "").strip().endswith(".production"):
        raise UnableToStart("this is production: people sign in with real providers there")
    if not is_loopback(host):
        raise UnableToStart(
            f"host {host!r} is not a loopback address: whoever reaches this signs in as anybody"
        )


class Server(ThreadingHTTPServer):
    """A listening stand-in; port 0 asks the system for a free one. `shop` is a host beside this machine's names."""

    daemon_threads = True

    def __init__(self, *, host: str, port: int, shop: str = "") -> None:
        super().__init__((host, port), Handler)
        self.desk = Desk()
        self.shop = shop

    def leads_home(self, asked: Mapping[str, str]) -> bool:
        """Return whether the way back leads to the shop: only it ever gets a code."""
        url = urlsplit(asked.get("redirect_uri", ""))
        host = url.hostname or ""
        ours = is_loopback(host) or (bool(self.shop) and host == self.shop)
        return url.scheme in ("http", "https") and ours and url.path.endswith("/callback/")

    @property
    def base_url(self) -> str:
        """Return where it listens."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "SocialStandin"

    def do_GET(self) -> None:
        """Answer the page of a provider, a profile, the style sheet and the front page."""
        url = urlsplit(self.path)
        asked = dict(parse_qsl(url.query))
        provider, _, what = url.path.strip("/").partition("/")
        if url.path == "/standin.css":
            self._send(200, pages.CSS, "text/css; charset=utf-8")
        elif url.path == "/":
            self._send(200, "social stand-in\n", "text/plain; charset=utf-8")
        elif provider in people.PROVIDERS and what == "authorize":
            self._authorize(provider, asked)
        elif provider in people.PROVIDERS and what == "profile":
            self._profile(provider)
        else:
            self._send(404, "not found\n", "text/plain; charset=utf-8")

    def do_POST(self) -> None:
        """Answer what was decided on the page, and the question for a token."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self._send(413, "too large\n", "text/plain; charset=utf-8")
            return
        said = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
        provider, _, what = urlsplit(self.path).path.strip("/").partition("/")
        if provider in people.PROVIDERS and what == "decide":
            self._decide(provider, said)
        elif self.server.desk.busy and (what in ("unlink", "revoke") or said.get("grant_type") in _LEAVING):
            self._json(503, {"error": "busy"})
        elif provider == "naver" and what == "token" and said.get("grant_type") in _LEAVING:
            self._naver_leaves(said)
        elif provider in people.PROVIDERS and what == "token":
            self._token(provider, said)
        elif (provider, what) == ("kakao", "unlink"):
            self._kakao_leaves(said)
        elif (provider, what) == ("google", "revoke"):
            self._google_leaves(said)
        else:
            self._send(404, "not found\n", "text/plain; charset=utf-8")

    def _authorize(self, provider: str, asked: dict[str, str]) -> None:
        if (
            asked.get("response_type") != "code"
            or not asked.get("client_id")
            or not self.server.leads_home(asked)
        ):
            self._send(400, "invalid_request\n", "text/plain; charset=utf-8")
            return
        kept = {name: asked[name] for name in _ASKED if name in asked}
        self._send(200, pages.choose(provider=provider, asked=kept), "text/html; charset=utf-8")

    def _decide(self, provider: str, said: dict[str, str]) -> None:
        if not self.server.leads_home(said):
            self._send(400, "invalid_request\n", "text/plain; charset=utf-8")
            return
        state = said.get("state", "")
        if said.get("act") == "deny":
            self._back(said, error="access_denied", state=state)
            return
        person = None if said.get("act") == "garbage" else _person(said)
        grant = Grant(
            provider=provider,
            person=person,
            client_id=said.get("client_id", ""),
            redirect_uri=said["redirect_uri"],
            challenge=said.get("code_challenge", ""),
        )
        code = self.server.desk.code(grant)
        self._back(said, code=code, state="somebody-elses" if said.get("act") == "bad_state" else state)

    def _token(self, provider: str, said: dict[str, str]) -> None:
        try:
            token, grant = self.server.desk.token(
                provider=provider,
                code=said.get("code", ""),
                client_id=said.get("client_id", ""),
                redirect_uri=said.get("redirect_uri", ""),
                verifier=said.get("code_verifier", ""),
            )
        except Refused as why:
            self._json(400, {"error": str(why)})
            return
        answer: dict[str, Any] = {"access_token": token, "token_type": "bearer", "expires_in": 3600}
        answer["refresh_token"] = self.server.desk.refresh_token(grant)
        if provider == "google" and grant.person is not None:
            answer["id_token"] = people.id_token(person=grant.person, client_id=grant.client_id)
        self._json(200, answer)

    def _naver_leaves(self, said: dict[str, str]) -> None:
        """Give a fresh token, or forget whose a token is; like Naver, say what is wrong with status 200."""
        desk = self.server.desk
        try:
            if said["grant_type"] == "refresh_token":
                token = desk.refreshed(provider="naver", token=said.get("refresh_token", ""))
                self._json(200, {"access_token": token, "token_type": "bearer", "expires_in": "3600"})
            else:
                desk.leave(provider="naver", token=said.get("access_token", ""))
                self._json(200, {"access_token": said["access_token"], "result": "success"})
        except Refused as why:
            self._json(200, {"error": str(why)})

    def _kakao_leaves(self, said: dict[str, str]) -> None:
        if not self.headers.get("Authorization", "").startswith("KakaoAK "):
            self._json(401, {"msg": "wrong appKey", "code": -401})
            return
        try:
            self.server.desk.leave(provider="kakao", uid=said.get("target_id", ""))
        except Refused:
            self._json(400, {"msg": "NotRegisteredUserException", "code": -101})
            return
        self._json(200, {"id": int(said.get("target_id") or 0)})

    def _google_leaves(self, said: dict[str, str]) -> None:
        try:
            self.server.desk.leave(provider="google", token=said.get("token", ""))
        except Refused as why:
            self._json(400, {"error": str(why)})
            return
        self._json(200, {})

    def _profile(self, provider: str) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            grant = self.server.desk.whose(provider=provider, token=token)
        except Refused as why:
            self._json(401, {"error": str(why)})
            return
        self._json(
            200,
            people.profile(provider=provider, person=grant.person) if grant.person else {"resultcode": "024"},
        )

    def _back(self, said: dict[str, str], **more: str) -> None:
        uri = said["redirect_uri"]
        self.send_response(303)
        self.send_header("Location", f"{uri}{'&' if '?' in uri else '?'}{urlencode(more)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, status: int, data: dict[str, Any]) -> None:
        self._send(status, json.dumps(data), "application/json")

    def _send(self, status: int, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in {**_HEADERS, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: addresses carry codes."""


def _person(said: Mapping[str, str]) -> people.Person:
    return people.Person(
        uid=said.get("uid") or "4001",
        name=said.get("name", ""),
        email=said.get("email", ""),
        proved=said.get("proved") == "1",
        valid=said.get("valid") == "1",
    )
