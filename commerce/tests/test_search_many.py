"""A search that fits more products than anybody reads: the first ones come in tiers, and page by page nothing is lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commerce.catalog.models import Product
from commerce.search import selectors, sifting, wording
from commerce.search.models import PromotedResult, Synonyms
from commerce.search.selectors import Fit
from commerce.tests.test_search import sell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four products are many, and what is often in titles is in one of them."""
    monkeypatch.setattr(sifting, "MOST", 3)
    monkeypatch.setattr(sifting, "_OFTEN", 1)
    monkeypatch.setattr(sifting, "_known", sifting.Near(most=10))


def found(typed: str, *, most: int = 10, sort: str = "") -> tuple[list[str], selectors.Found]:
    """Return the first products that a search finds, however many are counted, and what it says of them."""
    answer = selectors.find(typed=wording.read(typed), sort=sort)
    by_key = dict(Product.objects.values_list("pk", "slug"))
    ids = answer.products
    read = ids.first(most) if isinstance(ids, sifting.Ids) else ids[:most]
    return [by_key[pk] for pk in read], answer


def cups() -> None:
    """What is called a cup, what has the word, what means the same, and what only mentions it, against their ranks."""
    Synonyms.objects.create(words="찻잔, 컵")
    sell("cloth", "행주", "Towel", keywords="찻잔 닦기", rank=100)
    sell("mug", "큰 컵", "Mug", rank=90)
    sell("tray", "찻잔 받침", "Saucer", rank=50)
    sell("stand", "찻잔걸이", "Rack", rank=60)
    sell("cup", "찻잔", "Tea cup", rank=1)
    sell("lamp", "조명", "Lamp", rank=99)


def test_the_whole_title_comes_first_then_titles_then_synonyms_then_the_rest():
    cups()

    names, answer = found("찻잔")

    assert names == ["cup", "stand", "tray", "mug", "cloth"]
    assert (answer.count, answer.more, answer.fit) == (3, True, Fit.EXACT)


@pytest.mark.parametrize("often", [1, 99])  # one after the other, or through the index
def test_page_by_page_every_product_comes_once(monkeypatch: pytest.MonkeyPatch, often: int):
    monkeypatch.setattr(sifting, "_OFTEN", often)
    cups()
    whole, answer = found("찻잔")

    read = [answer.products.first(last)[last - 2 :] for last in (2, 4, 6)]  # type: ignore[attr-defined]
    by_key = dict(Product.objects.values_list("pk", "slug"))

    assert [[by_key[pk] for pk in page] for page in read] == [whole[:2], whole[2:4], whole[4:]]
    assert len(answer.products) == 3 and len(answer.products[:3]) == 3
    assert answer.products[1] == read[0][1]
    with CaptureQueriesContext(connection) as again:
        list(answer.products[:3])
    assert len(again) == 0  # they are known


def test_a_rare_word_of_titles_still_comes_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sifting, "_OFTEN", 99)
    cups()

    names, _answer = found("찻잔")

    # what means the same is too rare to be a tier of its own: it comes by its rank
    assert names == ["cup", "stand", "tray", "cloth", "mug"]


def test_what_editors_put_first_is_first_and_comes_once():
    cups()
    lamp, mug = (Product.objects.get(slug=slug) for slug in ("lamp", "mug"))
    for position, product in enumerate((lamp, mug)):
        PromotedResult.objects.create(words="찻잔", product=product, position=position)

    names, _answer = found("찻잔")

    assert names == ["lamp", "mug", "cup", "stand", "tray", "cloth"]


def test_sorts_of_a_listing_hold_for_all_of_many():
    cups()
    Product.objects.filter(slug="cloth").update(price_min=1)
    Product.objects.filter(slug="tray").update(price_min=2)

    names, answer = found("찻잔", sort="price", most=2)

    assert names == ["cloth", "tray"]
    assert (answer.count, answer.more) == (3, True)


def test_few_products_that_fit_as_typed_are_all_there_is():
    for number in range(4):
        sell(f"jar-{number}", "항아리", "Jar")
    sell("moon", "항아리를 닮은 등", "Lamp")

    names, answer = found("항아리를")

    assert names == ["moon"]
    assert (answer.count, answer.more) == (1, False)


def test_one_of_several_words_may_fit_many():
    for number in range(4):
        sell(f"jar-{number}", "항아리", "Jar", rank=number)
    sell("lid", "뚜껑", "Lid", keywords="항아리", rank=50)

    names, answer = found("우주선 항아리")

    assert names == ["jar-3", "jar-2", "jar-1", "jar-0", "lid"]
    assert (answer.fit, answer.more) == (Fit.PARTLY, True)


def test_a_process_remembers_what_fits_many_until_it_does_not(settings):
    settings.PAGE_COPIES_NEAR = 0.5
    cups()
    with CaptureQueriesContext(connection) as first:
        found("찻잔", most=3)
    with CaptureQueriesContext(connection) as second:
        found("찻잔", most=3)
    assert len(second) == len(first) - 2  # neither tried nor learned again

    Product.objects.exclude(slug__in=["cup", "lamp"]).update(listed=False)
    assert found("찻잔", most=3)[0] == ["cup"]  # and it forgets
    names, answer = found("찻잔")
    assert (names, answer.count, answer.more) == (["cup"], 1, False)
