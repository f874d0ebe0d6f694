"""What the clock does to parcels of which nobody speaks."""

from commerce.fulfilment import silence
from workers.jobs import Context, Fact

PER_RUN = 5000  # the rest follows in the next run


def assume_delivered(_fact: Fact, context: Context) -> None:
    """Take parcels as delivered that left long ago."""
    silence.assume_delivered(now=context.now, limit=PER_RUN)


def confirm_purchases(_fact: Fact, context: Context) -> None:
    """Take purchases as confirmed whose time to say otherwise is over."""
    silence.confirm_purchases(now=context.now, limit=PER_RUN)
