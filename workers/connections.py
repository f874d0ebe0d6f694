"""Worker and relay keep one database connection per thread: opening one per message costs twenty times its work."""

from django.db import connections


def keep_open() -> None:
    """Let connections of this process live, checked before use. Call it before the first query."""
    for alias in connections.settings:
        options = connections.settings[alias]
        options["CONN_MAX_AGE"] = None
        options["CONN_HEALTH_CHECKS"] = True
        options.get("OPTIONS", {}).pop("pool", None)  # Django refuses a pool next to lasting connections
