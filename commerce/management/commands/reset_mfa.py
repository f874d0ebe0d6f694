"""Let somebody in who lost their second factor: `manage.py reset_mfa somebody@shop.example`. docs/accounts.md."""

import getpass
import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commerce.accounts import services
from commerce.events import outbox

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Take the second factors of an account away; its owner sets up new ones at the next sign-in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address that the account signs in with")
        parser.add_argument(
            "--by", default="", help="who asks for it, for the record; by default who runs this"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        who = options["by"] or _operator()
        try:
            with outbox.acting(f"reset_mfa {who}"[:64]):
                removed = services.reset_second_factors(email=options["email"], now=timezone.now())
        except services.NoSuchPerson as nobody:
            raise CommandError("nobody has an account with this address") from nobody
        logger.warning("%s took %s second factors of an account away", who, removed)
        self.stdout.write(f"{removed} second factors removed; the next sign-in asks for new ones")


def _operator() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"
