"""The shop's relay with the measured reactions: `python -m tools.bench.carrier`."""

import signal

import django

django.setup()

from django.conf import settings

from tools.bench.reactions import ROUTES
from workers import connections
from workers.actors import send
from workers.relay import Relay
from workers.server import client


def main() -> None:
    """Carry facts until SIGTERM."""
    connections.keep_open()
    relay = Relay(client=client(url=settings.BROKER_URL, connect=1, answer=5), enqueue=send, routes=ROUTES)
    signal.signal(signal.SIGTERM, lambda *_: relay.stop())
    relay.run()


if __name__ == "__main__":
    main()
