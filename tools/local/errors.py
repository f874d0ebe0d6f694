"""What can go wrong here, with a text that a developer can act on."""


class LocalError(Exception):
    """The message is shown as it is, without a traceback."""


class Interrupted(Exception):
    """Somebody asked for a stop (Ctrl-C, SIGTERM, SIGHUP) before the work was done."""
