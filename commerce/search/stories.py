"""Stories that fit a search. Whoever keeps stories names a function in `SEARCH_STORIES`; the shop knows none itself."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class StoryLink:
    """A story."""

    title: str
    url: str


Finder = Callable[..., list[StoryLink]]  # keys: the words to be found; language; limit


def find(*, keys: list[str], language: str, limit: int) -> list[StoryLink]:
    """Return the stories whose title or summary has all the words, newest first."""
    if not settings.SEARCH_STORIES or not keys:
        return []
    finder: Finder = import_string(settings.SEARCH_STORIES)
    return finder(keys=keys, language=language, limit=limit)
