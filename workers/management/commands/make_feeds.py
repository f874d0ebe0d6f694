"""Make the files of product feeds now, without waiting for the schedule."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commerce.feeds import kinds
from commerce.feeds.models import Feed
from workers.handlers import feeds


class Command(BaseCommand):
    help = "Make every feed that the shop wants (FEEDS), or those that are named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="name", help=", ".join(kinds.KINDS))

    def handle(self, *args: Any, names: list[str], **options: Any) -> None:
        for name in names or kinds.wanted():
            feeds.make_one(name=name, now=timezone.now())
            made = Feed.objects.get(name=name)
            self.stdout.write(f"{kinds.address(name=name)} {made.entries} entries, {made.size} bytes")
