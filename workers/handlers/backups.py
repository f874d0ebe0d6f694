"""What the clock has done for the day when the database is gone."""

import logging

from workers.backup import options, running
from workers.backup.refusals import Busy, Stopped
from workers.jobs import Context, Fact, NotNow

logger = logging.getLogger(__name__)


def make(_fact: Fact, context: Context) -> None:
    """Make tonight's backup, if this shop has a place for it. A try after one that was killed makes a new one.

    Raises:
        NotNow: this worker must leave; another begins anew at once, and no try is lost.
    """
    if not options.configured():
        return
    try:
        running.back_up(options=options.from_settings(), now=context.now)
    except Busy as busy:
        logger.info("%s", busy)  # somebody does what we wanted
    except Stopped as stopped:
        raise NotNow(str(stopped), seconds=0) from stopped


def check(_fact: Fact, context: Context) -> None:
    """Look whether backups are as young and as big as they should be."""
    if options.configured():
        running.look(options=options.from_settings(), now=context.now)


def drill(_fact: Fact, context: Context) -> None:
    """Prove the newest backup, once a week.

    Raises:
        NotNow: this worker must leave.
    """
    if not options.configured():
        return
    try:
        running.drill_if_due(options=options.from_settings(), now=context.now)
    except Stopped as stopped:
        raise NotNow(str(stopped), seconds=0) from stopped
