"""Fill the shop with many products, the same ones every time: to see how it behaves at size."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from commerce.management import generated


class Command(BaseCommand):
    help = (
        "Put many generated products with variants and stock on sale. Running it again adds what is missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many products there shall be, and leave to do so where real shoppers are."""
        parser.add_argument("--products", type=int, default=50_000, help="how many there shall be (50000)")
        parser.add_argument("--force", action="store_true", help="also where DEBUG is off")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them."""
        wanted: int = options["products"]
        if not 0 < wanted <= generated.MOST:
            raise CommandError(f"--products must be a number from 1 to {generated.MOST}")
        if not (settings.DEBUG or options["force"]):
            raise CommandError("this shop may have shoppers (DEBUG is off): --force fills it all the same")
        made = generated.fill(products=wanted, now=timezone.now())
        self.stdout.write(f"{made} products made, {generated.count()} in all")
