"""The checklist after a deployment: `python -m tools.deploy.postdeploy https://shop.example.com [--allow-writes]`.

It reads the shop from outside, as shoppers and monitors do. `--allow-writes` also buys, where payments go to the
sandbox. What no machine can tell is printed for a person. Ends with 1 when a line fails.
"""

import argparse
import functools
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from tools.deploy import web
from tools.deploy.checklist import Answer, Line, Run, by_hand, failed, go_through, ok, passes, run, yours
from tools.deploy.gate import Report, ask
from tools.deploy.headers import complaints
from tools.deploy.predeploy import certificate

PAGES = ("/", "/c/", "/cart/", "/orders/lookup/", "/en/", "/robots.txt", "/sitemap.xml")
READ = ("/", "/cart/", "/accounts/login/")
PATIENCE = (
    60.0  # seconds in which relay and workers, which start after the web, give their first sign of life
)
LATER = ("backup", "replica")  # what no release makes or mends
TOOLBAR = 'id="djDebug"'
SLOW = 500  # milliseconds that the median of the front page may take, network included


def checklist(
    url: str, *, writes: bool, browser: bool, run: Run = run, patience: float = PATIENCE
) -> list[Line]:
    """Return the lines of the list for the shop at `url`, which gets so many seconds to settle."""
    said = functools.cache(lambda: settled(lambda: ask(url), patience=patience))
    return [
        Line("Health", lambda: healthy(said())),
        Line("Pages and map", lambda: statuses(url, PAGES)),
        Line("The API answers", lambda: api(url)),
        Line("Admin", lambda: statuses(url, ("/admin/login/", "/django-admin/login/"))),
        Line("Headers and cookies", lambda: headers(url)),
        Line("security.txt", lambda: security(url, now=datetime.now(UTC))),
        Line("Numbers are not public", lambda: private_numbers(url)),
        Line("TLS certificate", lambda: certificate(url, now=datetime.now(UTC))),
        Line("Browser tests", lambda: browsed(url, said(), writes=writes, browser=browser, run=run)),
        Line("Payment", lambda: paid(url, writes=writes)),
        by_hand("Sign-in with Kakao, Naver and Google", "once each, where they are switched on"),
        by_hand("Mail", "the confirmation of an order arrives: your own, or staging's in its sink"),
        Line("Workers", lambda: workers(said())),
        by_hand("Errors", "Sentry shows no new issue in this release"),
        Line("Speed", lambda: quick(url)),
        by_hand("What shoppers say", "reviews, claims and the support inbox in the next hours"),
    ]


def settled(
    asking: Callable[[], Report],
    *,
    patience: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Report:
    """Return how the shop is, as soon as its workers are well or the patience (seconds) is over."""
    ends = clock() + patience
    while True:
        said = asking()
        if said.get("workers", "ok") == "ok" or clock() >= ends:
            return said
        sleep(2.0)


def healthy(said: Report) -> Answer:
    """Name what is not well. A late backup or replica is nothing to take a release back for."""
    parts = ("database", "migrations", "cache", "broker", "workers", *LATER)
    ill = {name: str(said[name]) for name in parts if said.get(name, "ok") not in ("ok", "off")}
    text = ", ".join(f"{name} {state}" for name, state in ill.items())
    if said.get("status") == "ok":
        return ok("all parts")
    if ill and set(ill) <= set(LATER):
        return yours(f"{text}: not of this release, but look today")
    return failed(f"{said.get('status')}{': ' + text if text else ''}")


def statuses(url: str, paths: tuple[str, ...]) -> Answer:
    """Ask for pages that must be there."""
    wrong = [f"{path} answers {status}" for path in paths if (status := web.get(url + path).status) != 200]
    return failed(", ".join(wrong)) if wrong else ok(f"{len(paths)} answer")


def api(url: str) -> Answer:
    """Ask for something that does not exist: the API says so in JSON."""
    page = web.get(f"{url}/api/v1/orders/nobody-has-this-one/")
    kind = page.headers.get("content-type", "")
    good = page.status in (404, 405) and "json" in kind
    return ok() if good else failed(f"{page.status} {kind}")


def headers(url: str) -> Answer:
    """Read headers as a scanner does."""
    found = []
    for path in READ:
        page = web.get(url + path)
        https = url.startswith("https:")
        said = complaints(page.headers, cookies=page.cookies, https=https)
        found += [f"{path}: {fault}" for fault in said]
    return failed("\n".join(found)) if found else ok(f"{len(READ)} pages")


def security(url: str, *, now: datetime) -> Answer:
    """Look whether the address for weaknesses is still valid (RFC 9116)."""
    expires = re.search(r"^Expires: (\S+)$", web.get(f"{url}/.well-known/security.txt").body, re.MULTILINE)
    if not expires:
        return failed("it does not say when it expires")
    until = datetime.fromisoformat(expires.group(1))
    return ok(f"valid until {until:%Y-%m-%d}") if until > now else failed(f"expired on {until:%Y-%m-%d}")


def private_numbers(url: str) -> Answer:
    """Nobody without the token reads `/metrics`."""
    status = web.get(f"{url}/metrics").status
    return ok() if status in (401, 403, 404) else failed(f"/metrics answers {status} to everybody")


def browsed(url: str, said: Report, *, writes: bool, browser: bool, run: Run) -> Answer:
    """Let a browser go through the shop: all of it where it may write, else what only reads. Not where none answers."""
    if said.get("status") == "unreachable":
        return failed("not begun: no shop answers")
    if browser and TOOLBAR in web.get(f"{url}/").body:
        return failed("not begun: the debug toolbar is on, which breaks the shop's policy: DEBUG_TOOLBAR=0")
    chosen = ["--allow-writes"] if writes else ["-m", "smoke"]
    command = [sys.executable, "-m", "pytest", "e2e", "-q", "--base-url", url, *chosen]
    return passes(command, run=run) if browser else yours(f"make e2e BASE_URL={url}")


def paid(url: str, *, writes: bool) -> Answer:
    """Say who pays: the browser where it may, a person with real money else."""
    sandbox = ask(url).get("sandbox")
    if sandbox and writes:
        return ok("the browser paid in the sandbox")
    if sandbox:
        return yours("with --allow-writes the browser pays in the sandbox")
    return yours("buy something cheap, pay, and cancel it, if code of payments has changed")


def workers(said: Report) -> Answer:
    """Read how late the workers are, and whether something was given up: in hours of tries, so before this release."""
    lag = said.get("lag") or {}
    if said.get("workers") != "ok":
        if not lag or lag.get("relay") is None:
            return failed(f"{said.get('workers', 'unknown')}: no relay has given a sign of life")
        waits = ", ".join(f"{name} {lag[name]:.0f} s" for name in ("relay", "outbox", "due", "schedule"))
        return failed(f"{said.get('workers')}: {waits}")
    dead = lag.get("dead", 0)
    return yours(f"{dead} deliveries were given up: Events, Given up") if dead else ok("nothing waits")


def quick(url: str) -> Answer:
    """Time the front page."""
    median, longest = web.milliseconds(f"{url}/")
    text = f"front page: median {median} ms, longest {longest} ms of 20"
    return ok(text) if median <= SLOW else failed(text)


def main(arguments: list[str]) -> int:
    """Go through the list."""
    parser = argparse.ArgumentParser(description="The checklist after a deployment.")
    parser.add_argument("url", help="https://shop.example.com")
    parser.add_argument("--allow-writes", action="store_true", help="buy in the sandbox")
    parser.add_argument(
        "--no-browser", dest="browser", action="store_false", help="leave the browser tests out"
    )
    asked = parser.parse_args(arguments)
    lines = checklist(asked.url.rstrip("/"), writes=asked.allow_writes, browser=asked.browser)
    return go_through(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
