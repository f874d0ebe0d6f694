"""What a band looks like before it is used: the shop's own pictures, goods and prices, and drawn ones in an empty shop."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import F
from django.templatetags.static import static
from django.utils.translation import get_language
from wagtail.images import get_image_model

from cms import languages
from cms.blocks import needs
from commerce.catalog.shapes import Card, CategoryLink, Picture

STAND_IN = "img/example.svg"
WIDTH, HEIGHT = 1600, 1000  # of the drawing
WORDS = (("백자 달항아리", "Moon jar", 180_000), ("흑유 접시", "Black plate", 32_000), ("청자 찻잔", "Celadon cup", 24_000),
         ("호두나무 다반", "Walnut tray", 68_000))  # fmt: skip


class Sample:
    """Hands out what an example is made of, in the language of whoever looks at it."""

    def __init__(self, language: str) -> None:
        self.language = language

    def word(self, korean: str, english: str) -> str:
        """Return a text in the language."""
        return english if self.language == "en" else korean

    def picture(self, place: int = 0) -> Any:
        """Return a wide picture of the shop, or a drawing while it has none."""
        wide = get_image_model().objects.filter(width__gt=F("height")).order_by("pk")
        return wide[place : place + 1].first() or wide.first() or stand_in()

    def products(self, count: int) -> list[Any]:
        """Return published products, at most `count`."""
        pages = apps.get_model("cms", "ProductPage").objects.live()
        return list(pages.filter(locale__language_code=self.language).order_by("-rank", "pk")[:count])


class Samples(needs.Needs):
    """Goods that no shop sells, for bands of an empty one."""

    def card(self, page: Any) -> Card | None:
        """Return the next of them, whatever page is asked for."""
        self.given = getattr(self, "given", -1) + 1
        return sample_card(self.given % len(WORDS))

    def grid(self, value: Any) -> list[Card]:
        """Return as many as the grid holds."""
        return [sample_card(place) for place in range(min(value.get("limit") or 4, len(WORDS)))]


class Example:
    """A band that shows an example of itself where editors choose bands. Stands before Wagtail's class."""

    name: str
    is_previewable = True

    def example(self, sample: Sample) -> Any:
        """Return the value that is shown."""
        raise NotImplementedError

    def get_preview_value(self) -> Any:
        """Return the example in the language of the editor."""
        return self.normalize(self.example(Sample(_language())))  # type: ignore[attr-defined]

    def get_preview_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add goods, and stories and shelves where there are none yet."""
        context: dict[str, Any] = super().get_preview_context(value, parent_context)  # type: ignore[misc]
        return {**context, **_shown(self.name, value), "opens": self.name == "hero", "example": True}


def stand_in() -> Any:
    """Return the drawing, in the shape of a picture of the library."""
    return SimpleNamespace(
        file=SimpleNamespace(url=static(STAND_IN)),
        width=WIDTH,
        height=HEIGHT,
        renditions=SimpleNamespace(all=list),
    )


def sample_card(place: int) -> Card:
    """Return a product that is drawn."""
    korean, english, price = WORDS[place]
    return Card(
        key=UUID(int=place),
        slug="example",
        title=english if _language() == "en" else korean,
        summary="",
        price=price,
        price_varies=False,
        picture=_drawn(),
        second_picture=None,
        sold_out=False,
    )


def _shown(name: str, value: Any) -> dict[str, Any]:
    language = _language()
    found = needs.gather(bands=[(name, value)], language=language)
    gathered = found if found.cards else Samples(stories=found.stories, now=found.now)
    if name == "stories" and not gathered.stories:
        title = "A tea table for one" if language == "en" else "혼자 차리는 찻자리"
        gathered.stories = [apps.get_model("cms", "StoryPage")(title=title) for _ in range(3)]
    shelves = tuple(CategoryLink(title=ko if language == "ko" else en, path="example", picture=_drawn())
                    for ko, en, _price in WORDS)  # fmt: skip
    return {"needs": gathered, "example_shelves": shelves}


def _drawn() -> Picture:
    return Picture(name="example", url=static(STAND_IN), width=WIDTH, height=HEIGHT, alt="")


def _language() -> str:
    return (get_language() or languages.default())[:2]
