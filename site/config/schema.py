"""Does the database have every migration that this code has? Asked by the readiness check, so it must cost nothing.

More in the database than in the code is fine: an older release goes on serving on a newer schema.
"""

import pkgutil
import time
from importlib import import_module

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

AGAIN = 5.0  # seconds until it is asked again, while something is missing
_complete = False
_asked_at = 0.0


def behind() -> bool:
    """Tell whether migrations of this code are missing in the database; a "no" is remembered for good."""
    global _complete, _asked_at
    if not _complete and time.monotonic() - _asked_at > AGAIN:
        _complete = not missing()
        _asked_at = 0.0 if _complete else time.monotonic()
    return not _complete


def missing() -> list[str]:
    """Return the migrations that the database lacks, by their files' names: nothing is imported but packages."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    return [f"{label}.{name}" for label, name in _of_this_code() if (label, name) not in applied]


def _of_this_code() -> list[tuple[str, str]]:
    found = []
    for app in apps.get_app_configs():
        module, _explicit = MigrationLoader.migrations_module(app.label)
        try:
            package = import_module(module) if module else None
        except ModuleNotFoundError:  # an app without tables
            continue
        if package is not None and hasattr(package, "__path__"):
            names = (entry.name for entry in pkgutil.iter_modules(package.__path__) if not entry.ispkg)
            found += [(app.label, name) for name in names if name[0] not in "_~"]
    return found
