"""What the console shows, made by the settings' own handler, filter and format."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.config import DictConfigurator

from django.conf import settings


@contextmanager
def console() -> Iterator[io.StringIO]:
    """Collect every log line as it would appear."""
    said = settings.LOGGING
    configured = DictConfigurator(dict(said))
    shown = logging.StreamHandler(io.StringIO())
    shown.setFormatter(configured.configure_formatter(dict(said["formatters"]["line"])))
    for name in said["handlers"]["console"]["filters"]:
        shown.addFilter(configured.configure_filter(dict(said["filters"][name])))
    root = logging.getLogger()
    root.addHandler(shown)
    try:
        yield shown.stream
    finally:
        root.removeHandler(shown)
