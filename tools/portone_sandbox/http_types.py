"""Requests and responses as the handlers see them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import parse_qsl

from tools.portone_sandbox.opening import Visitor

# Forms here lead back to the shop through a redirect, and browsers hold redirects to form-action too:
# so there is no form-action directive.
PAGE_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'"
FRAMED = f"{PAGE_POLICY}; frame-ancestors http: https:"
UNFRAMED = f"{PAGE_POLICY}; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Message
    body: bytes
    ip: str

    @property
    def visitor(self) -> Visitor:
        return Visitor(ip=self.ip, user_agent=self.headers.get("User-Agent", ""))

    @property
    def form(self) -> list[tuple[str, str]]:
        """The posted form fields, blanks included."""
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    def arg(self, name: str) -> str | None:
        """The first value of a query key."""
        return next((value for key, value in self.query if key == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Dropped(Exception):
    """The connection ends without an answer."""


def json_response(body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer JSON in UTF-8."""
    return Response(
        status=status,
        body=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json", **(headers or {})},
    )


def page(html: str, *, status: int = 200, policy: str = UNFRAMED) -> Response:
    """Answer an HTML page under a strict content security policy."""
    return Response(
        status=status,
        body=html.encode(),
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def see_other(location: str) -> Response:
    """Send the browser elsewhere with a GET."""
    return Response(status=303, headers={"Location": location, "Cache-Control": "no-store"})
