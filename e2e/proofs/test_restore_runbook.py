"""docs/runbooks/restore.md as it is typed at night: every command of it, in its order, on a shop that lost its orders."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import psycopg
import pyrage
import pytest

from e2e.proofs.books import Books, until
from e2e.proofs.http_shopper import Shopper
from tools.local.paths import ROOT
from tools.local.postgres import program
from tools.local.stack import Stack

RUNBOOK = ROOT / "docs" / "runbooks" / "restore.md"
STEP = re.compile(r"^## (\d+)\.", re.MULTILINE)
MOMENT = "20261124T170000Z"  # of the backup in the runbook's examples
WRITERS = ("relay", "worker", "web")


def typed() -> dict[int, list[str]]:
    """Return the commands of each step: its indented lines, without their remarks."""
    parts = STEP.split(RUNBOOK.read_text())[1:]
    steps = dict(zip(map(int, parts[::2]), parts[1::2], strict=True))
    lines = {number: re.findall(r"^ {4}(\S.*)$", text, re.MULTILINE) for number, text in steps.items()}
    return {
        number: [line.split("  #")[0].rstrip() for line in found if not line.startswith("#")]
        for number, found in lines.items()
    }


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Books]:
    """A whole shop with a place for backups, and the key to them."""
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "maru-backup.key").write_text(f"{key}\n")
    backups = {
        "BACKUP_URL": str(tmp_path / "backups"),
        "BACKUP_KEY": str(key.to_public()),
        "BACKUP_IDENTITY": str(tmp_path / "maru-backup.key"),
        "BACKUP_PG_BIN": str(program("pg_dump").parent),
    }
    wsgi = "config.wsgi:application"
    with Stack(name="restore", seed=False, wsgi=wsgi, env={"DEBUG": "0"} | backups) as stack:
        books = Books(stack)
        yield books
        books.close()


class Operator:
    """Types what the runbook says, with this shop's names in the place of its examples."""

    def __init__(self, stack: Stack, *, backup: str) -> None:
        self.stack, self.backup, self.said = stack, backup, ""
        self.url, self.name = stack.database_url, stack.database_url.rpartition("/")[2]

    def types(self, line: str) -> str:
        """Run one command of the runbook; return what it said. Raises AssertionError when it fails."""
        line = line.replace(MOMENT, self.backup).replace("\u2026/shop_restored", f"{self.base}/shop_restored")
        words = shlex.split(line)
        if words[:2] == ["docker", "compose"]:
            self.stack.stop(*WRITERS)
            return "stopped"
        env = dict(self.stack.env)
        while "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            env[name] = value
        assert words[0] == "python", line
        done = subprocess.run(
            [sys.executable, *words[1:]], env=env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def databases(self) -> set[str]:
        """Return the names of the server's databases."""
        with psycopg.connect(f"{self.base}/postgres") as server:
            return {name for (name,) in server.execute("SELECT datname FROM pg_database").fetchall()}

    @property
    def base(self) -> str:
        """Return the server's address without a database."""
        return self.url.rpartition("/")[0]


def lose(shop: Books, *, media: Path) -> None:
    """Make the mistake: facts are deleted and a picture is gone."""
    shop.do("DELETE FROM commerce_outboxevent WHERE type = 'order.placed'")
    (media / "cup.webp").unlink()


def test_every_command_of_the_runbook_brings_the_shop_back(shop: Books) -> None:
    steps, stack, media = typed(), shop.stack, Path(shop.stack.env["MEDIA_FOLDER"], "images")
    shop.stock_up(slug="cup", skus=("CUP",), units=10)
    media.mkdir(parents=True)
    (media / "cup.webp").write_bytes(b"a cup")
    buy(shop, number=1)
    (backup,) = made(stack)
    night = Operator(stack, backup=backup)
    buy(shop, number=2)  # after the backup: this one is lost
    lose(shop, media=media)

    said = {number: [night.types(line) for line in steps[number]] for number in (2, 3, 4, 5, 6)}
    stack.start(*reversed(WRITERS))

    assert f"shop_restored is equal to backup {backup}, row for row" in "".join(said[3])
    assert f"{night.name} is now what was shop_second; the old one is {night.name}_before_" in said[5][0]
    assert said[6] == ["1 files were brought back, 0 were right\n", "cache and broker are empty\n"]
    assert (media / "cup.webp").read_bytes() == b"a cup"
    assert {night.name, "shop_restored"} < night.databases()
    assert [name for name in night.databases() if name.startswith(f"{night.name}_before_")]
    with closing(Books(stack)) as after:
        goes_on(after)
        assert all(night.types(line) for line in steps[8])  # a new backup, and it is proven


def goes_on(shop: Books) -> None:
    """Check that the shop has what the backup had, sells again, and that its workers work."""
    assert shop.one("SELECT count(*) FROM commerce_order") == 1
    assert shop.one("SELECT count(*) FROM commerce_outboxevent WHERE type = 'order.placed'") == 1
    assert shop.shelf("CUP") == (10, 1)
    buy(shop, number=3)
    until(lambda: httpx.get(f"{shop.stack.base_url}/health/").json()["workers"] == "ok")
    due = "SELECT count(*) FROM workers_delivery WHERE state IN (0, 1, 2) AND available_at < now()"
    until(lambda: shop.one(due) == 0)
    assert shop.one("SELECT count(*) FROM commerce_order") == 2
    assert shop.disagreements() == []


def buy(shop: Books, *, number: int) -> None:
    """Place an order."""
    with Shopper(url=shop.stack.base_url, number=number) as guest:
        guest.add(slug="cup", sku="CUP")
        assert guest.place(guest.sheet()).status_code == 303


def made(stack: Stack) -> list[str]:
    """Make tonight's backup; return the names of all."""
    for argv in (["backup"], ["restore_backup", "--list"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *argv],
            env=stack.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    return [line.split()[0] for line in done.stdout.splitlines()]
