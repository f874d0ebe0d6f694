"""Keep what shoppers see of the catalogue in step with what editors published."""

from django.core.management import call_command

from cms import pictures, publishing
from commerce import copies
from commerce.catalog import collections, pricing
from commerce.events import types
from workers.jobs import Context, Fact


def prepare_product(fact: Fact, _context: Context) -> None:
    """Make a product's pictures in all sizes, then show it with them.

    It is shown anew also when nothing was missing: an earlier try may have died in between.
    """
    key = fact.read(types.ProductListed).product_key
    pictures.prepare_product(key=key)
    publishing.refresh_product(key=key)
    copies.forget()


def prepare_category(fact: Fact, _context: Context) -> None:
    """Make a category's picture in all sizes, then show it with them."""
    key = fact.read(types.CategoryListed).category_key
    pictures.prepare_category(key=key)
    publishing.refresh_category(key=key)
    copies.forget()


def prepare_page(fact: Fact, _context: Context) -> None:
    """Make the pictures of an editorial page in all sizes; the page finds them by itself."""
    kind, _, number = fact.read(types.ContentChanged).subject.partition(":")
    if kind == "page":
        pictures.prepare_page(page_id=int(number))
        copies.forget()


def reconcile(_fact: Fact, _context: Context) -> None:
    """Compare live pages with listed products and mend what differs."""
    publishing.reconcile()


def follow_vocabulary(fact: Fact, _context: Context) -> None:
    """Show the products anew that use words which an editor changed: a brand, a product type, a guide."""
    subject = fact.read(types.ContentChanged).subject
    if publishing.follow_vocabulary(subject=subject):
        copies.forget()


def settle_prices(_fact: Fact, context: Context) -> None:
    """Tell of the prices that changed by themselves because the window of a lower one opened or closed.

    Then collections are filled by what is true by now: some are of what is new, reduced or cheap.
    """
    pricing.settle(now=context.now)
    if collections.fill_all(now=context.now):
        copies.forget()


def publish_scheduled(_fact: Fact, _context: Context) -> None:
    """Publish and withdraw pages whose hour has come."""
    call_command("publish_scheduled", verbosity=0)
