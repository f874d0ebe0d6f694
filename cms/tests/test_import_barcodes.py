"""Barcodes and lines of product information in tables: what is written, refused, and comes out again."""

from typing import Any

import pytest

from cms.models import ProductPage
from cms.tests import desk, factories
from cms.tests.factories import Shop
from cms.tests.importing import carry_out, codes, exported, outcomes, upload
from commerce.catalog.models import ProductText, Variant

pytestmark = pytest.mark.django_db

KOREAN, GERMAN = "8801234567893", "4006381333931"


@pytest.fixture
def editor(db: None) -> Any:
    return desk.person("editor@maru.example", group="Editors")


@pytest.fixture
def bowl(shop: Shop) -> Any:
    shop.translate(shop.products).save_revision().publish()
    return factories.publish(factories.product(shop))


def test_they_are_written_to_page_and_shop_and_come_out_as_they_went_in(bowl: Any, editor: Any) -> None:
    text = (
        "slug,sku,바코드,상품정보,title_en,details_en\n"
        'rice-bowl,RB-W,8 801234-567893,"소재 : 백자토\n\n크기:지름 12 cm",Rice bowl,Material: porcelain\n'
        f"rice-bowl,RB-C,{GERMAN},,,\n"
    )

    run = carry_out(upload(text, editor), editor)

    assert (run.state, codes(run)) == ("done", [])
    assert dict(Variant.objects.values_list("sku", "barcode")) == {"RB-W": KOREAN, "RB-C": GERMAN}
    page = ProductPage.objects.get(pk=bowl.pk)
    assert [(row.name, row.value) for row in page.details.all()] == [
        ("소재", "백자토"),
        ("크기", "지름 12 cm"),
    ]
    texts = dict(ProductText.objects.values_list("language", "details"))
    assert texts == {"ko": [["소재", "백자토"], ["크기", "지름 12 cm"]], "en": [["Material", "porcelain"]]}
    table = exported()
    assert f",{KOREAN}," in table
    again = upload(table, editor)
    assert (again.state, codes(again), outcomes(again)) == ("checked", [], ["same", "same"])


def test_what_is_wrong_with_one_is_told_at_its_cell(shop: Shop, bowl: Any, editor: Any) -> None:
    carry_out(upload(f"sku,barcode\nRB-W,{KOREAN}\n", editor), editor)
    text = (
        "slug,status,title_ko,sku,price,barcode,details_ko\n"
        f"cup,draft,잔,C-1,1000,{KOREAN},\n"
        "dish,draft,접시,D-1,1000,8801234567890,\n"
        f"pot,draft,솥,P-1,1000,{GERMAN},\n"
        f"jar,draft,항아리,J-1,1000,{GERMAN},\n"
        "lid,draft,뚜껑,L-1,1000,8.80123E+12,\n"
        "pan,draft,팬,F-1,1000,,소재 백자토\n"
    )

    run = upload(text, editor)

    assert codes(run) == [
        (2, "barcode", "barcode_taken"),
        (3, "barcode", "barcode"),
        (4, "barcode", "barcode_twice"),
        (5, "barcode", "barcode_twice"),
        (6, "barcode", "barcode"),
        (7, "details_ko", "detail"),
    ]
    assert outcomes(run) == ["error"] * 6


def test_a_table_of_skus_and_barcodes_is_enough(bowl: Any, editor: Any) -> None:
    run = upload(f"sku,barcode\nRB-C,{KOREAN}\nRB-W,\n", editor)
    assert (run.kind, [row.changes for row in run.rows.all()]) == ("feed", [[["barcode", "", KOREAN]], []])

    carry_out(run, editor)

    assert dict(Variant.objects.values_list("sku", "barcode")) == {"RB-W": "", "RB-C": KOREAN}
