"""What workers do for the search when goods and categories change."""

import uuid
from datetime import timedelta

from commerce.catalog.models import Product, ProductText
from commerce.events import types
from commerce.search import services
from commerce.search.models import EmptySearch, FoundInstead, SearchWord
from workers.handlers import search
from workers.tests.factories import NOW
from workers.tests.test_handlers import CONTEXT, fact


def test_the_words_of_a_listed_product_are_learned(db):
    product = Product.objects.create(key=uuid.uuid4(), slug="jar", listed=True)
    ProductText.objects.create(product=product, language="ko", title="달항아리")
    listed = types.ProductListed(
        product_key=product.key, slug="jar", language="ko", source_version=1, skus=(), occurred_at=NOW
    )

    for _ in range(2):
        search.learn(fact(listed), CONTEXT)

    assert list(SearchWord.objects.values_list("word", "keys", "initials")) == [
        ("달항아리", "ekfgkddkfl", "egdf")
    ]


def test_a_category_is_followed_whatever_happened_to_it(monkeypatch):
    followed = []
    monkeypatch.setattr(services, "follow_category", lambda *, path: followed.append(path))
    key = uuid.uuid4()

    for event in (
        types.CategoryListed(category_key=key, path="tea", language="ko", occurred_at=NOW),
        types.CategoryWithdrawn(category_key=key, path="home", occurred_at=NOW),
        types.CategoryTranslationWithdrawn(category_key=key, path="scent", language="en", occurred_at=NOW),
    ):
        search.follow_category(fact(event), CONTEXT)

    assert followed == ["tea", "home", "scent"]


def test_the_night_forgets_old_searches_and_lost_words(db):
    services.remember_empty(
        query="old", language="ko", shown=FoundInstead.NOTHING, now=NOW - timedelta(days=91)
    )
    services.remember_empty(query="new", language="ko", shown=FoundInstead.NOTHING, now=NOW)
    SearchWord.objects.create(word="lost", keys="lost", initials="lost")

    search.tidy(fact(types.RetentionDue(slot="1", occurred_at=NOW)), CONTEXT)

    assert [row.query for row in EmptySearch.objects.all()] == ["new"]
    assert not SearchWord.objects.exists()
