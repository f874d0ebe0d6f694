"""The plans of the search's queries over some thousand products: each goes through its index."""

import json
import uuid
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from commerce.catalog import selectors as catalog
from commerce.catalog.models import Category, Product
from commerce.search import finding, selectors, services, sifting, wording
from commerce.search.models import Synonyms

PRODUCTS = 5_000
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _many(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A catalog for all tests of this file: each leaves it as it was, and it is gone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("generate_catalog", products=PRODUCTS, force=True, verbosity=0)
        services.learn_all()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE commerce_searchword")
        yield
        transaction.set_rollback(True)


def plans(typed: str) -> Iterator[set[tuple[str, str]]]:
    """Yield what each query of a search scans: kinds of scan, with the index or the table."""
    with CaptureQueriesContext(connection) as made:
        found = selectors.find(typed=wording.read(typed))
        list(found.products[:24])
        selectors.terms(typed=found.words, limit=5)
    for query in made.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql']}")
            plan = cursor.fetchone()[0]
        yield set(_scans((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def _scans(node: dict) -> Iterator[tuple[str, str]]:
    if "Scan" in node["Node Type"]:
        yield node["Node Type"], node.get("Index Name") or node.get("Relation Name", "")
    for below in node.get("Plans", ()):
        yield from _scans(below)


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("백자 찻잔", "product_search_keys"),
        ("찻잔청자", "product_search_keys"),
        ("qorwk cktwks", "product_search_keys"),
        ("G777-B", "product_search_keys"),
        ("24", "product_search_keys"),  # two keys: a word must begin with them
        ("ㅅㅂㅂㅈ", "product_search_initials"),
    ],
)
def test_searches_use_their_indexes(_many: None, typed: str, index: str):
    scans = list(plans(typed))

    assert not any(("Seq Scan", "commerce_product") in one for one in scans), scans
    assert any(("Bitmap Index Scan", index) in one for one in scans), scans


@pytest.mark.parametrize("typed", ["c", "ㅊ", "ㅅ", "x", "찻", "찻잔", "cup", "무광 찻잔"])
def test_a_search_that_fits_many_stops_when_it_has_enough(
    _many: None, typed: str, monkeypatch: pytest.MonkeyPatch
):
    """`c` and `ㅊ` fit most products: neither finding out nor the first page looks at all of them."""
    monkeypatch.setattr(sifting, "MOST", 20)  # of five thousand; as 500 are few of many more
    monkeypatch.setattr(sifting, "_SAMPLE", 200)
    monkeypatch.setattr(sifting, "_WINDOW", 40)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE commerce_product")

    assert [rows for rows in looked_at(typed) if rows > PRODUCTS // 4] == []


def looked_at(typed: str) -> Iterator[int]:
    """Yield how many products each query of a search looks at."""
    with CaptureQueriesContext(connection) as made:
        found = selectors.find(typed=wording.read(typed))
        list(found.products[:24])
    for query in made.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
            plan = cursor.fetchone()[0]
        yield _rows((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])


def _rows(node: dict) -> int:
    own = 0
    if node.get("Relation Name") == "commerce_product":
        own = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return int(own) + sum(_rows(below) for below in node.get("Plans", ()))


def test_corrections_use_the_nearest_neighbours_of_an_index(_many: None):
    scans = list(plans("찻쟌"))

    with connection.cursor() as cursor:  # a small table is read whole unless that is forbidden
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    forced = list(plans("찻쟌"))
    assert any(("Index Scan", "search_word_keys") in one for one in (*scans, *forced)), forced


def test_what_another_synonym_finds_as_well_is_not_looked_for():
    cup, tea, mug = (finding.Needle(key, alone=True) for key in ("cup", "tea", "mug"))
    part, whole = finding.Needle("ajrm"), finding.Needle("ajrmzjq")

    assert finding.least([(tea, cup), (whole,), (cup,), (part,), (mug,), (mug,)]) == [
        (cup,),
        (part,),
        (mug,),
    ]
    assert finding.least([(part,), (finding.Needle("ajrm", initials=True),)]) == [
        (part,),
        (finding.Needle("ajrm", initials=True),),
    ]


def test_a_search_with_synonyms_uses_its_index_under_the_settings_of_production(_many: None):
    Synonyms.objects.create(words="찻잔, 잔, 컵, 머그, 머그컵, tea cup, cup, mug")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL random_page_cost = 1.1")

    scans = list(plans("찻잔"))

    assert not any(("Seq Scan", "commerce_product") in one for one in scans), scans
    assert any(("Bitmap Index Scan", "product_search_keys") in one for one in scans), scans


def test_others_of_a_small_category_are_found_without_reading_all_products(_many: None):
    few = Category.objects.create(key=uuid.uuid4(), path="few", listed=True)
    few.products.set(Product.objects.order_by("pk")[:3])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE commerce_product_categories")
    rows = catalog.listing(path="few", sort="recommended")[:4]
    with CaptureQueriesContext(connection) as made:
        assert len(catalog.cards_in(rows, language="ko", now=timezone.now())) == 3
    statement = next(query["sql"] for query in made.captured_queries if "json_build_array" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
        plan = cursor.fetchone()[0]
    scans = set(_scans((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))

    assert ("Index Scan", "product_recommended") not in scans, scans
    assert not any(name == "commerce_product" and kind == "Seq Scan" for kind, name in scans), scans
