"""Compare the stored sums of every order with its rows."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commerce.orders import balance


class Command(BaseCommand):
    """`manage.py check_balances`: exit code 1 and a list when something does not add up."""

    help = "Compare the stored sums of every order with its lines, its payment and its refunds."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is wrong, an order a line.

        Raises:
            CommandError: something is.
        """
        found = 0
        for order, problems in balance.out_of_balance():
            found += 1
            self.stdout.write(f"{order.number}: {'; '.join(problems)}")
        if found:
            raise CommandError(f"{found} orders do not balance.", returncode=1)
        self.stdout.write("Every order balances.")
