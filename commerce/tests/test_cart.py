"""The cart: what may be put in, what is said when it may not, and that a refusal changes nothing."""

import uuid

import pytest

from commerce.cart import quotes, selectors, services
from commerce.cart.models import Cart, CartLine
from commerce.cart.quotes import Problem
from commerce.catalog.models import Variant
from commerce.shipping.models import ShippingMethod
from commerce.tests.factories import NOW, cart, on_shelf, product, withdraw

pytestmark = pytest.mark.django_db


def lines() -> list[tuple[str, int, int]]:
    """Return every line of every cart: SKU, units, price shown."""
    return list(CartLine.objects.order_by("pk").values_list("variant__sku", "quantity", "price_shown"))


def test_first_thing_starts_a_cart() -> None:
    product()

    filled = services.add(token=None, sku="CUP", quantity=2, now=NOW)

    assert lines() == [("CUP", 2, 24_000)]
    assert selectors.count(token=filled.token) == 2


def test_the_same_thing_again_adds_to_its_line() -> None:
    product()
    filled = cart(("CUP", 2))

    services.add(token=filled.token, sku="CUP", quantity=3, now=NOW)

    assert lines() == [("CUP", 5, 24_000)]


def test_an_unknown_token_starts_a_new_cart() -> None:
    product()

    filled = services.add(token=uuid.uuid4(), sku="CUP", quantity=1, now=NOW)

    assert Cart.objects.get() == filled


def test_an_ordered_cart_is_never_filled_again() -> None:
    product()
    old = cart(("CUP", 1))
    Cart.objects.update(ordered_at=NOW)

    new = services.add(token=old.token, sku="CUP", quantity=1, now=NOW)

    assert new.pk != old.pk
    assert selectors.count(token=old.token) == 0


@pytest.mark.parametrize("quantity", [6, 99])
def test_more_than_is_left_is_refused(quantity: int) -> None:
    product(units=5)

    with pytest.raises(services.NotEnough) as refusal:
        services.add(token=None, sku="CUP", quantity=quantity, now=NOW)

    assert refusal.value.available == 5
    assert not Cart.objects.exists()


def test_what_lies_in_the_cart_counts_as_well() -> None:
    product(units=5)
    filled = cart(("CUP", 4))

    with pytest.raises(services.NotEnough):
        services.add(token=filled.token, sku="CUP", quantity=2, now=NOW)

    assert lines() == [("CUP", 4, 24_000)]


def test_more_than_a_line_may_hold_is_refused() -> None:
    product(units=500)
    filled = cart(("CUP", 99))

    with pytest.raises(services.TooMany):
        services.add(token=filled.token, sku="CUP", quantity=1, now=NOW)

    assert lines() == [("CUP", 99, 24_000)]


@pytest.mark.parametrize("sku", ["", "NOTHING", "cup", "CUP "])
def test_what_is_not_for_sale_is_refused(sku: str) -> None:
    product()

    with pytest.raises(services.NotForSale):
        services.add(token=None, sku=sku, quantity=1, now=NOW)

    assert not Cart.objects.exists()


def test_a_withdrawn_product_is_refused() -> None:
    product()
    withdraw()

    with pytest.raises(services.NotForSale):
        services.add(token=None, sku="CUP", quantity=1, now=NOW)


@pytest.mark.parametrize("quantity", [0, -1])
def test_adding_nothing_is_a_defect(quantity: int) -> None:
    product()

    with pytest.raises(ValueError, match="positive"):
        services.add(token=None, sku="CUP", quantity=quantity, now=NOW)


def test_a_quantity_can_be_set_and_the_price_is_seen_again() -> None:
    product()
    filled = cart(("CUP", 2))
    Variant.objects.update(price=26_000)

    services.change(token=filled.token, sku="CUP", quantity=3, now=NOW)

    assert lines() == [("CUP", 3, 26_000)]


def test_setting_nothing_takes_the_line_out() -> None:
    product()
    filled = cart(("CUP", 2))

    services.change(token=filled.token, sku="CUP", quantity=0, now=NOW)

    assert lines() == []


def test_a_line_that_is_not_there_cannot_be_changed() -> None:
    product(skus=("CUP", "POT"))
    filled = cart(("CUP", 2))

    with pytest.raises(services.NotForSale):
        services.change(token=filled.token, sku="POT", quantity=1, now=NOW)

    assert lines() == [("CUP", 2, 24_000)]


def test_nobody_changes_the_cart_of_another() -> None:
    product()
    cart(("CUP", 2))
    mine = cart(("CUP", 1))

    services.remove(token=mine.token, sku="CUP", now=NOW)

    assert lines() == [("CUP", 2, 24_000)]


def test_removing_says_how_many_there_were() -> None:
    product()
    filled = cart(("CUP", 2))

    assert services.remove(token=filled.token, sku="CUP", now=NOW) == 2
    assert services.remove(token=filled.token, sku="CUP", now=NOW) == 0


# --- what it costs ----------------------------------------------------------------------------------------


def test_a_quote_has_exact_sums() -> None:
    product(skus=("CUP", "POT"))
    filled = cart(("CUP", 1))

    quote = quotes.quote(token=filled.token, language="ko", now=NOW)

    assert (quote.goods, quote.shipping.fee, quote.total, quote.vat) == (24_000, 3_000, 27_000, 2_455)
    assert (quote.shipping.missing, quote.units, quote.orderable) == (26_000, 1, True)


def test_shipping_is_free_from_the_threshold_on() -> None:
    product(price=25_000)
    filled = cart(("CUP", 2))

    quote = quotes.quote(token=filled.token, language="en", now=NOW)

    assert (quote.goods, quote.shipping.fee, quote.total, quote.shipping.missing) == (50_000, 0, 50_000, 0)
    assert quote.lines[0].title == "Tea cup"


def test_a_changed_price_is_told_and_charged() -> None:
    product()
    filled = cart(("CUP", 1))
    Variant.objects.update(price=26_000)

    quote = quotes.quote(token=filled.token, language="ko", now=NOW)

    (line,) = quote.changes
    assert (line.price_shown, line.unit_price, line.price_changed, line.problem) == (
        24_000,
        26_000,
        True,
        None,
    )
    assert (quote.total, quote.orderable) == (29_000, True)


@pytest.mark.parametrize(("left", "problem"), [(0, Problem.SOLD_OUT), (1, Problem.SHORT)])
def test_too_little_stock_is_told(left: int, problem: Problem) -> None:
    (cup,) = product()
    filled = cart(("CUP", 2))
    on_shelf(cup, left)

    quote = quotes.quote(token=filled.token, language="ko", now=NOW)

    assert (quote.lines[0].problem, quote.lines[0].available, quote.orderable) == (problem, left, False)


def test_what_is_gone_costs_nothing_and_stops_the_order() -> None:
    product()
    filled = cart(("CUP", 2))
    withdraw()

    quote = quotes.quote(token=filled.token, language="ko", now=NOW)

    assert (quote.lines[0].problem, quote.goods, quote.orderable) == (Problem.GONE, 0, False)


def test_without_a_shipping_method_nothing_can_be_ordered() -> None:
    product()
    filled = cart(("CUP", 1))
    ShippingMethod.objects.update(active=False)

    quote = quotes.quote(token=filled.token, language="ko", now=NOW)

    assert (quote.deliverable, quote.orderable, quote.total) == (False, False, 24_000)
