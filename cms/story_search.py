"""Stories for the shop's search, by the keys that type their words."""

from cms.models import StoryPage
from commerce.search.stories import StoryLink


def find(*, keys: list[str], language: str, limit: int) -> list[StoryLink]:
    """Return the live stories of a language that have all the words, newest first; one query, and one for the site."""
    stories = StoryPage.objects.live().filter(locale__language_code=language, alias_of=None)
    for key in keys:
        stories = stories.filter(search_keys__contains=key if len(key) > 2 else f" {key}")
    newest = stories.order_by("-first_published_at", "-pk").defer("body")
    return [StoryLink(title=story.title, url=story.get_url() or "") for story in newest[:limit]]
