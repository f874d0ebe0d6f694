"""Forget what nobody needs any more."""

from workers import retention
from workers.jobs import Context, Fact


def forget(_fact: Fact, context: Context) -> None:
    """Delete what is older than its time."""
    retention.forget(now=context.now)
