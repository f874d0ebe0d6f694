"""Compare the stored sums of every order with its rows, and points and coupons with theirs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commerce.coupons import selectors as coupons
from commerce.orders import balance
from commerce.points import selectors as points


class Command(BaseCommand):
    """`manage.py check_balances`: exit code 1 and a list when something does not add up."""

    help = "Compare the stored sums of every order with its lines, its payment, its refunds, its points and its coupon."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is wrong, an order or a doubt a line.

        Raises:
            CommandError: something is.
        """
        found = 0
        for order, problems in balance.out_of_balance():
            found += 1
            self.stdout.write(f"{order.number}: {'; '.join(problems)}")
        doubts = [
            *(f"points: {one}" for one in points.doubts()),
            *(f"coupons: {one}" for one in coupons.doubts()),
        ]
        for one in doubts:
            self.stdout.write(one)
        if doubts:
            raise CommandError(f"{found} orders do not balance; {len(doubts)} other doubts.", returncode=1)
        if found:
            raise CommandError(f"{found} orders do not balance.", returncode=1)
        self.stdout.write("Every order balances.")
