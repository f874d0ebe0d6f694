"""Imports that crash, meet another, are all or none, or are cancelled."""

from typing import Any

import pytest
from django.utils import timezone

from cms.importing import running, services
from cms.models import CatalogImport, ProductPage
from cms.tests import desk, factories
from cms.tests.factories import Shop
from cms.tests.importing import carry_out, codes, go_on, nothing, outcomes, upload
from commerce.catalog.models import Variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> Any:
    return desk.person("editor@maru.example", group="Editors")


def test_after_a_crash_the_next_row_is_done_and_none_twice(
    shop: Shop, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "WRITTEN_AT_ONCE", 1)
    for number in range(3):
        factories.publish(factories.product(shop, slug=f"bowl-{number}", skus=(f"B-{number}",)))
    run = upload("sku,price\nB-0,1\nB-1,2\nB-2,3\n", editor)
    services.confirm(run_id=run.pk, together=False, user=editor, now=timezone.now())
    running.advance(run_id=run.pk, fetch=nothing, now=timezone.now())
    done = ProductPage.objects.get(slug="bowl-0").latest_revision_id

    def dies(**_: Any) -> None:
        raise KeyboardInterrupt  # as a worker that is killed: nothing of its chunk is kept

    with monkeypatch.context() as killed:
        killed.setattr(running.stocking, "count", dies)
        with pytest.raises(KeyboardInterrupt):
            running.advance(run_id=run.pk, fetch=nothing, now=timezone.now())
    assert Variant.objects.get(sku="B-1").price == 10_000
    run = go_on(run)

    assert (run.state, outcomes(run)) == ("done", ["changed"] * 3)
    assert [Variant.objects.get(sku=f"B-{number}").price for number in range(3)] == [1, 2, 3]
    assert ProductPage.objects.get(slug="bowl-0").latest_revision_id == done


def test_a_worker_that_saw_an_older_place_writes_nothing(shop: Shop, editor: Any) -> None:
    """The twin of the fence: without the comparison of positions a frozen worker would write the chunk again."""
    page = factories.publish(factories.product(shop))
    run = upload("sku,price\nRB-W,9000\n", editor)
    services.confirm(run_id=run.pk, together=False, user=editor, now=timezone.now())
    frozen = CatalogImport.objects.get(pk=run.pk)
    go_on(run)
    written = ProductPage.objects.get(pk=page.pk).latest_revision_id

    running._write(frozen, running.Zip(), {}, now=timezone.now())

    assert ProductPage.objects.get(pk=page.pk).latest_revision_id == written


def test_all_or_none_keeps_nothing_when_one_row_fails(shop: Shop, editor: Any) -> None:
    factories.publish(factories.product(shop))
    other = factories.publish(factories.product(shop, slug="cup", skus=("C-1",)))
    run = upload("sku,price\nRB-W,9000\nC-1,1\n", editor)
    factories.publish(ProductPage.objects.get(pk=other.pk))

    run = carry_out(run, editor, together=True)

    assert (run.state, run.error, codes(run)) == ("failed", "together", [(3, "", "moved")])
    assert Variant.objects.get(sku="RB-W").price == 10_000


def test_only_one_import_is_carried_out_at_a_time(shop: Shop, editor: Any) -> None:
    factories.publish(factories.product(shop))
    first, second = upload("sku,price\nRB-W,1\n", editor), upload("sku,price\nRB-W,2\n", editor)
    services.confirm(run_id=first.pk, together=False, user=editor, now=timezone.now())

    with pytest.raises(services.OneAtATime):
        services.confirm(run_id=second.pk, together=False, user=editor, now=timezone.now())

    second.refresh_from_db()
    assert second.state == "checked"


def test_a_cancelled_import_stops_where_it_is(shop: Shop, editor: Any) -> None:
    factories.publish(factories.product(shop))
    run = upload("sku,price\nRB-W,9000\n", editor)
    services.confirm(run_id=run.pk, together=False, user=editor, now=timezone.now())
    services.cancel(run_id=run.pk, user=editor, now=timezone.now())

    run = go_on(run)

    assert run.state == "cancelled"
    assert Variant.objects.get(sku="RB-W").price == 10_000
