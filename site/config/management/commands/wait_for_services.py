from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import waiting


class Command(BaseCommand):
    help = (
        "Wait until database, cache and broker answer; exit with an error that says which did not, and where."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "names", nargs="*", metavar="NAME", help=f"of {', '.join(waiting.SERVERS)}: all of them"
        )
        parser.add_argument("--seconds", type=float, default=60, help="for all of them together (60)")

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["names"] or list(waiting.SERVERS)
        if unknown := sorted(set(names) - set(waiting.SERVERS)):
            raise CommandError(
                f"Nobody waits for {', '.join(unknown)}; known are {', '.join(waiting.SERVERS)}."
            )
        try:
            waiting.wait(names=names, seconds=options["seconds"], say=self.stdout.write)
        except waiting.NotThere as trouble:
            raise CommandError(str(trouble)) from trouble
