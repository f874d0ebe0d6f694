"""Barcodes: which numbers are one, whose they are, and who finds goods by them."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from commerce.catalog import barcodes
from commerce.catalog import services as catalog
from commerce.catalog.models import Product, Variant
from commerce.events.models import OutboxEvent
from commerce.search import selectors, wording
from commerce.tests.factories import NOW

pytestmark = pytest.mark.django_db

KOREAN, GERMAN = "8801234567893", "4006381333931"


def payload(slug: str, *, version: int = 1, **codes: str) -> catalog.ProductPayload:
    """Return a product whose variants, by SKU, have these barcodes."""
    variants = tuple(
        catalog.VariantPayload(sku=sku, options=({"ko": sku, "en": sku},), price=9_000, barcode=code)
        for sku, code in codes.items()
    )
    return catalog.ProductPayload(
        key=uuid.uuid5(uuid.NAMESPACE_URL, slug),
        language="ko",
        version=version,
        text=catalog.TextPayload(title=slug),
        goods=catalog.GoodsPayload(slug=slug, variants=variants),
    )


def sell(slug: str, *, version: int = 1, **codes: str) -> None:
    catalog.list_product(payload=payload(slug, version=version, **codes), now=NOW)


def known() -> dict[str, str]:
    return dict(Variant.objects.filter(active=True).values_list("sku", "barcode"))


@pytest.mark.parametrize("code", [KOREAN, GERMAN, "96385074", "036000291452", "10614141000415"])
def test_a_number_with_the_right_check_digit_is_a_barcode(code: str) -> None:
    assert barcodes.valid(code)


@pytest.mark.parametrize("code", ["8801234567894", "880123456789", "", "abc", "٨٨٠١٢٣٤٥٦٧٨٩٣", "00000"])
def test_any_other_is_none(code: str) -> None:
    assert not barcodes.valid(code)


def test_it_is_stored_without_what_is_printed_between_its_digits() -> None:
    assert barcodes.normalise(" 8 801234-567893 ") == KOREAN


def test_what_is_scanned_is_found() -> None:
    sell("cup", CUP=KOREAN)
    sell("bowl", BOWL=GERMAN)

    found = selectors.find(typed=wording.read(KOREAN))

    assert list(found.products) == list(Product.objects.filter(slug="cup").values_list("pk", flat=True))


def test_a_barcode_of_another_variant_is_refused_and_nothing_changes() -> None:
    sell("cup", CUP=KOREAN)
    facts = OutboxEvent.objects.count()

    with pytest.raises(catalog.BarcodeTaken) as refused:
        sell("bowl", BOWL=KOREAN)

    assert (refused.value.barcode, refused.value.sku) == (KOREAN, "CUP")
    assert known() == {"CUP": KOREAN}
    assert not Product.objects.filter(slug="bowl").exists()
    assert OutboxEvent.objects.count() == facts


def test_the_database_refuses_it_as_well() -> None:
    sell("cup", CUP=KOREAN)
    sell("bowl", BOWL="")

    with pytest.raises(IntegrityError), transaction.atomic():
        Variant.objects.filter(sku="BOWL").update(barcode=KOREAN)


def test_variants_of_a_product_may_change_their_barcodes_with_each_other() -> None:
    sell("cup", WHITE=KOREAN, BLUE=GERMAN)

    sell("cup", version=2, WHITE=GERMAN, BLUE=KOREAN)

    assert known() == {"WHITE": GERMAN, "BLUE": KOREAN}


def test_a_variant_that_is_sold_no_more_gives_its_barcode_away() -> None:
    sell("cup", OLD=KOREAN)

    sell("cup", version=2, NEW=KOREAN)

    assert known() == {"NEW": KOREAN}


def test_many_products_are_listed_as_one_is() -> None:
    done = catalog.list_products(
        payloads=[payload("cup", CUP=KOREAN), payload("bowl", BOWL="", LID="")], now=NOW
    )
    again = catalog.list_products(
        payloads=[payload("cup", version=0, CUP=""), payload("bowl", version=2, LID="")], now=NOW
    )

    assert (done, again) == ([True, True], [False, True])
    assert known() == {"CUP": KOREAN, "LID": ""}
    listed = OutboxEvent.objects.filter(type="product.listed").order_by("pk")
    assert [(row.payload["slug"], row.payload["skus"]) for row in listed] == [
        ("cup", ["CUP"]),
        ("bowl", ["BOWL", "LID"]),
        ("bowl", ["LID"]),
    ]


def test_when_one_of_many_is_refused_none_is_listed() -> None:
    with pytest.raises(catalog.SkuTaken):
        catalog.list_products(payloads=[payload("cup", CUP=""), payload("bowl", CUP="")], now=NOW)
    with pytest.raises(catalog.NoVariants):
        catalog.list_products(payloads=[payload("cup", CUP=""), payload("bowl")], now=NOW)

    assert (Product.objects.count(), Variant.objects.count(), OutboxEvent.objects.count()) == (0, 0, 0)


AMERICAN = "036000291452"  # twelve digits; with a zero in front they are the same number


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (AMERICAN, "0036000291452"),
        (f"0{AMERICAN}", "0036000291452"),
        (f"00{AMERICAN}", "0036000291452"),
        (f"0{KOREAN}", KOREAN),
        ("10614141000415", "10614141000415"),
        ("9638 5074", "96385074"),
        ("0000096385074", "96385074"),
        ("036000291453", "036000291453"),  # its check digit is wrong: it stays as it was typed, to be refused
        ("00000", "00000"),
        ("", ""),
    ],
)
def test_zeros_in_front_make_no_other_number(typed: str, stored: str) -> None:
    assert barcodes.normalise(typed) == stored


def test_a_number_that_was_stored_with_twelve_digits_is_taken_all_the_same() -> None:
    sell("cup", CUP="0036000291452")
    Variant.objects.filter(sku="CUP").update(barcode=AMERICAN)  # as it was stored before

    with pytest.raises(catalog.BarcodeTaken) as refused:
        sell("bowl", BOWL=barcodes.normalise(f"0{AMERICAN}"))

    assert refused.value.sku == "CUP"
    assert known() == {"CUP": AMERICAN}
    assert not Product.objects.filter(slug="bowl").exists()

    sell("cup", version=2, CUP=barcodes.normalise(AMERICAN))
    assert known() == {"CUP": "0036000291452"}


@pytest.mark.parametrize("scanned", [AMERICAN, f"0{AMERICAN}"])
def test_goods_are_found_by_either_spelling(scanned: str) -> None:
    sell("cup", CUP="0036000291452")
    sell("bowl", BOWL=GERMAN)

    found = selectors.find(typed=wording.read(scanned))

    assert list(found.products) == list(Product.objects.filter(slug="cup").values_list("pk", flat=True))
