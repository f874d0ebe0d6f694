"""Keep what visitors see no older than what was published."""

from commerce import copies
from workers.jobs import Context, Fact


def renew(_fact: Fact, _context: Context) -> None:
    """Throw kept copies of pages away, also when whoever committed the fact died before doing so."""
    copies.forget()
