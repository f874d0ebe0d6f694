"""Whatever a runbook tells somebody to type at night must exist."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tools.deploy.tests.places import ROOT

BOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
DOCUMENTS = [
    *BOOKS,
    *(
        ROOT / "docs" / f"{name}.md"
        for name in ("monitoring", "migrations", "deployment", "deployment-pipeline", "guide")
    ),
]
NAMED = {
    "deploy",
    "roll-back",
    "rotate-secrets",
    "payment-provider-down",
    "redis-down",
    "disk-full",
    "hot-sale-day",
}
MAKE = re.compile(r"\bmake ([a-z0-9_-]+)")
MANAGE = re.compile(r"manage\.py ([a-z_]+)")
MODULE = re.compile(r"python3? -m ((?:tools|workers|config)\.[\w.]+)")
PATH = re.compile(
    r"(?<![\w/.:-])((?:deploy|docs|tools|site|workers|requirements)/[\w./-]+\w|docker-compose[\w.-]*\.yml|\.env\.example)"
)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
METRIC = re.compile(r"\bmaru_[a-z_]+")


def named(pattern: re.Pattern[str], book: Path) -> set[str]:
    """Return what a document names in code: in backquotes, or in indented lines."""
    text = book.read_text()
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"^(?: {4,}|\t).*$", text, re.MULTILINE)
    return {found for part in code for found in pattern.findall(part)}


def targets() -> set[str]:
    """Return what make can do."""
    return set(re.findall(r"^([a-z0-9_-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_each_event_has_its_runbook() -> None:
    assert NAMED <= {book.stem for book in BOOKS}


@pytest.mark.parametrize("book", DOCUMENTS, ids=lambda book: book.stem)
def test_what_it_tells_to_run_exists(book: Path) -> None:
    assert named(MAKE, book) - targets() == set()
    assert named(MANAGE, book) - set(get_commands()) == set()
    for module in named(MODULE, book):
        assert (ROOT / (module.replace(".", "/") + ".py")).exists(), module
    assert {path for path in named(PATH, book) if not (ROOT / path).exists()} == set()
    links = {link for link in LINK.findall(book.read_text()) if not (book.parent / link).exists()}
    assert links == set()


def test_that_reading_finds_what_does_not_exist(tmp_path: Path) -> None:
    book = tmp_path / "book.md"
    book.write_text("Run `make nothing`:\n\n    python manage.py no_such_thing\n    deploy/nowhere.sh\n")

    assert named(MAKE, book) - targets() == {"nothing"}
    assert named(MANAGE, book) - set(get_commands()) == {"no_such_thing"}
    assert not (ROOT / named(PATH, book).pop()).exists()


def test_alerts_ask_for_numbers_that_exist() -> None:
    sources = (ROOT / "workers" / "metrics.py", ROOT / "docs" / "workers.md")
    written = {name for source in sources for name in METRIC.findall(source.read_text())}
    asked = named(METRIC, ROOT / "docs" / "monitoring.md")

    assert len(asked) >= 10
    assert asked - written == set()
