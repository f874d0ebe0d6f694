"""What the fault tests' workers run: the real actors over the story's handlers, on the broker of the test."""

import os
from pathlib import Path
from typing import Any

import dramatiq
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connections as databases

from workers import actors, connections, deliveries, mail
from workers import broker as brokers
from workers.jobs import QUEUES
from workers.tests.chaos import controls, points, routes

dramatiq.worker.QUEUE_PREFETCH = int(os.environ.get("CHAOS_PREFETCH", "0"))
broker = brokers.build(url=os.environ["BROKER_URL"])
dramatiq.set_broker(broker)
controls.switch_off(os.environ.get("CHAOS_WITHOUT", ""))
routes.learn()
databases.settings["default"].setdefault("OPTIONS", {})["options"] = (
    f"-c idle_in_transaction_session_timeout={os.environ.get('CHAOS_IDLE', '30000')}"
)
ACTORS = actors.declare(broker=broker, handlers=routes.handlers(), queues=QUEUES.values())
connections.keep_open()


_mark = deliveries.done


def _mark_and_reach(*, claim: deliveries.Claim) -> None:
    _mark(claim=claim)
    points.reach("marked")


deliveries.done = _mark_and_reach


_compose = mail.compose


def _compose_and_reach(**letter: Any) -> EmailMultiAlternatives:
    message = _compose(**letter)
    send = message.send

    def send_and_reach() -> int:
        points.reach("before SMTP")
        sent = send()
        points.reach("after SMTP")
        return sent

    message.send = send_and_reach
    return message


mail.compose = _compose_and_reach
if port := os.environ.get("CHAOS_SMTP"):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)


class Reached(dramatiq.Middleware):
    """The moment when the work is committed and Redis does not know it yet."""

    def after_process_message(self, _broker, _message, *, result=None, exception=None) -> None:
        points.reach("unacknowledged")


broker.add_middleware(Reached())


@dramatiq.actor(broker=broker, queue_name="naive", max_retries=20, min_backoff=100, max_backoff=100)
def naive(n: int) -> None:
    """What Dramatiq offers by itself: this fails once, and Dramatiq tries it again."""
    folder = Path(os.environ[points.FOLDER])
    if (folder / "failed once").exists():
        (folder / "done by Dramatiq").touch()
        return
    (folder / "failed once").touch()
    points.reach("naive")
    raise RuntimeError(n)
