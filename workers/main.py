"""What the worker runs: `dramatiq workers.main`. Settings start Sentry, so they come before the broker."""

import gc
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
django.setup()

from workers import checks, connections
from workers.actors import ACTORS
from workers.broker import broker

checks.refuse_nonsense()
connections.keep_open()
gc.collect()
gc.freeze()  # as `config.wsgi` does: what is loaded now stays, the collector need not walk it again and again

__all__ = ["ACTORS", "broker"]
