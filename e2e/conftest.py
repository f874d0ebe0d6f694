"""A browser and a shop. Without --base-url the whole shop is started: web, worker, relay, payment sandbox.

Against a foreign address only reading tests run, unless --allow-writes is given and the shop says that
its payments go to the sandbox.
"""

import json
import os
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from e2e.checks.guards import Guards
from e2e.mails import FileMails
from tools.local.stack import Stack

RESULTS = Path(__file__).parent / "results"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Target:
    """The shop under test."""

    url: str
    mails: FileMails | None = None  # None: nobody but the shopper can read them


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what QA may say on the command line."""
    parser.addoption("--allow-writes", action="store_true", help="place orders on the shop at --base-url")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what lies in this folder, keep writing tests away from shops that take real money, and run it last.

    A browser that stays open leaves an event loop running, in which Django refuses to query a database.
    """
    foreign = config.getoption("--base-url", default=None)
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.e2e)
        if foreign and item.get_closest_marker("writes") and not _may_write(config, foreign):
            item.add_marker(
                pytest.mark.skip(reason="writes need --allow-writes and a shop on the payment sandbox")
            )
    own = [item for item in ours if foreign and Path(__file__).parent / "proofs" in item.path.parents]
    if own:  # proofs start shops of their own, whatever address is named
        config.hook.pytest_deselected(items=own)
    items[:] = [item for item in items if item not in set(ours)] + [item for item in ours if item not in own]


def _may_write(config: pytest.Config, url: str) -> bool:
    if not config.getoption("--allow-writes"):
        return False
    with urllib.request.urlopen(f"{url.rstrip('/')}/health/", timeout=10) as answer:
        return bool(json.load(answer)["sandbox"])


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    """Yield the shop at --base-url, or one of our own that is thrown away afterwards."""
    foreign = request.config.getoption("--base-url")
    if foreign:
        yield Target(url=foreign.rstrip("/"))
        return
    with Stack(env={"LISTING_PAGE_SIZE": "5"}) as stack:  # so that the demo shop has more to load
        yield Target(url=stack.base_url, mails=FileMails(Path(stack.env["EMAIL_FOLDER"])))


@pytest.fixture(scope="session")
def base_url(target: Target) -> str:
    """Let page.goto("/") mean the shop under test."""
    return target.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the distribution's Chromium; QA_CHROMIUM names another."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    quiet = [
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("QA_CHROMIUM", "/usr/bin/chromium"),
        "args": [*sandbox, *quiet],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A shopper in Seoul at a desk."""
    return {
        **browser_context_args,
        "viewport": DESK,
        "locale": "ko-KR",
        "timezone_id": "Asia/Seoul",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def guards(target: Target) -> Iterator[Guards]:
    """Watch every page of the test."""
    guards = Guards(own=target.url)
    yield guards
    guards.check()


@pytest.fixture
def page(context: BrowserContext, guards: Guards) -> Iterator[Page]:
    """A page with scripts, watched."""
    page = context.new_page()
    page.set_default_timeout(15_000)
    guards.watch(page)
    yield page


@pytest.fixture
def plain_page(browser: Browser, browser_context_args: dict[str, Any], guards: Guards) -> Iterator[Page]:
    """A page of a browser without JavaScript."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(15_000)
    guards.watch(page)
    yield page
    context.close()


@pytest.fixture
def editor(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A page of an editor's browser, signed in to the admin."""
    yield from signed_in(browser, browser_context_args, kind="EDITOR")


@pytest.fixture
def admin(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A page of an administrator's browser, signed in to the admin."""
    yield from signed_in(browser, browser_context_args, kind="ADMIN")


def signed_in(browser: Browser, arguments: dict[str, Any], *, kind: str) -> Iterator[Page]:
    """Sign a colleague in: QA_<kind> and QA_<kind>_PASSWORD, else the demo shop's."""
    word = kind.lower()
    context = browser.new_context(**arguments)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto("/admin/login/")
    page.fill("input[name=username]", os.environ.get(f"QA_{kind}", f"{word}@maru.example"))
    page.fill("input[name=password]", os.environ.get(f"QA_{kind}_PASSWORD", f"maru-{word}"))
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    yield page
    context.close()
