"""Keep what search knows in step with what is on sale."""

from django.db import transaction

from commerce.events import types
from commerce.search import services
from workers.jobs import Context, Fact


def learn(fact: Fact, _context: Context) -> None:
    """Learn the words by which a product is found: they complete and correct what shoppers type."""
    services.learn_product(key=fact.read(types.ProductListed).product_key)


def follow_category(fact: Fact, _context: Context) -> None:
    """Let products be found by the titles that their categories have now."""
    kinds = {
        kind.name: kind
        for kind in (types.CategoryListed, types.CategoryWithdrawn, types.CategoryTranslationWithdrawn)
    }
    services.follow_category(path=fact.read(kinds[fact.type]).path)


def tidy(_fact: Fact, context: Context) -> None:
    """Forget old searches without results, and words that nothing is called any more."""
    with transaction.atomic():
        services.forget(now=context.now)
    services.learn_all()
