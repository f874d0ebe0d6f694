"""What a search finds and in which order, what it learns, and what it forgets."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from commerce.catalog import indexing
from commerce.catalog import services as catalog
from commerce.catalog.models import Product
from commerce.search import selectors, services, wording
from commerce.search.models import EmptySearch, FoundInstead, PromotedResult, SearchWord, Synonyms
from commerce.search.selectors import Fit

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def sell(
    slug: str, korean: str, english: str, *, version: int = 1, rank: int = 0, **fields: object
) -> uuid.UUID:
    """Put a product on sale in both languages."""
    key = uuid.uuid5(uuid.NAMESPACE_URL, slug)
    goods = catalog.GoodsPayload(
        slug=slug,
        variants=(
            catalog.VariantPayload(sku=slug.upper(), options=({"ko": "백자", "en": "White"},), price=9_000),
        ),
        categories=fields.pop("categories", ()),
        rank=rank,
    )
    for language, title in (("ko", korean), ("en", english)):
        text = catalog.TextPayload(title=title, **fields)
        catalog.list_product(
            payload=catalog.ProductPayload(
                key=key,
                language=language,
                version=version,
                text=text,
                goods=goods if language == "ko" else None,
            ),
            now=NOW,
        )
    return key


def shelve(path: str, title: str, *, version: int = 1) -> uuid.UUID:
    """Show a category."""
    key = uuid.uuid5(uuid.NAMESPACE_URL, path.partition("/")[0] + "#" + str(path.count("/")))
    payload = catalog.CategoryPayload(
        key=key, language="ko", version=version, text=catalog.TextPayload(title=title), path=path, leads=True
    )
    catalog.list_category(payload=payload, now=NOW)
    return key


def find(typed: str, **options: str) -> selectors.Found:
    return selectors.find(typed=wording.read(typed), **options)


def slugs(typed: str, **options: str) -> list[str]:
    return slugs_of(find(typed, **options))


def slugs_of(found: selectors.Found) -> list[str]:
    by_key = dict(Product.objects.values_list("pk", "slug"))
    return [by_key[pk] for pk in found.products]


def test_titles_come_before_what_only_mentions_the_word():
    sell("tray", "찻잔 받침", "Saucer", rank=99)
    sell("cup", "찻잔", "Tea cup")
    sell("cloth", "행주", "Towel", keywords="찻잔 닦기", rank=100)
    sell("lamp", "조명", "Lamp")

    assert slugs("찻잔") == ["cup", "tray", "cloth"]
    assert find("찻잔").count == 3


def test_a_code_in_full_comes_first():
    sell("cup-white-2", "흰 찻잔 둘", "Two cups", rank=9)
    sell("cup-white", "흰 찻잔", "White cup")

    assert slugs("CUP-WHITE") == ["cup-white", "cup-white-2"]
    assert slugs("cupwhite2") == ["cup-white-2"]


def test_new_words_and_withdrawals_are_followed_at_once():
    key = sell("jar", "달항아리", "Moon jar")
    assert slugs("항아리") == ["jar"]

    sell("jar", "백자 화병", "Vase", version=2)
    assert (slugs("항아리"), slugs("화병")) == ([], ["jar"])

    catalog.withdraw_product(key=key, language="en", leads=False, now=NOW)
    assert (slugs("vase"), slugs("화병")) == ([], ["jar"])

    catalog.withdraw_product(key=key, language="ko", leads=True, now=NOW)
    assert slugs("화병") == []


def test_products_follow_the_titles_of_their_categories_and_those_above():
    top, below = shelve("tableware", "그릇"), shelve("tableware/bowls", "공기")
    sell("bowl", "사발", "Bowl", categories=(below,))
    assert (slugs("그릇"), slugs("공기")) == (["bowl"], ["bowl"])

    shelve("tableware", "식기", version=2)
    assert services.follow_category(path="tableware") == 1
    assert (slugs("그릇"), slugs("식기")) == ([], ["bowl"])
    assert services.follow_category(path="tableware") == 0

    catalog.withdraw_category(key=top, language="ko", leads=True, now=NOW)
    services.follow_category(path="tableware")
    assert (slugs("식기"), slugs("공기")) == ([], ["bowl"])


def test_rows_whose_keys_were_lost_are_healed():
    sell("jar", "달항아리", "Moon jar")
    Product.objects.update(search_keys="", search_title="", search_initials="")
    assert slugs("달항아리") == []

    assert (indexing.index_all(), indexing.index_all()) == (1, 0)
    assert slugs("ㄷㅎㅇㄹ") == ["jar"]


def test_synonyms_work_both_ways_or_one():
    sell("cup", "찻잔", "Tea cup")
    sell("bowl", "밥공기", "Rice bowl")
    assert slugs("머그") == []

    Synonyms.objects.create(words="찻잔, 머그, coffee cup")
    Synonyms.objects.create(words="그릇, 밥공기", both_ways=False)

    assert (slugs("머그를"), slugs("coffee cup"), slugs("머그 백자")) == (["cup"], ["cup"], ["cup"])
    assert slugs("그릇") == ["bowl"]
    assert Synonyms.objects.get(words__startswith="그릇").keys == ["rmfmt"]


def test_a_short_or_latin_synonym_is_no_part_of_a_word():
    sell("candle", "쑥 향초", "Mugwort candle")
    sell("spoon", "수저", "Chopsticks")
    Synonyms.objects.create(words="찻잔, mug")
    Synonyms.objects.create(words="양초, 초")

    assert (slugs("찻잔"), slugs("양초")) == ([], [])
    assert slugs("mugw") == ["candle"]


def test_promoted_products_come_first_also_for_words_that_find_nothing():
    for slug, title in (("cup", "찻잔"), ("jar", "항아리"), ("gift-box", "선물 상자")):
        sell(slug, title, slug)
    for place, slug in enumerate(("jar", "cup")):
        product = Product.objects.get(slug=slug)
        PromotedResult.objects.create(words="선물, 집들이 선물", product=product, position=place)

    assert slugs("선물") == ["jar", "cup", "gift-box"]
    assert slugs("집들이선물을") == ["jar", "cup"]
    assert find("선물").count == 3
    assert slugs("선물 상자") == ["gift-box"]

    Product.objects.filter(slug="jar").update(listed=False)
    assert slugs("선물") == ["cup", "gift-box"]


def test_mistyped_words_are_put_right_with_words_that_are_known():
    key = sell("jar", "달항아리", "Moon jar")
    assert find("달항어리").fit == Fit.NOTHING

    services.learn_product(key=key)

    found = find("달항어리")
    assert (found.fit, found.instead, found.count) == (Fit.CORRECTED, "달항아리", 1)
    assert slugs("moonn jar") == ["jar"]
    assert find("자전거").fit == Fit.NOTHING


def test_some_of_the_words_are_better_than_nothing():
    sell("jar", "달항아리", "Moon jar")

    found = find("우주선 달항아리")

    assert (found.fit, found.count, slugs_of(found)) == (Fit.PARTLY, 1, ["jar"])


def test_sorts_of_a_listing_work_in_a_search():
    for slug, rank in (("cup-a", 1), ("cup-b", 3), ("cup-c", 2)):
        sell(slug, "찻잔", "Cup", rank=rank)

    by_rank = slugs("찻잔", sort="recommended")
    assert by_rank == ["cup-b", "cup-c", "cup-a"]
    assert slugs("찻잔", sort="nonsense") == by_rank


def test_words_of_numbers_are_not_learned_and_lost_words_are_forgotten():
    sell("cup", "찻잔 24cm", "Cup 24")
    assert services.learn_all() > 0
    words = set(SearchWord.objects.values_list("word", flat=True))
    assert {"찻잔", "cup", "백자", "white"} <= words and not any("24" in word for word in words)

    sell("cup", "대접", "Bowl", version=2)
    services.learn_all()
    assert not SearchWord.objects.filter(word="찻잔").exists()


def test_empty_searches_are_counted_without_anything_personal():
    for _ in range(3):
        assert services.remember_empty(
            query=" 우주선  X ", language="ko", shown=FoundInstead.NOTHING, now=NOW
        )
    services.remember_empty(query="우주선 x", language="en", shown=FoundInstead.PARTLY, now=NOW)

    rows = EmptySearch.objects.values_list("query", "language", "times", "shown").order_by("language")
    assert list(rows) == [("우주선 x", "en", 1, "partly"), ("우주선 x", "ko", 3, "nothing")]

    for personal in ("hana@example.com", "010-1234-5678", "김하나 01012345678", "가" * 61, "  "):
        assert not services.remember_empty(query=personal, language="ko", shown=FoundInstead.NOTHING, now=NOW)
    assert EmptySearch.objects.count() == 2


def test_empty_searches_are_forgotten_after_ninety_days():
    for query, days in (("old", 91), ("new", 89)):
        services.remember_empty(
            query=query, language="ko", shown=FoundInstead.NOTHING, now=NOW - timedelta(days=days)
        )

    assert services.forget(now=NOW) == 1
    assert [row.query for row in EmptySearch.objects.all()] == ["new"]


def test_only_so_many_empty_searches_are_kept(monkeypatch):
    monkeypatch.setattr(services, "MOST", 2)
    for query, times in (("rare", 1), ("often", 3), ("some", 2)):
        for _ in range(times):
            services.remember_empty(query=query, language="ko", shown=FoundInstead.NOTHING, now=NOW)

    assert services.forget(now=NOW) == 1
    assert {row.query for row in EmptySearch.objects.all()} == {"often", "some"}
