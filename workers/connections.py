"""Worker and relay keep one database connection per thread: opening one per message costs twenty times its work."""

from django.db import DEFAULT_DB_ALIAS, connections


def keep_open() -> None:
    """Let connections of this process live. Call it before the first query.

    The first statement on the default one is a claim or the relay's turn, and both begin anew when it turns
    out to be dead; others are checked before use.
    """
    for alias in connections.settings:
        options = connections.settings[alias]
        options["CONN_MAX_AGE"] = None
        options["CONN_HEALTH_CHECKS"] = alias != DEFAULT_DB_ALIAS
        options.get("OPTIONS", {}).pop("pool", None)  # Django refuses a pool next to lasting connections
