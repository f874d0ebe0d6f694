"""The words by which things are found: to correct what was mistyped and to complete what is being typed."""

from collections.abc import Iterable

from django.db import connection
from django.db.models.functions import Length

from commerce.catalog import keys
from commerce.search.models import SearchWord
from commerce.search.wording import Word, Wording

_CANDIDATES = 30  # nearest words by trigrams among which the nearest by letters is chosen
_NEAREST = """
SELECT typed.key, near.word, near.keys
FROM unnest(%s::text[]) AS typed(key)
CROSS JOIN LATERAL (
    SELECT word, keys FROM commerce_searchword ORDER BY keys <-> typed.key, word LIMIT %s
) AS near
"""


def correct(wording: Wording) -> dict[str, str]:
    """Return known words for those that look mistyped, by the keys that were typed; one query.

    A word that is known is left alone. Several words may together be one: then only the whole is corrected.
    """
    typed = [word.key for word in wording.words if not word.initials and len(word.key) > _FREE]
    typed += [wording.key] if len(wording.words) > 1 else []
    if not typed:
        return {}
    near: dict[str, list[tuple[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, [typed, _CANDIDATES])
        for key, word, known in cursor.fetchall():
            near.setdefault(key, []).append((word, known))
    found = {key: _nearest(key, words) for key, words in near.items()}
    return {key: word for key, word in found.items() if word and keys.of(word) != key}


def complete(word: Word, *, limit: int) -> list[str]:
    """Return known words that begin with what was typed of one, the shortest first; one query."""
    column = "initials" if word.initials else "keys"
    rows = SearchWord.objects.filter(**{f"{column}__startswith": word.key})
    return list(rows.order_by(Length("word"), "word").values_list("word", flat=True)[:limit])


def words(text: str) -> list[str]:
    """Return the words of a text as they are known."""
    return keys.words(text)


def rows(words: Iterable[str]) -> list[SearchWord]:
    """Return unsaved rows for the words that are worth knowing, in one order for all who write them."""
    known = sorted({word for word in words if _worth_knowing(word)})
    return [SearchWord(word=word, keys=keys.of(word), initials=keys.initials(word)) for word in known]


_FREE = 3  # keys of a word that is too short to be corrected


def _worth_knowing(word: str) -> bool:
    # Numbers of models and sizes are found as they are: correcting one would find another thing.
    return len(word) <= 60 and len(keys.of(word)) > 1 and not any(map(str.isdigit, word))


def _nearest(key: str, words: list[tuple[str, str]]) -> str:
    allowed = 1 if len(key) < 6 else 2 if len(key) < 9 else 3
    distances = [(_distance(key, known, allowed), place) for place, (_word, known) in enumerate(words)]
    best, place = min(distances)
    return words[place][0] if best <= allowed else ""


def _distance(one: str, other: str, most: int) -> int:
    """Return how many keys were left out, added, taken for others or swapped (Damerau); past `most` any larger number."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for line, key in enumerate(one, start=1):
        above, before, row = before, row, [line]
        for place, known in enumerate(other, start=1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (key != known))
            if line > 1 and place > 1 and key == other[place - 2] and one[line - 2] == known:
                cost = min(cost, above[place - 2] + 1)
            row.append(cost)
    return row[-1]
