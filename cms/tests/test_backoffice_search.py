"""Editors teach the search; shoppers' words without results are theirs to read, and nobody's to edit."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from cms.tests.factories import Shop, product, publish
from commerce.catalog.models import Product
from commerce.catalog.selectors import cards_of
from commerce.search import selectors, services, wording
from commerce.search.models import EmptySearch, FoundInstead, PromotedResult, SearchWord, Synonyms

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
SYNONYMS, PROMOTED, EMPTY = (f"/admin/search-{name}/" for name in ("synonyms", "promoted", "empty"))


@pytest.fixture
def editor(db: None, sign_in) -> Client:
    """Somebody of the group Editors."""
    return sign_in("editor@maru.example", group="Editors")


@pytest.fixture
def bowl(shop: Shop):
    """A rice bowl on sale."""
    return publish(product(shop))


def found(typed: str) -> list[str]:
    found = selectors.find(typed=wording.read(typed)).products
    return [card.slug for card in cards_of(found, language="ko", now=timezone.now())]


def test_an_editor_writes_synonyms_that_work_at_once(editor: Client, bowl):
    answer = editor.post(f"{SYNONYMS}new/", {"words": " 사발,밥공기 ,, ", "both_ways": "on"})

    assert answer.status_code == 302, answer.context["form"].errors
    assert Synonyms.objects.get().words == "사발, 밥공기"
    assert found("사발") == ["rice-bowl"]
    assert SearchWord.objects.filter(word="사발").exists()
    assert "사발, 밥공기" in editor.get(SYNONYMS).content.decode()


@pytest.mark.parametrize("words", ["사발", "", ",,,", "%, _", "가" * 501])
def test_words_that_are_no_synonyms_are_refused_and_kept(editor: Client, db: None, words: str):
    answer = editor.post(f"{SYNONYMS}new/", {"words": words, "both_ways": "on"})

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["words"]
    assert not Synonyms.objects.exists()


def test_an_editor_promotes_a_product_by_its_page(editor: Client, bowl):
    answer = editor.post(f"{PROMOTED}new/", {"words": "선물, gift", "page": str(bowl.pk), "position": "0"})

    assert answer.status_code == 302, answer.context["form"].errors
    row = PromotedResult.objects.get()
    assert (row.product, row.keys) == (Product.objects.get(), ["tjsanf", "gift"])
    assert found("선물") == ["rice-bowl"]
    html = editor.get(f"{PROMOTED}edit/{row.pk}/").content.decode()
    assert f'value="{bowl.pk}"' in html and "백자 밥공기" in html


def test_a_product_that_is_not_on_sale_is_not_promoted(editor: Client, shop: Shop):
    draft = product(shop)

    answer = editor.post(f"{PROMOTED}new/", {"words": "선물", "page": str(draft.pk), "position": "0"})

    assert list(answer.context["form"].errors) == ["page"]
    assert not PromotedResult.objects.exists()


def test_what_was_not_found_is_read_and_leads_to_a_synonym(editor: Client, db: None):
    services.remember_empty(query="사발면", language="ko", shown=FoundInstead.NOTHING, now=NOW)

    html = editor.get(EMPTY).content.decode()

    assert "사발면" in html
    assert f"{SYNONYMS}new/?words=%EC%82%AC%EB%B0%9C%EB%A9%B4" in html
    assert 'value="사발면, "' in editor.get(f"{SYNONYMS}new/?words=사발면").content.decode()
    for address in (
        "new/",
        f"edit/{EmptySearch.objects.get().pk}/",
        f"delete/{EmptySearch.objects.get().pk}/",
    ):
        assert editor.post(f"{EMPTY}{address}").status_code == 404
    assert EmptySearch.objects.count() == 1


def test_shop_staff_does_not_teach_the_search(staff: Client):
    for address in (SYNONYMS, PROMOTED, EMPTY):
        assert staff.get(address).status_code == 302  # back to where they may be


def test_a_page_tells_the_words_by_which_it_is_found(shop: Shop):
    page = publish(product(shop, search_words="공기밥, 흰그릇"))

    assert found("흰그릇") == ["rice-bowl"]
    page.search_words = ""
    publish(page)
    assert found("흰그릇") == []
