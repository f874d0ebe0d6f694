"""Grade the headers of an https page with the points of MDN's HTTP Observatory, so that the grade needs no network.

The points are those of version 1.4.8 for what this shop answers; the real one gave the same sums when both were asked
(docs/deployment.md). Redirections and foreign scripts, which are not in headers, count as they should be: zero.
"""

from collections.abc import Mapping, Sequence
from http.cookies import SimpleCookie

from tools.deploy.headers import directives

GRADES = ((100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C"))
ENOUGH = 90  # points without extra ones, from which extra ones count
HALF_A_YEAR = 15_768_000  # seconds


def grade(headers: Mapping[str, str], *, cookies: Sequence[str] = ()) -> tuple[str, int]:
    """Return grade and points; names of headers in lower case, one text of Set-Cookie for each cookie."""
    points = [
        _policy(headers),
        _cookies(cookies),
        _transport(headers),
        0 if headers.get("x-content-type-options") == "nosniff" else -5,
        _frames(headers),
        5 if headers.get("referrer-policy") in ("same-origin", "no-referrer", "strict-origin") else 0,
        10 if headers.get("cross-origin-resource-policy") in ("same-origin", "same-site") else 0,
        -50 if headers.get("access-control-allow-origin") == "*" else 0,
    ]
    total = 100 + sum(point for point in points if point < 0)
    if total >= ENOUGH:
        total += sum(point for point in points if point > 0)
    return next((name for least, name in GRADES if total >= least), "F"), total


def _policy(headers: Mapping[str, str]) -> int:
    policy = directives(headers.get("content-security-policy", ""))
    if not policy:
        return -25
    scripts = policy.get("script-src", policy.get("default-src", ["'unsafe-inline'"]))
    if "'unsafe-inline'" in scripts:
        return -20
    if any(value.startswith("'unsafe-") for values in policy.values() for value in values):
        return -10 if "'unsafe-eval'" in scripts else 0
    return 10 if policy.get("default-src") == ["'none'"] else 5


def _cookies(cookies: Sequence[str]) -> int:
    found = [cookie for text in cookies for cookie in SimpleCookie(text).values() if cookie["max-age"] != "0"]
    if not found:
        return 0
    if not all(cookie["secure"] for cookie in found):
        return -40
    return 5 if all(cookie["httponly"] and cookie["samesite"] for cookie in found) else 0


def _transport(headers: Mapping[str, str]) -> int:
    words = headers.get("strict-transport-security", "").replace(" ", "").split(";")
    age = next((word.partition("=")[2] for word in words if word.startswith("max-age=")), "")
    if not age.isdigit():
        return -20
    return 0 if int(age) >= HALF_A_YEAR else -10


def _frames(headers: Mapping[str, str]) -> int:
    if "frame-ancestors" in directives(headers.get("content-security-policy", "")):
        return 5
    return 0 if headers.get("x-frame-options") in ("DENY", "SAMEORIGIN") else -20
