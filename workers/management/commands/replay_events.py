from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from workers import replay, replayable, steering
from workers.models import ReplayRun
from workers.replayable import Target
from workers.routing import HANDLERS, ROUTES

ASK_ABOVE = 1000  # deliveries


class Command(BaseCommand):
    help = (
        "Run deliveries again: dead ones with --dead, otherwise everything one handler should have done since a "
        "moment, also what it never saw because it is new. Stopped half way, the relay finishes it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--handler", help="which reaction, or webhook:<number of the webhook>; with --dead: default all"
        )
        parser.add_argument("--type", action="append", default=[], choices=sorted(ROUTES), help="which facts")
        parser.add_argument("--since", help="first moment, for example 2026-11-24 or 2026-11-24T09:00")
        parser.add_argument("--until", help="first moment that is too late")
        parser.add_argument("--dead", action="store_true", help="only what was given up")
        parser.add_argument("--dry-run", action="store_true", help="count, change nothing")
        parser.add_argument(
            "--limit", type=int, default=replay.LIMIT, help=f"deliveries, default {replay.LIMIT:,}"
        )
        parser.add_argument("--yes", action="store_true", help=f"agree to more than {ASK_ABOVE:,} deliveries")

    def handle(self, *args: Any, **options: Any) -> None:
        period = replay.Period(since=_moment(options["since"]), until=_moment(options["until"]))
        target = _target(options["handler"])
        if options["dead"]:
            self._dead(target.handler.name if target else None, period, options)
        elif target is None:
            raise CommandError("say which --handler, or --dead")
        else:
            self._replay(target, period, options)

    def _dead(self, name: str | None, period: replay.Period, options: dict[str, Any]) -> None:
        types = options["type"]
        count = steering.count_dead(handler=name, types=types, period=period)
        if options["dry_run"]:
            self.stdout.write(f"{count} dead deliveries would be tried again")
            return
        self._agreed(count, options)
        swept = steering.retry_dead(
            handler=name,
            by="command",
            types=types,
            period=period,
            limit=options["limit"],
            told=lambda done: self._progress(done, count),
        )
        self.stdout.write(f"{swept.count} dead deliveries are tried again")

    def _replay(self, target: Target, period: replay.Period, options: dict[str, Any]) -> None:
        handler, types, now = target.handler, options["type"] or target.types, timezone.now()
        if strange := sorted(set(types) - set(target.types)):
            raise CommandError(f"{handler.name} does not react to {', '.join(strange)}")
        try:
            extent = replay.measure(handler=handler, types=types, period=period, now=now)
            if options["dry_run"]:
                self._told(extent.again, extent.fresh, "would run")
                return
            self._agreed(extent.again + extent.fresh, options)
            run = replay.ask(
                handler=handler, types=types, period=period, by="command", now=now, limit=options["limit"]
            )
        except replay.NothingToDo:
            self._told(0, 0, "run")
        except replay.UnableToReplay as refusal:
            raise CommandError(str(refusal)) from refusal
        else:
            self._finish(run)

    def _finish(self, run: ReplayRun) -> None:
        while run.state == ReplayRun.RunState.RUNNING:
            replay.advance(run_id=run.pk, handlers=HANDLERS, now=timezone.now())
            run.refresh_from_db()
            self._progress(run.again + run.fresh, run.expected_again + run.expected_fresh)
        self._told(run.again, run.fresh, "run")
        if run.state == ReplayRun.RunState.CANCELLED:
            raise CommandError("somebody cancelled the rest")

    def _agreed(self, count: int, options: dict[str, Any]) -> None:
        if count > options["limit"]:
            raise CommandError(str(replay.TooMany(count, options["limit"])))
        if count > ASK_ABOVE and not options["yes"]:
            raise CommandError(f"{count:,} deliveries: look at --dry-run, then say --yes")

    def _progress(self, done: int, of: int) -> None:
        if of > replay.SLICE:
            self.stdout.write(f"{done:,} of {of:,}")

    def _told(self, again: int, fresh: int, verb: str) -> None:
        self.stdout.write(f"{again} deliveries {verb} again, {fresh} for the first time")


def _target(name: str | None) -> Target | None:
    if not name:
        return None
    try:
        return replayable.target(name=name)
    except replayable.NotReplayable as refusal:
        raise CommandError(str(refusal)) from refusal


def _moment(text: str | None) -> datetime | None:
    """Return a moment on the shop's clocks."""
    if not text:
        return None
    day = parse_date(text) if len(text) == 10 else None
    moment = datetime(day.year, day.month, day.day) if day else parse_datetime(text)
    if moment is None:
        raise CommandError(f"{text} is no moment that anybody understands")
    return moment if moment.tzinfo else timezone.make_aware(moment)
