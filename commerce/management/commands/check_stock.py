"""Compare the numbers of stock with their movements and promises."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commerce.inventory import audit


class Command(BaseCommand):
    """Say which stock items do not agree; ends with an error when one does not."""

    help = "Compare the numbers of stock with the sums of their movements and promises."

    def add_arguments(self, parser: CommandParser) -> None:
        """Let the items be marked for staff."""
        parser.add_argument("--flag", action="store_true", help="mark the items in the back office")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each doubt.

        Raises:
            CommandError: there are some.
        """
        found = audit.flag() if options["flag"] else audit.doubts()
        for one in found:
            self.stdout.write(f"{one.sku}: {one.why}")
        if found:
            raise CommandError(f"{len(found)} stock item(s) do not agree with their movements")
        self.stdout.write("Every stock item is what its movements say.")
