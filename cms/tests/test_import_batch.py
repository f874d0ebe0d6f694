"""Many products at once: what stays behind is what single pages leave, for a few statements."""

from collections import Counter
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.search.models import IndexEntry

from cms.importing import batch, pages, running, services, shelf
from cms.importing.batch import records
from cms.importing.judged import Judged
from cms.models import CatalogImport, ImportRow, ProductPage, ProjectionFailure, ShopImage
from cms.publishing import reconcile
from cms.tests import desk, factories
from cms.tests.factories import Shop
from cms.tests.importing import carry_out, codes, go_on, nothing, outcomes, upload
from commerce.catalog.models import PriceChange, Product, ProductFacets, ProductText, Variant
from commerce.events.outbox import OutboxEvent
from commerce.inventory.models import StockItem

pytestmark = pytest.mark.django_db

HEADINGS = (
    "slug,status,title_ko,title_en,summary_ko,description_ko,description_en,categories,option1_name_ko,"
    "option1_name_en,search_words,pictures,sku,option1_ko,option1_en,price,weight,variant_picture,on_hand\n"
)


@pytest.fixture
def editor(db: None) -> Any:
    return desk.person("editor@maru.example", group="Editors")


@pytest.fixture
def ready(shop: Shop) -> Shop:
    """A shop with two lists, shelves, a picture, and pages in every state."""
    shop.translate(shop.products)
    factories.category(shop, slug="bowls", title="그릇")
    factories.category(shop, slug="cups", title="잔")
    live = factories.publish(factories.product(shop, slug="live", skus=("L-1", "L-2")))
    twin = shop.translate(live)
    twin.title, twin.slug = "Rice bowl", "live"
    factories.publish(twin)
    factories.product(shop, slug="drafted", skus=("D-1",))
    return shop


def picture(title: str) -> str:
    """Return the file name of a picture of the library: storage may have added to it."""
    return PurePosixPath(ShopImage.objects.get(title=title).file.name).name


def table(*, price: int = 1000) -> str:
    """Return a file that makes, changes, renames, publishes and only translates."""
    live, drafted = picture("live"), picture("drafted")
    return HEADINGS + "".join(
        f"{line}\n"
        for line in (
            f"jar,live,항아리,Jar,큰 것,첫 문단,First,bowls | cups,색상,Colour,단지,{live},J-1,백자,White,{price},900,{live},",
            f",,,,,,,,,,,,J-2,청자,Celadon,{price + 1},950,,",
            f"pot,draft,솥,Pot,,,,bowls,,,,,P-1,,,{price},0,,",
            f"live,,새 이름,,새 요약,,,cups,색상,Colour,,{live},L-1,L-1 색,L-1 colour,{price + 2},300,,",
            f",,,,,,,,,,,,L-3,L-3 색,L-3 colour,{price + 3},300,,",
            f"drafted,live,초안,Drafted,매일의 밥 한 그릇,,,,색상,Colour,,{drafted},D-1,D-1 색,D-1 colour,{price + 4},300,{drafted},",
        )
    )


def left_behind() -> dict[str, Any]:
    """Return everything that an import writes, without keys and moments."""
    return {
        "pages": [_page(page) for page in ProductPage.objects.order_by("slug", "locale_id")],
        "problems": Page.find_problems(),
        "children": list(
            Page.objects.filter(numchild__gt=0).order_by("path").values_list("slug", "numchild")
        ),
        "revisions": sorted(
            map(_revision, Revision.objects.filter(content_type__model="productpage")), key=repr
        ),
        "history": sorted(PageLogEntry.objects.values_list("label", "action", "content_changed", "user")),
        "data": sorted(
            map(str, PageLogEntry.objects.filter(data__has_key="title").values_list("data", flat=True))
        ),
        "references": sorted(
            ReferenceIndex.objects.values_list("content_type__model", "to_content_type__model", "model_path")
        ),
        "search": sorted(IndexEntry.objects.values_list("content_type__model", "title_text", "body_text")),
        "failures": ProjectionFailure.objects.count(),
        **_shop(),
    }


def _page(page: ProductPage) -> Any:
    plain = {
        field.name: getattr(page, field.attname)
        for field in page._meta.concrete_fields
        if not field.primary_key
        and field.name not in ("id", "translation_key", "latest_revision", "live_revision", "body", "path")
        and not field.name.endswith("_at")
    }
    revisions = page.latest_revision_id, page.live_revision_id
    return (
        plain,
        page.path,
        page.body.get_prep_value() and str(page.body),
        [bool(one) for one in revisions],
        [
            [
                {name: value for name, value in row.items() if name not in ("id", "page_id")}
                for row in getattr(page, name).values()
            ]
            for name in ("variants", "pictures", "details")
        ],
        sorted(page.categories.values_list("slug", flat=True)),
        [
            bool(moment)
            for moment in (page.first_published_at, page.last_published_at, page.latest_revision_created_at)
        ],
    )


def _revision(row: Revision) -> Any:
    content = row.as_object()
    return (
        row.object_str,
        row.user_id,
        content.title,
        content.summary,
        str(content.body),
        [(one.sku, one.price, one.option1, one.image_id) for one in content.variants.all()],
        [(one.image_id, one.alt, one.alt_en) for one in content.pictures.all()],
        sorted(shelf_.slug for shelf_ in content.categories.all()),
        row.object_id == str(content.pk),
        sorted(row.content),
    )


def _shop() -> dict[str, Any]:
    texts = ProductText.objects.order_by("product__slug", "language").select_related("product")
    return {
        "products": list(
            Product.objects.order_by("slug").values(
                "slug", "listed", "price_min", "price_max", "option_names", "pictures", "rank", "search_title",
                "search_keys", "search_initials", "categories__path", "related", "badges",
            )
        ),
        "texts": [(row.product.slug, row.language, row.title, row.summary, row.body, row.details) for row in texts],
        "versions": [
            row.source_version == ProductPage.objects.get(
                translation_key=row.product.key, locale__language_code=row.language
            ).live_revision_id
            for row in texts
        ],
        "variants": list(
            Variant.objects.order_by("sku").values(
                "sku", "product__slug", "options", "price", "price_told", "picture", "weight", "active", "position"
            )
        ),
        "facets": sorted(map(len, ProductFacets.objects.values_list("every", flat=True))),
        "prices": sorted(PriceChange.objects.values_list("variant__sku", "price", "regular")),
        "stock": sorted(StockItem.objects.values_list("variant__sku", "on_hand")),
        "facts": Counter(
            (row.type, row.actor, str(row.payload.get("slug")), str(row.payload.get("sku")),
             str(row.payload.get("skus")), str(row.payload.get("price_after")), str(row.payload.get("language")))
            for row in OutboxEvent.objects.all()
        ),
    }  # fmt: skip


def after(act: Callable[[], Any]) -> dict[str, Any]:
    """Return what an act leaves behind, and take it back."""
    with transaction.atomic():
        act()
        found = left_behind()
        transaction.set_rollback(True)
    return found


def test_a_batch_leaves_behind_what_single_pages_do(
    ready: Shop, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def come_in() -> None:
        run = carry_out(upload(table(), editor), editor)
        assert (run.state, [entry for entry in codes(run)]) == ("done", [])
        again = carry_out(upload(table(price=2000), editor), editor)
        assert (again.state, codes(again)) == ("done", [])

    together = after(come_in)
    with monkeypatch.context() as alone:
        alone.setattr(batch, "suits", lambda **_: [])
        one_by_one = after(come_in)

    for name, found in together.items():
        assert found == one_by_one[name], name
    assert [len(problems) for problems in together["problems"]] == [0] * 5


def test_nothing_is_left_to_reconcile(ready: Shop, editor: Any) -> None:
    carry_out(upload(table(), editor), editor)
    carry_out(upload(table(price=3000), editor), editor)

    report = reconcile()

    assert (report.healed, report.failed) == ([], [])
    assert Product.objects.filter(slug__in=["jar", "live", "drafted"], listed=True).count() == 3


def plain(count: int, *, first: int = 0, price: int = 1000) -> str:
    """Return a file of products of one variant, on sale."""
    live = picture("live")
    lines = (
        f"bowl-{number},live,그릇 {number},Bowl {number},,,,bowls,,,,{live},B-{number},,,{price},0,,\n"
        for number in range(first, first + count)
    )
    return HEADINGS + "".join(lines)


def statements(text: str, user: Any) -> int:
    run = upload(text, user)
    services.confirm(run_id=run.pk, together=False, user=user, now=timezone.now())
    with CaptureQueriesContext(connection) as captured:
        running.advance(run_id=run.pk, fetch=nothing, now=timezone.now())
    assert run.rows.exclude(applied_at=None).count() == text.count("\n") - 1
    go_on(run)
    return len(captured)


def test_a_batch_takes_the_same_statements_however_many_it_holds(ready: Shop, editor: Any) -> None:
    statements(plain(2, first=100), editor)  # what is asked once in a process

    assert statements(plain(4), editor) == statements(plain(9, first=4), editor)
    assert statements(plain(4, price=1500), editor) == statements(plain(9, first=4, price=1500), editor)


def test_one_that_the_shop_refuses_hinders_no_other(ready: Shop, editor: Any) -> None:
    Product.objects.create(key="9b1f1a52-2b52-4b9c-9d16-6b39b9f4a001", slug="bowl-2", listed=True)

    run = carry_out(upload(plain(5), editor), editor)

    assert (run.state, outcomes(run)) == ("done", ["new", "new", "error", "new", "new"])
    assert codes(run) == [(4, "", "refused")]
    slugs = ProductPage.objects.filter(slug__startswith="bowl-", locale__language_code="ko")
    assert sorted(slugs.values_list("slug", flat=True)) == ["bowl-0", "bowl-1", "bowl-3", "bowl-4"]
    assert sorted(len(problems) for problems in Page.find_problems()) == [0] * 5
    assert reconcile(dry_run=True).healed == []


def test_a_batch_that_breaks_off_is_absent_and_comes_whole_the_next_time(
    ready: Shop, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = upload(plain(3), editor)
    services.confirm(run_id=run.pk, together=False, user=editor, now=timezone.now())

    def away(**_: Any) -> None:
        raise OperationalError("the database is away")

    before = after(lambda: None)
    with monkeypatch.context() as broken:
        broken.setattr(records, "find", away)  # the last step but the shop
        with pytest.raises(OperationalError):
            running.advance(run_id=run.pk, fetch=nothing, now=timezone.now())
    assert after(lambda: None) == before
    assert CatalogImport.objects.get(pk=run.pk).position == 0
    go_on(run)

    assert ProductPage.objects.filter(slug__startswith="bowl-", live=True).count() == 6
    assert Product.objects.filter(slug__startswith="bowl-", listed=True).count() == 3


def test_a_page_that_somebody_wrote_meanwhile_is_not_written_over(ready: Shop, editor: Any) -> None:
    """The last word is under the lock of the page's row: what was read before may be old by then."""
    run = upload("sku,price\nL-1,9000\nD-1,9000\n", editor)
    rows = list(run.rows.order_by("group", "line"))
    around = shelf.read(run=run, rows=rows, zipped=running.Zip())
    judged = running._judged(run, rows, around)
    theirs = ProductPage.objects.get(slug="live", locale__language_code="ko").save_revision()

    with pytest.raises(pages.Refused) as refused, transaction.atomic():
        batch.write(products=judged, shelf=around, user=editor)

    assert refused.value.code == "moved"
    page = ProductPage.objects.get(slug="live", locale__language_code="ko")
    assert (page.latest_revision_id, page.variants.first().price) == (theirs.pk, 10_000)


def test_what_is_out_of_the_ordinary_goes_its_own_way(ready: Shop, editor: Any) -> None:
    page = ProductPage.objects.get(slug="live", locale__language_code="ko")
    draft = ProductPage.objects.get(slug="drafted")
    row = ImportRow(slug="x", line=2, group=1)
    taken_off = Judged(rows=[row], page=page, status="draft")
    changed, new = Judged(rows=[row], page=draft, status="live"), Judged(rows=[row])

    assert batch.suits(products=[taken_off, changed, new]) == [changed, new]
    draft.create_alias(parent=ready.home, update_slug="alias")
    assert batch.suits(products=[changed, new]) == [new]
