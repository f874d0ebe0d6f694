"""Read the headers of an answer as a security scanner does, and say what is wrong in words.

The rules are those of MDN's HTTP Observatory, without its points, and three of our own: cookies keep to https, no
version is told, and an answer that belongs to one shopper is stored nowhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from http.cookies import SimpleCookie

DAY = 24 * 60 * 60
QUIET = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
WANTED: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("x-content-type-options", "nosniff".__eq__, "X-Content-Type-Options is not nosniff"),
    (
        "x-frame-options",
        ("DENY", "SAMEORIGIN").__contains__,
        "X-Frame-Options is neither DENY nor SAMEORIGIN",
    ),
    ("referrer-policy", QUIET.__contains__, "Referrer-Policy tells addresses to others"),
    (
        "cross-origin-opener-policy",
        lambda value: value.startswith("same-origin"),
        "Cross-Origin-Opener-Policy is missing",
    ),
    (
        "cross-origin-resource-policy",
        ("same-origin", "same-site").__contains__,
        "Cross-Origin-Resource-Policy is missing",
    ),
    ("permissions-policy", lambda value: "camera=()" in value, "Permissions-Policy is missing"),
)
OF_DEVELOPERS = "WSGIServer/"  # `runserver`, which nobody deploys
LOCKED = ("base-uri", "form-action", "frame-ancestors", "object-src")


def complaints(
    headers: Mapping[str, str], *, cookies: Sequence[str] = (), https: bool = True, admin: bool = False
) -> list[str]:
    """Return what is wrong; names of headers in lower case, one text of Set-Cookie for each cookie.

    `admin` allows the inline styles and scripts of Wagtail's editor; `https` asks for HSTS and Secure, and for a
    server in front: without it a developer's own may tell its version.
    """
    return [
        *_policy(headers.get("content-security-policy", ""), admin=admin),
        *_fixed(headers, https=https),
        *(_transport(headers) if https else ()),
        *(fault for text in cookies for fault in _cookie(text, https=https)),
    ]


def directives(policy: str) -> dict[str, list[str]]:
    """Return a content security policy as a dictionary."""
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: values for name, *values in parts}


def _policy(text: str, *, admin: bool) -> Iterator[str]:
    policy = directives(text)
    if not policy:
        yield "there is no content security policy"
        return
    if policy.get("default-src") not in (["'none'"], ["'self'"]):
        yield "default-src is neither 'none' nor 'self'"
    for name in LOCKED:
        if name not in policy:
            yield f"the policy leaves {name} open"
    for name, values in policy.items():
        if any(value in ("*", "http:", "https:") for value in values):
            yield f"{name} allows every host"
        if any(value.startswith("'unsafe-") for value in values) and not admin:
            yield f"{name} allows unsafe code"


def _fixed(headers: Mapping[str, str], *, https: bool) -> Iterator[str]:
    for name, good, fault in WANTED:
        if not good(headers.get(name, "")):
            yield fault
    for name in ("server", "x-powered-by"):
        said = headers.get(name, "")
        if any(sign.isdigit() for sign in said) and (https or not said.startswith(OF_DEVELOPERS)):
            yield f"{name} tells a version"
    if "access-control-allow-origin" in headers:
        yield "other sites may read the page"


def _transport(headers: Mapping[str, str]) -> Iterator[str]:
    words = headers.get("strict-transport-security", "").replace(" ", "").split(";")
    age = next((word.partition("=")[2] for word in words if word.startswith("max-age=")), "")
    if not age.isdigit() or int(age) < 3600:
        yield "Strict-Transport-Security is missing or shorter than an hour"


def _cookie(text: str, *, https: bool) -> Iterator[str]:
    for name, cookie in SimpleCookie(text).items():
        if cookie["max-age"] == "0":
            continue  # it is taken away
        if not cookie["httponly"]:
            yield f"scripts can read the cookie {name}"
        if cookie["samesite"] not in ("Lax", "Strict"):
            yield f"the cookie {name} goes along from other sites"
        if https and not cookie["secure"]:
            yield f"the cookie {name} goes over plain http"
        if name.startswith("__Host-") and (cookie["path"] != "/" or cookie["domain"]):
            yield f"browsers refuse the cookie {name}"
