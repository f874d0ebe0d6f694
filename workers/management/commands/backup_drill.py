from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from workers.backup import command, options, running


class Command(BaseCommand):
    help = (
        "Restore a backup into a database of its own, compare every row of every table and every file, "
        "remove that database again, and remember the result."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="which; default the newest")

    def handle(self, *args: Any, **kwargs: Any) -> None:
        with command.told():
            proof = running.drill(options=options.from_settings(), now=timezone.now(), name=kwargs["name"])
        self.stdout.write(
            f"backup {proof.name} is equal row for row: {proof.tables} tables, {proof.rows:,} rows, "
            f"{proof.files:,} files; at most {proof.lost.total_seconds() / 60:.0f} min would be lost, "
            f"restoring took {proof.took:.1f} s"
        )
