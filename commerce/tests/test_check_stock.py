"""The command that compares stock with its movements."""

import pytest
from django.core.management import CommandError, call_command

from commerce.inventory.models import StockItem
from commerce.tests.factories import product

pytestmark = pytest.mark.django_db


def test_stock_that_adds_up_is_said_to(capsys: pytest.CaptureFixture[str]) -> None:
    product()

    call_command("check_stock")

    assert capsys.readouterr().out == "Every stock item is what its movements say.\n"


def test_stock_that_does_not_is_named_and_ends_with_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    product(skus=("CUP", "POT"))
    StockItem.objects.filter(variant__sku="POT").update(on_hand=7)

    with pytest.raises(CommandError, match=r"1 stock item\(s\)"):
        call_command("check_stock")

    assert capsys.readouterr().out == "POT: on hand 7, movements 5\n"
    assert not StockItem.objects.exclude(doubt="").exists()


def test_the_command_marks_them_if_told_to() -> None:
    product()
    StockItem.objects.update(reserved=1)

    with pytest.raises(CommandError):
        call_command("check_stock", flag=True)

    assert StockItem.objects.get().doubt == "promised 1, movements 0; promised 1, promises 0"
