"""The lists go through every line, name what fails, hand the rest to a person, and end accordingly."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from tools.deploy import postdeploy, predeploy
from tools.deploy.checklist import (
    FAILED,
    OK,
    YOURS,
    Line,
    by_hand,
    failed,
    go_through,
    last_words,
    ok,
    passes,
)
from tools.deploy.tests import places
from tools.deploy.tests.places import Shop, shop
from tools.deploy.tests.test_headers import GOOD

TARGET = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SENTRY_DSN": "https://k@s.example/1",
    "METRICS_TOKEN": "t",
}


class Programs:
    """Programs that end as told; what was run is kept."""

    def __init__(self, **ends: tuple[int, str]) -> None:
        self.ends = {
            "gh": (0, "success"),
            "status": (0, ""),
            "plan": (0, "Planned operations:\n  No planned migration operations."),
        } | ends
        self.ran: list[str] = []

    def __call__(self, command: Sequence[str]) -> tuple[int, str]:
        line = " ".join(command)
        self.ran.append(line)
        return next((end for word, end in self.ends.items() if word in line), (0, "fine"))


def states(lines: list[Line]) -> dict[str, str]:
    """Return the state of each line by its title."""
    return {line.title: line.answer().state for line in lines}


def before(programs: Programs, *, base_url: str = "", **environ: str) -> dict[str, str]:
    return states(predeploy.checklist(base_url=base_url, environ=TARGET | environ, run=programs))


def test_a_list_goes_on_after_a_failure_and_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise OSError("nobody answers")

    lines = [
        Line("a", lambda: failed("no")),
        Line("b", broken),
        Line("c", lambda: ok("9")),
        by_hand("d", "look"),
    ]  # type: ignore[arg-type, return-value]

    assert go_through(lines) == 1
    said = capsys.readouterr().out
    assert "FAILED  a: no" in said and "FAILED  b: OSError: nobody answers" in said
    assert "    ok  c: 9" in said and " yours  d: look" in said
    assert said.endswith("1 ok, 2 FAILED, 1 yours\n")
    assert go_through(lines[2:]) == 0


def test_of_a_traceback_only_what_was_raised_is_told() -> None:
    said = (
        'a warning\nTraceback (most recent call last):\n  File "a.py", line 1\n    go()\nOSError: one\n\n'
        "During handling of the above exception, another exception occurred:\n\n"
        'Traceback (most recent call last):\n  File "b.py", line 2, in go\n    ^^\nImproperlyConfigured: two things:\n'
        "  - SECRET_KEY\n  - ALLOWED_HOSTS"
    )

    assert last_words(said) == "ImproperlyConfigured: two things:\n  - SECRET_KEY\n  - ALLOWED_HOSTS"
    assert last_words("one\ntwo\nthree", lines=2) == "two\nthree"


def test_statics_are_collected_somewhere_else_and_counted() -> None:
    before = set(places.ROOT.glob("staticfiles*"))

    found = passes([predeploy.PYTHON, "-c", predeploy.COLLECT])

    assert found.state == OK, found.text
    assert int(found.text.removesuffix(" files")) > 1000
    assert set(places.ROOT.glob("staticfiles*")) == before


def test_everything_of_the_owners_list_is_asked_before_a_deployment() -> None:
    with shop() as there:
        there.health()
        found = before(Programs(), base_url=there.url)

    assert found == {
        "Tests passed": OK,
        "The code was reviewed": YOURS,
        "Nothing is uncommitted": OK,
        "Migrations belong to the models": OK,
        "Migrations keep to the rules": OK,
        "The servers answer": OK,
        "What will be migrated": OK,
        "The environment is complete": OK,
        "The database is backed up": OK,
        "Media are backed up": YOURS,
        "Static files can be collected": OK,
        "The TLS certificate is valid": YOURS,
        "Monitoring is switched on": OK,
        "There is a way back": YOURS,
    }


@pytest.mark.parametrize(
    ("word", "end", "title", "state"),
    [
        ("gh", (0, "failure"), "Tests passed", FAILED),
        ("gh", (127, ""), "Tests passed", YOURS),
        ("status", (0, " M a.py"), "Nothing is uncommitted", FAILED),
        ("makemigrations", (1, "missing"), "Migrations belong to the models", FAILED),
        ("tools.migrations.lint", (1, "DROP_COLUMN"), "Migrations keep to the rules", FAILED),
        ("wait_for_services", (1, "the database does not answer"), "The servers answer", FAILED),
        ("plan", (0, "commerce.0099_x\n  Add field"), "What will be migrated", YOURS),
        ("plan", (1, "no database"), "What will be migrated", FAILED),
        ("--deploy", (1, "W004"), "The environment is complete", FAILED),
        ("collectstatic", (1, "missing"), "Static files can be collected", FAILED),
    ],
)
def test_what_is_wrong_before_is_found(word: str, end: tuple[int, str], title: str, state: str) -> None:
    assert before(Programs(**{word: end}))[title] == state


def test_the_wrong_environment_and_blindness_fail() -> None:
    assert before(Programs(), DJANGO_SETTINGS_MODULE="config.settings.development")[
        "The environment is complete"
    ] == (FAILED)
    assert before(Programs(), SENTRY_DSN="")["Monitoring is switched on"] == FAILED


@pytest.mark.parametrize(("backup", "state"), [("late", FAILED), ("off", YOURS), ("ok", OK)])
def test_an_old_backup_stops_a_deployment(backup: str, state: str) -> None:
    with shop() as there:
        there.health(backup=backup)
        assert before(Programs(), base_url=there.url)["The database is backed up"] == state


def test_the_image_that_serves_is_noted_or_the_list_fails() -> None:
    programs = Programs(current=(0, "img@sha256:1"))
    assert before(programs, DEPLOY_TO="fly")["There is a way back"] == OK
    assert before(Programs(current=(1, "no key")), DEPLOY_TO="fly")["There is a way back"] == FAILED


def working(there: Shop) -> None:
    """Let a shop be as it should be after a deployment."""
    there.health()
    plain = {
        name: value for name, value in GOOD.items() if name not in ("strict-transport-security", "server")
    }
    loose = plain["content-security-policy"] + "; style-src 'unsafe-inline'"
    for path in (*postdeploy.PAGES, *postdeploy.READ):
        there.pages[path] = (200, plain, "page")
    for path in ("/admin/login/", "/django-admin/login/"):
        there.pages[path] = (200, plain | {"content-security-policy": loose}, "door")
    there.pages["/api/v1/orders/nobody-has-this-one/"] = (
        404,
        {"content-type": "application/problem+json"},
        "{}",
    )
    expires = datetime.now(UTC) + timedelta(days=90)
    there.pages["/.well-known/security.txt"] = (
        200,
        {},
        f"Contact: x\nExpires: {expires:%Y-%m-%dT%H:%M:%SZ}\n",
    )


def after(there: Shop, *, writes: bool = False, run: Programs | None = None) -> dict[str, str]:
    lines = postdeploy.checklist(there.url, writes=writes, browser=True, run=run or Programs(), patience=0)
    return states(lines)


def test_a_shop_that_works_passes_and_the_rest_is_handed_over() -> None:
    programs = Programs()
    with shop() as there:
        working(there)
        found = after(there, writes=True, run=programs)

    assert {title for title, state in found.items() if state == FAILED} == set()
    assert {title for title, state in found.items() if state == YOURS} == {
        "TLS certificate",  # plain http here
        "Sign-in with Kakao, Naver and Google",
        "Mail",
        "Errors",
        "What shoppers say",
    }
    assert len(found) == 16
    assert any("pytest e2e" in line and "--allow-writes" in line for line in programs.ran)


def test_without_leave_to_write_the_browser_only_reads() -> None:
    programs = Programs()
    with shop() as there:
        working(there)
        found = after(there, run=programs)

    assert found["Payment"] == YOURS
    assert any(line.endswith("-m smoke") for line in programs.ran)


@pytest.mark.parametrize(
    ("path", "page", "title"),
    [
        ("/c/", (500, {}, ""), "Pages and map"),
        ("/admin/login/", (404, {}, ""), "Admin"),
        ("/cart/", (200, {}, "no headers"), "Headers and cookies"),
        ("/metrics", (200, {}, "maru_broker_up 1"), "Numbers are not public"),
        ("/.well-known/security.txt", (200, {}, "Expires: 2020-01-01T00:00:00Z\n"), "security.txt"),
        ("/api/v1/orders/nobody-has-this-one/", (500, {}, "<html>"), "The API answers"),
    ],
)
def test_what_is_wrong_after_is_found(path: str, page: tuple[int, dict[str, str], str], title: str) -> None:
    with shop() as there:
        working(there)
        there.pages[path] = page
        assert after(there)[title] == FAILED


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ({"status": "unhealthy", "database": "failed"}, "Health"),
        ({"status": "unhealthy", "migrations": "pending"}, "Health"),
        ({"status": "degraded", "cache": "failed", "backup": "late"}, "Health"),
        ({"workers": "late"}, "Workers"),
        ({"status": "degraded", "workers": "late", "lag": {"relay": None}}, "Workers"),
    ],
)
def test_a_sick_shop_is_found(said: dict[str, object], title: str) -> None:
    with shop() as there:
        working(there)
        there.health(**said)
        assert after(there)[title] == FAILED


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ({"lag": {"dead": 2}}, "Workers"),
        ({"status": "degraded", "backup": "late"}, "Health"),
        ({"status": "degraded", "replica": "down", "backup": "off"}, "Health"),
    ],
)
def test_what_the_release_did_not_do_is_told_and_takes_nothing_back(
    said: dict[str, object], title: str
) -> None:
    with shop() as there:
        working(there)
        there.health(**said)
        found = after(there)

    assert found[title] == YOURS
    assert FAILED not in found.values()


def test_what_is_ill_is_named() -> None:
    said = {"status": "degraded", "broker": "failed", "workers": "late", "backup": "off"}

    assert postdeploy.healthy(said).text == "degraded: broker failed, workers late"
    lag = {"relay": 2.0, "outbox": 81.4, "due": 0.0, "schedule": 0.0}
    assert (
        postdeploy.workers(said | {"lag": lag}).text == "late: relay 2 s, outbox 81 s, due 0 s, schedule 0 s"
    )
    assert postdeploy.workers(said).text == "late: no relay has given a sign of life"


def test_workers_that_start_after_the_web_get_their_time() -> None:
    time, answers = [0.0], iter(["late", "late", "ok"])

    def sleep(seconds: float) -> None:
        time[0] += seconds

    said = postdeploy.settled(
        lambda: {"workers": next(answers)}, patience=60, clock=lambda: time[0], sleep=sleep
    )
    never = postdeploy.settled(lambda: {"workers": "late"}, patience=60, clock=lambda: time[0], sleep=sleep)

    assert (said["workers"], never["workers"], time[0]) == ("ok", "late", 64.0)


def test_browser_tests_that_fail_fail_the_list() -> None:
    with shop() as there:
        working(there)
        assert after(there, run=Programs(pytest=(1, "2 failed")))["Browser tests"] == FAILED


def test_no_browser_goes_where_a_developers_toolbar_stands_in_the_page() -> None:
    programs = Programs()
    with shop() as there:
        working(there)
        there.pages["/"] = (200, there.pages["/"][1], '<div id="djDebug" class="djdt-hidden">')
        found = after(there, run=programs)

    assert found["Browser tests"] == FAILED
    assert programs.ran == []


def test_a_shop_that_is_not_there_fails_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert postdeploy.main(["http://127.0.0.1:9"]) == 1  # at once: no browser looks for it

    said = capsys.readouterr().out
    assert "FAILED  Health: unreachable" in said
    assert "FAILED  Browser tests: not begun: no shop answers" in said
