from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

from config import deploying, waiting


class Command(BaseCommand):
    help = "Migrate as a release step: one release at a time, and giving way to whoever uses a table."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--lock-timeout", type=float, default=3, help="seconds that a statement waits for a lock (3)"
        )
        parser.add_argument("--tries", type=int, default=6, help="how often to try while tables are busy (6)")
        parser.add_argument(
            "--pause", type=float, default=2, help="seconds before the second try, doubling (2)"
        )
        parser.add_argument(
            "--turn", type=float, default=300, help="seconds to wait for another release (300)"
        )
        parser.add_argument("--seconds", type=float, default=60, help="to wait for the database (60)")
        parser.add_argument("--plan", action="store_true", help="say what would be applied, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        _go_direct()
        connection = connections["default"]
        patience = deploying.Patience(
            lock_timeout=options["lock_timeout"],
            tries=options["tries"],
            pause=options["pause"],
            turn=options["turn"],
        )
        try:
            waiting.wait(names=["database"], seconds=options["seconds"], say=self.stdout.write)
            if options["plan"]:
                self.stdout.write("\n".join(deploying.pending(connection)) or "Nothing to apply")
                return
            deploying.migrate_safely(
                connection=connection, migrate=self._migrate, patience=patience, say=self.stdout.write
            )
        except (waiting.NotThere, deploying.UnableToMigrate) as trouble:
            raise CommandError(str(trouble)) from trouble
        except OperationalError as trouble:
            raise CommandError(f"The connection to PostgreSQL was lost: {trouble}") from trouble

    def _migrate(self) -> None:
        call_command("migrate", interactive=False)


def _go_direct() -> None:
    """Use DIRECT_DATABASE_URL, and one plain connection: a pool would lend the lock's session to somebody else."""
    found = connections.settings["default"]
    found |= settings.DIRECT_DATABASE or {}
    found["OPTIONS"] = {
        key: value for key, value in found.get("OPTIONS", {}).items() if key not in ("pool", "options")
    }
    found["OPTIONS"]["application_name"] = "migrate_safely"
    if hasattr(connections["default"], "close_pool"):
        connections["default"].close_pool()
    del connections["default"]
