"""What the search remembers: words by which things are found, and searches that found nothing."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from commerce.catalog import indexing
from commerce.catalog.models import CategoryText, Product
from commerce.search import vocabulary
from commerce.search.models import EmptySearch, FoundInstead, SearchWord, Synonyms

KEPT = timedelta(days=90)  # after the last time that somebody searched for it
MOST = 5_000  # searches that are kept; those searched most
_PERSONAL = re.compile(r"@|\d(?:[\s.-]*\d){6}")  # an address, or so many digits as a phone number has
_LONGEST = 60
_COUNT = """
INSERT INTO commerce_emptysearch AS known (query, language, times, shown, first_at, last_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (query, language) DO UPDATE
SET times = known.times + 1, shown = EXCLUDED.shown, last_at = greatest(known.last_at, EXCLUDED.last_at)
"""


def remember_empty(*, query: str, language: str, shown: FoundInstead, now: datetime) -> bool:
    """Count a search that found nothing; return False for what could tell who searched, which is not kept."""
    words = " ".join(query.lower().split())
    if not words or len(words) > _LONGEST or _PERSONAL.search(words):
        return False
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [words, language, 1, shown, now, now])
    return True


@transaction.atomic
def learn_product(*, key: UUID) -> int:
    """Learn the words by which a product is found; return how many were new."""
    products = Product.objects.filter(key=key, listed=True).values_list("pk", flat=True)
    return _learn(indexing.searched_words(products=list(products)))


def learn_words(*, text: str) -> int:
    """Learn the words of a text, such as synonyms, so that they are completed and corrected; return how many were new."""
    return _learn([text])


def follow_category(*, path: str) -> int:
    """Let the products in and below a category be found by its titles as they are now; return how many changed."""
    written = indexing.index_all(path=path)
    titles = CategoryText.objects.filter(category__path=path, category__listed=True)
    _learn(titles.values_list("title", flat=True))
    return written


def learn_all() -> int:
    """Learn every word by which something on sale is found, and forget all others; return how many are known."""
    rows = vocabulary.rows(_parts(indexing.all_texts()) + _parts(_other_texts()))
    _write(rows)
    SearchWord.objects.exclude(word__in=[row.word for row in rows]).delete()
    return len(rows)


def forget(*, now: datetime) -> int:
    """Delete searches that nobody made for long, and the rarest beyond a number; return how many."""
    old = EmptySearch.objects.filter(last_at__lt=now - KEPT).delete()[0]
    rare = EmptySearch.objects.order_by("-times", "-last_at").values_list("pk", flat=True)[MOST:]
    return old + EmptySearch.objects.filter(pk__in=list(rare)).delete()[0]


def _learn(texts: Iterable[str]) -> int:
    return _write(vocabulary.rows(_parts(texts)))


def _other_texts() -> list[str]:
    titles = CategoryText.objects.filter(category__listed=True).values_list("title", flat=True)
    return [*titles, *Synonyms.objects.values_list("words", flat=True)]


def _parts(texts: Iterable[str]) -> list[str]:
    return list({word: None for text in texts for word in vocabulary.words(text)})


def _write(rows: Collection[SearchWord]) -> int:
    known = set(SearchWord.objects.filter(word__in=[row.word for row in rows]).values_list("word", flat=True))
    new = [row for row in rows if row.word not in known]
    SearchWord.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    return len(new)
