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
    if fact.type == types.CategoryWithdrawn.name:
        path = fact.read(types.CategoryWithdrawn).path
    elif fact.type == types.CategoryTranslationWithdrawn.name:
        path = fact.read(types.CategoryTranslationWithdrawn).path
    else:
        path = fact.read(types.CategoryListed).path
    services.follow_category(path=path)


def tidy(_fact: Fact, context: Context) -> None:
    """Forget old searches without results, and words that nothing is called any more."""
    with transaction.atomic():
        services.forget(now=context.now)
    services.learn_all()
