"""Refuse migrations that the running code could not live with, or that stop the shop while they run.

`python -m tools.migrations.lint` reads the SQL of every migration of ours that is not history with two linters:
django-migration-linter (old code on the new schema) and squawk (locks and rewrites). It wants a database in
DATABASE_URL, whose state does not matter. What it accepts all the same stands in baseline.toml, with reasons.
"""

import io
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL
from django_migration_linter.sql_analyser import PostgresqlAnalyser

OURS = ("commerce", "cms", "workers")
BASELINE = Path(__file__).with_name("baseline.toml")
POSTGRESQL = "15"
OF_NO_HARM = (  # rules of taste, and two that `migrate_safely` fulfils for all migrations at once
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-timestamptz",
    "require-lock-timeout",
    "require-statement-timeout",
)
_ABOUT = re.compile(
    r"(?:ALTER TABLE|CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?\S+ ON)(?: ONLY)? \"?(\w+)\"?",
    re.IGNORECASE,
)
_MADE = re.compile(r'^CREATE TABLE "?(\w+)"?', re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Finding:
    """What a linter says of one migration."""

    migration: str
    rule: str
    text: str


def of_sql(name: str, sql: str) -> list[Finding]:
    """Return what both linters say of the SQL of a migration; what touches tables of its own does no harm."""
    made = {table.lower() for table in _MADE.findall(sql)}
    return sorted({*_squawk(name, sql, made), *_analyse(name, sql, made)})


def _squawk(name: str, sql: str, made: set[str]) -> Iterable[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{name}.sql")
        file.write_text(sql)
        said = subprocess.run(
            ["squawk", "--pg-version", POSTGRESQL, "--reporter", "json", f"--exclude={','.join(OF_NO_HARM)}", file],
            capture_output=True,
            text=True,
            check=False,
        )
    lines = sql.splitlines()
    for found in json.loads(said.stdout or "[]"):
        statement = " ".join(lines[found["line"] : found["line_end"] + 1])  # counted from 0
        if not _own(statement, made):
            yield Finding(name, found["rule_name"], f"{found['message']} [{statement.strip()[:100]}]")


def _own(statement: str, made: set[str]) -> bool:
    about = _ABOUT.search(statement)
    return bool(about and about.group(1).lower() in made)


def _analyse(name: str, sql: str, made: set[str]) -> Iterable[Finding]:
    statements = [part for part in sql.splitlines() if part and not part.startswith("--")]
    analyser = PostgresqlAnalyser(None)
    analyser.analyse([part for part in statements if not _own(part, made)])
    for issue in (*analyser.errors, *analyser.warnings):
        table = f" [{issue.table}.{issue.column}]" if issue.table else ""
        yield Finding(name, issue.code, f"{issue.message}{table}")


def one_way(name: str, migration: Migration) -> list[Finding]:
    """Return the operations that do not lead back."""
    kinds = (RunPython, RunSQL)
    lost = [step for step in migration.operations if isinstance(step, kinds) and not step.reversible]
    return [Finding(name, "one-way", f"{type(step).__name__} has no reverse") for step in lost]


def unaccepted(findings: Iterable[Finding], waived: Mapping[str, Mapping[str, str]]) -> list[Finding]:
    """Return the findings that nobody gave a reason for."""
    return [found for found in findings if not waived.get(found.migration, {}).get(found.rule, "").strip()]


def main() -> int:
    """Lint every migration of ours that is not history; print what is wrong and return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")  # as manage.py does
    django.setup()
    logging.getLogger("django_migration_linter").setLevel(logging.WARNING)
    baseline = tomllib.loads(BASELINE.read_text())
    loader = MigrationLoader(connection)
    ours = {f"{app}.{name}": one for (app, name), one in loader.disk_migrations.items() if app in OURS}
    wrong = [f"{name} is in baseline.toml and nowhere else" for name in _unknown(baseline, ours)]
    new = sorted(set(ours) - set(baseline["history"]))
    for name in new:
        findings = one_way(name, ours[name]) + of_sql(name, _sql(name))
        wrong += [f"{f.migration}: {f.rule}: {f.text}" for f in unaccepted(findings, baseline["waived"])]
    print("\n".join(wrong) or f"{len(new)} migrations are fine, {len(ours) - len(new)} are history")
    return 1 if wrong else 0


def _unknown(baseline: Mapping[str, Mapping[str, object]], ours: Mapping[str, Migration]) -> list[str]:
    return sorted({*baseline["history"], *baseline["waived"], *baseline["kept"]} - set(ours))


def _sql(name: str) -> str:
    app, _dot, migration = name.partition(".")
    out = io.StringIO()
    call_command("sqlmigrate", app, migration, stdout=out, no_color=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
