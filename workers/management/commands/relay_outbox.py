import logging
import signal
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from workers import connections
from workers.actors import send
from workers.relay import Relay
from workers.server import client

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Carry facts from the outbox to the workers, and fire the schedule. Runs until it is told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is left to do")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["once"]:
            connections.keep_open()
        relay = Relay(client=client(url=settings.BROKER_URL, connect=1, answer=5), enqueue=send)
        if options["once"]:
            while relay.turn():
                pass
            return
        for signal_ in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_, lambda *_: relay.stop())
        logger.info("the relay runs")
        relay.run()
        logger.info("the relay stops")
