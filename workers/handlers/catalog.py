"""Keep what shoppers see of the catalogue in step with what editors published."""

import importlib
from uuid import UUID

from django.core.management import call_command

from workers.jobs import Context, Fact


def prepare_pictures(fact: Fact, _context: Context) -> None:
    """Render a product's pictures in all sizes, then show it with them."""
    key = UUID(fact.payload["product_key"])
    if importlib.import_module("cms.pictures").prepare_product(key=key):
        importlib.import_module("cms.publishing").refresh_product(key=key)


def reconcile(_fact: Fact, _context: Context) -> None:
    """Compare live pages with listed products and mend what differs."""
    importlib.import_module("cms.publishing").reconcile()


def publish_scheduled(_fact: Fact, _context: Context) -> None:
    """Publish and withdraw pages whose hour has come."""
    call_command("publish_scheduled", verbosity=0)
