"""Compare live pages with what the shop shows, and heal what differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms import publishing
from commerce.events import outbox


class Command(BaseCommand):
    help = "Bring the shop up to date with the pages that are live, and say what was put right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be put right")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        with outbox.acting("reconcile_catalog"):
            report = publishing.reconcile(dry_run=dry_run)
        for line in report.healed:
            self.stdout.write(f"{'would heal' if dry_run else 'healed'}: {line}")
        for line in report.failed:
            self.stderr.write(f"failed: {line}")
        self.stdout.write(
            f"{report.checked} checked, {len(report.healed)} healed, {len(report.failed)} failed"
        )
