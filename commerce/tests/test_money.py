"""Properties of money: sums hold for every number of won, not for chosen ones."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.money import amounts

WON = st.integers(min_value=0, max_value=2_000_000_000)
WEIGHTS = st.lists(st.integers(min_value=0, max_value=10_000_000), min_size=1, max_size=30).filter(sum)


@given(total=WON, weights=WEIGHTS)
def test_parts_sum_to_the_total(total: int, weights: list[int]) -> None:
    assert sum(amounts.split(total, weights)) == total


@given(total=WON, weights=WEIGHTS)
def test_no_part_is_a_won_or_more_away_from_its_share(total: int, weights: list[int]) -> None:
    whole = sum(weights)

    for part, weight in zip(amounts.split(total, weights), weights, strict=True):
        assert abs(part * whole - total * weight) < whole


@given(total=WON, weights=WEIGHTS)
def test_more_weight_never_gets_less(total: int, weights: list[int]) -> None:
    parts = amounts.split(total, weights)

    pairs = sorted(zip(weights, parts, strict=True))
    for (lighter, less), (heavier, more) in pairwise(pairs):
        assert less <= more or lighter == heavier


@given(total=WON, weights=WEIGHTS)
def test_no_weight_gets_nothing(total: int, weights: list[int]) -> None:
    parts = amounts.split(total, [*weights, 0])

    assert parts[-1] == 0


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [-1, 2]])
def test_weights_that_cannot_be_split_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        amounts.split(100, weights)


@given(gross=WON)
def test_vat_is_the_nearest_won_to_an_eleventh(gross: int) -> None:
    vat = amounts.vat_inside(gross)

    assert abs(11 * vat - gross) * 2 <= 11
    assert 0 <= vat <= gross


@given(gross=WON)
def test_net_and_vat_make_the_gross_again(gross: int) -> None:
    net = gross - amounts.vat_inside(gross)

    assert abs(net - 10 * gross / 11) <= 0.5


@pytest.mark.parametrize(
    ("gross", "vat"),
    [(0, 0), (1, 0), (5, 0), (6, 1), (11, 1), (12_000, 1_091), (51_000, 4_636), (11_000_000, 1_000_000)],
)
def test_vat_of_known_amounts(gross: int, vat: int) -> None:
    assert amounts.vat_inside(gross) == vat


@pytest.mark.parametrize(
    ("amount", "korean", "english"),
    [
        (0, "0원", "₩0"),
        (999, "999원", "₩999"),
        (1_234_000, "1,234,000원", "₩1,234,000"),
        (-3_000, "-3,000원", "-₩3,000"),
    ],
)
def test_amounts_are_written_as_shoppers_read_them(amount: int, korean: str, english: str) -> None:
    assert amounts.show(amount) == korean
    assert amounts.show(amount, language="en") == english
