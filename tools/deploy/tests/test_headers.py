"""The reader of headers finds each fault, and none where there is none."""

import pytest

from tools.deploy.grade import grade
from tools.deploy.headers import complaints

POLICY = (
    "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'; object-src 'none'"
)
GOOD = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin-allow-popups",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), usb=()",
    "strict-transport-security": "max-age=3600; includeSubDomains; preload",
    "server": "nginx",
}
COOKIE = "__Host-sessionid=1; HttpOnly; Path=/; SameSite=Lax; Secure"


def test_good_headers_are_good() -> None:
    assert complaints(GOOD, cookies=[COOKIE]) == []


@pytest.mark.parametrize(
    ("header", "value", "said"),
    [
        ("content-security-policy", "", "there is no content security policy"),
        ("content-security-policy", POLICY.replace("'none';", "https:;", 1), "default-src allows every host"),
        ("content-security-policy", POLICY + "; style-src 'unsafe-inline'", "style-src allows unsafe code"),
        (
            "content-security-policy",
            POLICY.replace("base-uri 'none';", ""),
            "the policy leaves base-uri open",
        ),
        ("x-content-type-options", "", "X-Content-Type-Options is not nosniff"),
        ("x-frame-options", "ALLOWALL", "X-Frame-Options is neither DENY nor SAMEORIGIN"),
        ("referrer-policy", "unsafe-url", "Referrer-Policy tells addresses to others"),
        ("cross-origin-opener-policy", "", "Cross-Origin-Opener-Policy is missing"),
        ("cross-origin-resource-policy", "cross-origin", "Cross-Origin-Resource-Policy is missing"),
        ("permissions-policy", "", "Permissions-Policy is missing"),
        (
            "strict-transport-security",
            "max-age=60",
            "Strict-Transport-Security is missing or shorter than an hour",
        ),
        ("server", "gunicorn/27.0.1", "server tells a version"),
        ("access-control-allow-origin", "*", "other sites may read the page"),
    ],
)
def test_each_fault_is_told(header: str, value: str, said: str) -> None:
    assert said in complaints(GOOD | {header: value})


def test_the_admin_may_have_inline_code_and_plain_http_needs_no_hsts() -> None:
    loose = GOOD | {"content-security-policy": POLICY + "; style-src 'unsafe-inline'"}
    loose.pop("strict-transport-security")

    assert complaints(loose, admin=True, https=False) == []


def test_only_a_developers_own_server_may_tell_its_version_and_never_over_https() -> None:
    own, told = GOOD | {"server": "WSGIServer/0.2 CPython/3.11.2"}, ["server tells a version"]

    assert complaints(own, https=False) == []
    assert complaints(own) == told
    assert complaints(GOOD | {"server": "nginx/1.28.0"}, https=False) == told


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("; HttpOnly", "scripts can read the cookie __Host-sessionid"),
        ("; SameSite=Lax", "the cookie __Host-sessionid goes along from other sites"),
        ("; Secure", "the cookie __Host-sessionid goes over plain http"),
        ("; Path=/", "browsers refuse the cookie __Host-sessionid"),
    ],
)
def test_each_fault_of_a_cookie_is_told(change: str, said: str) -> None:
    assert complaints(GOOD, cookies=[COOKIE.replace(change, "")]) == [said]


@pytest.mark.parametrize(
    ("changes", "cookies", "graded"),
    [
        ({}, [COOKIE], ("A+", 125)),
        ({"strict-transport-security": "max-age=31536000"}, [COOKIE], ("A+", 135)),
        ({"strict-transport-security": ""}, [COOKIE], ("B+", 80)),
        ({"content-security-policy": POLICY + "; style-src 'unsafe-inline'"}, [], ("A+", 110)),
        ({"content-security-policy": POLICY.replace("'self'", "'unsafe-inline'", 1)}, [], ("B", 70)),
        ({"content-security-policy": ""}, [], ("B-", 65)),
        ({"x-content-type-options": ""}, [], ("A-", 85)),
        ({}, [COOKIE.replace("; Secure", "")], ("C", 50)),
        ({"access-control-allow-origin": "*"}, [], ("F", 40)),
    ],
)
def test_a_page_is_graded_as_a_scanner_grades_it(
    changes: dict[str, str], cookies: list[str], graded: tuple[str, int]
) -> None:
    assert grade(GOOD | changes, cookies=cookies) == graded
