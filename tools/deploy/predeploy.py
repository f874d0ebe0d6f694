"""The checklist before a deployment: `python -m tools.deploy.predeploy --base-url https://shop.example.com`.

Run it where the target's environment is (its settings, its database): the release step of CI, or the server. Every
line of the owner's list is there; what no machine can tell is printed for a person. Ends with 1 when a line fails.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from tools.deploy import web
from tools.deploy.checklist import (
    Answer,
    Line,
    Run,
    by_hand,
    failed,
    go_through,
    last_words,
    ok,
    passes,
    run,
    yours,
)
from tools.deploy.gate import ask

PYTHON = sys.executable
ENOUGH = 14  # days that a certificate should still be valid
COLLECT = """
import os, sys, tempfile
os.environ["DJANGO_BUILD"] = "1"
os.environ.setdefault("SECRET_KEY", "build-only")
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.production"
from config.settings import production
with tempfile.TemporaryDirectory() as folder:
    production.STATIC_ROOT = folder  # before anything reads it: storages keep what they read
    import django; django.setup()
    from django.core.management import call_command
    call_command("collectstatic", interactive=False, verbosity=0)
    count = sum(len(files) for _folder, _folders, files in os.walk(folder))
sys.exit("nothing was collected") if not count else print(count, "files")
"""


def checklist(*, base_url: str, environ: Mapping[str, str], run: Run = run) -> list[Line]:
    """Return the lines of the list. `base_url`: the shop that runs now, empty before the first deployment."""
    commit = run(["git", "rev-parse", "HEAD"])[1]
    return [
        Line("Tests passed", lambda: tested(commit, run)),
        by_hand("The code was reviewed", f"the pull request of {commit[:12]} has an approval"),
        Line("Nothing is uncommitted", lambda: clean(run)),
        Line(
            "Migrations belong to the models", lambda: _manage(run, "makemigrations", "--check", "--dry-run")
        ),
        Line(
            "Migrations keep to the rules", lambda: passes([PYTHON, "-m", "tools.migrations.lint"], run=run)
        ),
        Line("The servers answer", lambda: _manage(run, "wait_for_services", "--seconds", "5")),
        Line("What will be migrated", lambda: planned(run)),
        Line("The environment is complete", lambda: complete(environ, run)),
        Line("The database is backed up", lambda: backed_up(base_url)),
        by_hand(
            "Media are backed up", "with the database, or the bucket keeps versions: docs/runbooks/restore.md"
        ),
        Line("Static files can be collected", lambda: passes([PYTHON, "-c", COLLECT], run=run)),
        Line("The TLS certificate is valid", lambda: certificate(base_url, now=datetime.now(UTC))),
        Line("Monitoring is switched on", lambda: watched(environ)),
        Line("There is a way back", lambda: way_back(environ, run)),
    ]


def _manage(run: Run, *arguments: str) -> Answer:
    return passes([PYTHON, "manage.py", *arguments], run=run)


def tested(commit: str, run: Run) -> Answer:
    """Ask GitHub whether CI is green on this very commit."""
    code, said = run(
        ["gh", "run", "list", "--commit", commit, "--workflow", "CI", "--limit", "1"]
        + ["--json", "conclusion", "--jq", ".[0].conclusion"]
    )
    if code:
        return yours(f"CI is green on {commit[:12]} (gh could not be asked)")
    return (
        ok(f"CI is green on {commit[:12]}") if said == "success" else failed(f"CI says {said or 'nothing'}")
    )


def clean(run: Run) -> Answer:
    """Check that what is deployed is what was committed."""
    _code, said = run(["git", "status", "--porcelain"])
    return failed(f"{len(said.splitlines())} files differ from the commit") if said else ok()


def planned(run: Run) -> Answer:
    """Show what `migrate` would do to the target's database."""
    code, said = run([PYTHON, "manage.py", "migrate", "--plan"])
    if code:
        return failed(last_words(said))
    steps = [line for line in said.splitlines() if not line.startswith("Planned operations")]
    if not any(line.strip() for line in steps) or "No planned" in said:
        return ok("nothing")
    return yours("expand only? long ones timed on staging?\n" + "\n".join(steps))


def complete(environ: Mapping[str, str], run: Run) -> Answer:
    """Let production's settings refuse what is missing or weak, and Django's deployment check the rest."""
    module = environ.get("DJANGO_SETTINGS_MODULE", "")
    if not module.endswith((".production", ".staging")):
        return failed(
            f"DJANGO_SETTINGS_MODULE is {module or 'not set'}: this is not the target's environment"
        )
    return _manage(run, "check", "--deploy", "--fail-level", "WARNING")


def backed_up(base_url: str) -> Answer:
    """Ask the running shop how old its newest backup is."""
    if not base_url:
        return yours("the first deployment: there is nothing to lose yet")
    said = ask(base_url)
    state = str(said.get("backup", "unknown"))
    if state == "ok":
        return ok("within the last day")
    if state == "late":
        return failed("the newest backup is too old: docs/runbooks/restore.md")
    return yours(
        f"the shop says {state!r}: the provider's backup is younger than a day, and one was restored on trial"
    )


def certificate(base_url: str, *, now: datetime) -> Answer:
    """Look how long the certificate is valid."""
    days = web.days_of_certificate(base_url, now=now) if base_url else None
    if days is None:
        return yours("no https address was named")
    return ok(f"{days:.0f} days") if days >= ENOUGH else failed(f"it ends in {days:.1f} days")


def watched(environ: Mapping[str, str]) -> Answer:
    """Check that faults and numbers go somewhere."""
    missing = [name for name in ("SENTRY_DSN", "METRICS_TOKEN") if not environ.get(name)]
    if missing:
        return failed(f"not set: {', '.join(missing)}")
    return ok("faults go to Sentry, numbers to whoever has the token; alerts: docs/monitoring.md")


def way_back(environ: Mapping[str, str], run: Run) -> Answer:
    """Note which image serves now."""
    if not environ.get("DEPLOY_TO"):
        return yours("note the digest that serves now: docs/runbooks/roll-back.md")
    code, said = run(["deploy/remote.sh", "current"])
    return failed(f"the present image is unknown: {said}") if code else ok(f"now serves {said}")


def main(arguments: list[str]) -> int:
    """Go through the list."""
    parser = argparse.ArgumentParser(description="The checklist before a deployment.")
    parser.add_argument("--base-url", default=os.environ.get("BASE_URL", ""), help="the shop that runs now")
    asked = parser.parse_args(arguments)
    return go_through(checklist(base_url=asked.base_url, environ=os.environ))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
