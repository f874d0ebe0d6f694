"""What the order sheet takes as a wish for a cash receipt."""

import pytest

from commerce.checkout.forms import OrderSheet
from commerce.payments import receipts
from commerce.tests.receipting import FIRM, PHONE
from commerce.tests.shopping import FORM

pytestmark = pytest.mark.django_db


# --- numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", ["1208147521", "2208162517", "1248100998"])
def test_numbers_of_businesses_check_themselves(digits: str) -> None:
    assert receipts.is_business_number(digits)
    for place in range(10):
        wrong = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
        assert not receipts.is_business_number(wrong), wrong


@pytest.mark.parametrize("typed", ["", "120814752", "12081475211", "120-81-4752", "१२०८१४७५२१"])
def test_what_is_no_ten_digits_is_no_business(typed: str) -> None:
    assert not receipts.is_business_number(typed)


# --- the sheet --------------------------------------------------------------------------------------------


def sheet(**changes: str) -> OrderSheet:
    return OrderSheet(FORM | {"method": "TRANSFER"} | changes)


def test_nobody_gets_a_receipt_who_did_not_ask() -> None:
    form = sheet()

    assert form.is_valid()
    assert form.receipt_wish() is None
    assert [choice["code"] for choice in OrderSheet().receipts if choice["chosen"]] == [""]


def test_a_phone_in_any_spelling_is_the_number_of_an_income_deduction() -> None:
    form = sheet(receipt="personal", receipt_phone="０１０ 9999-8888", receipt_business="1")

    assert form.is_valid(), form.errors
    assert form.receipt_wish() == PHONE


def test_a_business_number_is_checked() -> None:
    form = sheet(receipt="corporate", receipt_business="120-81-47521")
    assert form.is_valid(), form.errors
    assert form.receipt_wish() == FIRM

    assert list(sheet(receipt="corporate", receipt_business="120-81-47522").errors) == ["receipt_business"]


@pytest.mark.parametrize(
    ("kind", "field", "typed"),
    [
        ("personal", "receipt_phone", ""),
        ("personal", "receipt_phone", "02-123-4567"),
        ("corporate", "receipt_business", ""),
    ],
)
def test_a_receipt_needs_its_number(kind: str, field: str, typed: str) -> None:
    assert list(sheet(receipt=kind, **{field: typed}).errors) == [field]


def test_a_card_has_no_cash_receipt_whatever_is_typed_in_the_hidden_fields() -> None:
    form = sheet(method="CARD", receipt="personal", receipt_phone="nonsense")

    assert form.is_valid(), form.errors
    assert form.receipt_wish() is None
