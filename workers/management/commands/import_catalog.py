"""Check a table of products, and carry it out when that is asked for."""

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count
from django.utils import timezone

from cms.importing import running, services
from cms.importing.words import message, reason
from cms.models import CatalogImport, ImportRow
from workers.handlers import imports

_TOLD = 50  # errors that are listed


class Command(BaseCommand):
    help = "Check a table of products (CSV or XLSX) and say what it would do; with --apply do it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="carry it out after the check")
        parser.add_argument("--pictures", type=Path, help="a zip of the pictures that the table names")
        parser.add_argument("--together", action="store_true", help="all rows or none")
        parser.add_argument("--user", default="", help="e-mail of whoever does it; else an administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        user = self._user(options["user"])
        try:
            run = self._ask(options["file"], options["pictures"], user)
            self._go_on(run)
            self._tell(run)
            if options["apply"]:
                services.confirm(run_id=run.pk, together=options["together"], user=user, now=timezone.now())
                self._go_on(run)
                self._tell(run)
        except services.UnableToImport as refusal:
            raise CommandError((type(refusal).__doc__ or "").strip()) from refusal
        except OSError as trouble:
            raise CommandError(str(trouble)) from trouble

    def _user(self, email: str) -> Any:
        people = get_user_model()._default_manager.filter(is_active=True)
        wanted = people.filter(email__iexact=email) if email else people.filter(is_superuser=True)
        found = wanted.order_by("pk").first()
        if found is None:
            raise CommandError(
                f"nobody is called {email}" if email else "there is no administrator: say --user"
            )
        return found

    def _ask(self, file: Path, pictures: Path | None, user: Any) -> CatalogImport:
        with file.open("rb") as table:
            zipped = File(pictures.open("rb"), name=pictures.name) if pictures else None
            return services.ask(
                file=File(table, name=file.name), pictures=zipped, user=user, now=timezone.now()
            )

    def _go_on(self, run: CatalogImport) -> None:
        while running.advance(run_id=run.pk, fetch=imports.fetch, now=timezone.now()):
            run.refresh_from_db()
            self.stdout.write(f"{run.state}: {run.position} of {run.groups} products", ending="\r")
        run.refresh_from_db()

    def _tell(self, run: CatalogImport) -> None:
        if run.state == CatalogImport.State.FAILED:
            raise CommandError(reason(why=run.error, detail=run.detail))
        counts = run.rows.order_by().values_list("outcome").annotate(Count("pk"))
        words = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts))
        self.stdout.write(f"{run.state}: {run.rows_total} rows, {words}")
        for row in run.rows.filter(outcome=ImportRow.Outcome.ERROR)[:_TOLD]:
            for entry in row.messages:
                self.stderr.write(f"line {row.line} {entry['column']}: {message(entry)}")
