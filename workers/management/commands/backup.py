from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from workers.backup import command, options, running


class Command(BaseCommand):
    help = "Back up the database and the files now, and remove backups whose time is over."
    requires_system_checks = []

    def handle(self, *args: Any, **kwargs: Any) -> None:
        with command.told():
            made = running.back_up(options=options.from_settings(), now=timezone.now())
        self.stdout.write(
            f"backup {made.name}: {len(made.tables)} tables, {made.rows:,} rows, "
            f"{command.size(made.dump.size)}{'' if made.sealed_as == 'plain' else ' encrypted'}; "
            f"{made.media_files:,} files, {command.size(made.media_bytes)}; {made.seconds:.1f} s"
        )
