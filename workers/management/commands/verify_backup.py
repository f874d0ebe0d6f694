from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from workers.backup import command, drills, options
from workers.backup.stores import store


class Command(BaseCommand):
    help = "Read a backup completely, without a database: checksums, key, archive, every file."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="which; default the newest")

    def handle(self, *args: Any, **kwargs: Any) -> None:
        said = options.from_settings()
        with command.told():
            found = drills.verify(store=store(said), options=said, name=kwargs["name"])
        self.stdout.write(
            f"backup {found.name} is intact: {len(found.tables)} tables, {found.rows:,} rows, {found.media_files:,} files"
        )
