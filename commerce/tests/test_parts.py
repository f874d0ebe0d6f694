"""Parts of pages that are put together once: the same values are the same HTML, other values never are."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from commerce.catalog.choices import Choice, Facet
from commerce.catalog.models import Product
from commerce.catalog.shapes import Card, Picture, Rating
from commerce.templatetags import parts
from commerce.tests.factories import product

CUP = Card(
    key=uuid.UUID(int=1),
    slug="cup",
    title="찻잔",
    summary="손에 쥐는 잔",
    price=24_000,
    price_varies=False,
    picture=Picture("one", "/media/one.jpg", 800, 800, "앞에서 본 잔"),
    second_picture=None,
    sold_out=False,
)
COLOURS = Facet("option", "색", (Choice("색:백자", "백자", 3, selected=False),))


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Tell which templates were put together."""
    parts.clear()
    names: list[str] = []
    put_together = parts._put_together

    def told(name: str, values: parts.Values) -> Any:
        names.append(name)
        return put_together(name, values)

    monkeypatch.setattr(parts, "_put_together", told)
    with translation.override("ko"):  # whatever language a test before left
        yield names
    parts.clear()


def shown(text: str = "{% card card %}", **page: Any) -> str:
    return Template("{% load parts %}" + text).render(Context(page))


def test_pages_are_put_together_once(made: list[str], client: Client, db: None) -> None:
    """What products bring can be compared with what others brought: else every page would be made from nothing."""
    picture = {"name": "one", "url": "/one.jpg", "width": 800, "height": 800, "alt": {"ko": "잔"}}
    shared = {"url": "/one.1200.jpg", "width": 1200, "height": 1200}
    product("cup", skus=("CUP-S", "CUP-L"))
    Product.objects.update(pictures=[{**picture, "shared": shared}, picture])
    pages = ["/c/", "/search/?q=cup", "/p/cup/"]
    for page in pages:
        assert client.get(page).status_code == 200
    assert parts.CARD in made
    made.clear()

    for page in pages:
        client.get(page)

    assert made == []


def test_a_card_is_put_together_once(made: list[str]) -> None:
    first, second = shown(card=CUP), shown(card=replace(CUP))

    assert first == second
    assert "24,000원" in first
    assert made == [parts.CARD]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"price": 77_000}, "77,000원"),
        ({"price": 20_000, "regular": 24_000}, "16%"),
        ({"price_varies": True}, "24,000원부터"),
        ({"sold_out": True}, "품절"),
        ({"title": "다른 잔"}, "다른 잔"),
        ({"summary": "다른 말"}, "다른 말"),
        ({"options": ("백자", "청자")}, "백자 · 청자"),
        ({"badges": ("새 상품",)}, "새 상품"),
        ({"brand": "흙빛"}, "흙빛"),
        ({"rating": Rating(2, 9)}, "4.5 (2)"),
        ({"picture": Picture("two", "/media/two.jpg", 800, 800, "옆에서 본 잔")}, "/media/two.jpg"),
    ],
)
def test_what_changes_is_shown(change: dict[str, Any], words: str) -> None:
    assert words not in shown(card=CUP)

    assert words in shown(card=replace(CUP, **change))


def test_languages_do_not_share_a_part() -> None:
    korean = shown(card=CUP)
    with translation.override("en"):
        english = shown(card=CUP)

    assert ("24,000원" in korean, "₩24,000" in english) == (True, True)
    assert 'href="/p/cup/"' in korean
    assert 'href="/en/p/cup/"' in english


def test_a_heart_is_full_for_the_one_who_wished_and_for_nobody_else(made: list[str]) -> None:
    full, empty = ('name="remove" value="cup"', 'name="add" value="cup"')

    assert full in shown(card=CUP, wished={"cup"})
    assert empty in shown(card=CUP, wished={"bowl"})
    assert empty in shown(card=CUP)
    assert made == [parts.CARD]


def test_a_part_knows_nothing_of_its_page() -> None:
    assert "24,000원" in shown('{% part "components/price.html" amount=24000 %}', regular=30_000, percent=20)
    assert "30,000원" not in shown('{% part "components/price.html" amount=24000 %}', regular=30_000)


def test_words_of_a_part_are_escaped() -> None:
    assert "&lt;b&gt;" in shown(card=replace(CUP, title="<b>"))


def test_filters_are_put_together_once_for_the_same_choices(made: list[str]) -> None:
    template = '{% part "commerce/listing_facets.html" facets=facets %}'
    chosen = Facet("option", "색", (Choice("색:백자", "백자", 2, selected=True),))

    assert shown(template, facets=(COLOURS,)) == shown(template, facets=(COLOURS,))
    assert "checked" not in shown(template, facets=(COLOURS,))
    assert "checked" in shown(template, facets=(chosen,))
    assert len(made) == 2


def test_what_cannot_be_compared_is_put_together_each_time(made: list[str]) -> None:
    template = '{% part "commerce/listing_facets.html" facets=facets %}'

    assert "백자" in shown(template, facets=[COLOURS])
    assert "백자" in shown(template, facets=[COLOURS])
    assert len(made) == 2
