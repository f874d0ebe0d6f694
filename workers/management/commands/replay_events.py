from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from workers import replay
from workers.routing import HANDLERS, ROUTES


class Command(BaseCommand):
    help = (
        "Run deliveries again: dead ones with --dead, otherwise everything one handler should have done since a "
        "moment, also what it never saw because it is new."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--handler", choices=sorted(HANDLERS), help="which reaction; with --dead: default all"
        )
        parser.add_argument("--type", action="append", default=[], choices=sorted(ROUTES), help="which facts")
        parser.add_argument("--since", help="first moment, for example 2026-11-24 or 2026-11-24T09:00")
        parser.add_argument("--until", help="first moment that is too late")
        parser.add_argument("--dead", action="store_true", help="only what was given up")
        parser.add_argument("--dry-run", action="store_true", help="count, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        period = replay.Period(since=_moment(options["since"]), until=_moment(options["until"]))
        handler, types, dry_run = HANDLERS.get(options["handler"]), options["type"], options["dry_run"]
        if options["dead"]:
            count = replay.revive_dead(handler=handler, types=types, period=period, dry_run=dry_run)
            self.stdout.write(f"{count} dead deliveries {'would be' if dry_run else 'are'} tried again")
            return
        if handler is None:
            raise CommandError("say which --handler, or --dead")
        routed = [type_ for type_, handlers in ROUTES.items() if handler in handlers]
        try:
            again, fresh = replay.replay(
                handler=handler,
                types=[type_ for type_ in routed if type_ in types] if types else routed,
                period=period,
                now=timezone.now(),
                dry_run=dry_run,
            )
        except replay.TooLongAgo as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{again} deliveries {'would run' if dry_run else 'run'} again, {fresh} for the first time"
        )


def _moment(text: str | None) -> datetime | None:
    """Return a moment on the shop's clocks."""
    if not text:
        return None
    day = parse_date(text) if len(text) == 10 else None
    moment = datetime(day.year, day.month, day.day) if day else parse_datetime(text)
    if moment is None:
        raise CommandError(f"{text} is no moment that anybody understands")
    return moment if moment.tzinfo else timezone.make_aware(moment)
