from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError

from workers.server import client

PATIENCE = 5.0  # seconds


class Command(BaseCommand):
    help = (
        "Empty the cache and the broker, as after a restore: the cache knows what is gone, and messages speak of rows "
        "that do not exist. Nothing is lost: pages are made anew, and the relay sends what is due from PostgreSQL."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **kwargs: Any) -> None:
        try:
            cache.clear()
            client(url=settings.BROKER_URL, connect=PATIENCE, answer=PATIENCE).flushdb()
        except redis.RedisError as error:
            raise CommandError(f"Redis does not answer: {error}") from error
        self.stdout.write("cache and broker are empty")
