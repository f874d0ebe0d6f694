"""Two hundred shoppers press the button for twenty units: twenty get one, nobody sees an error page."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from e2e.proofs.books import Books
from e2e.proofs.conftest import a_shop
from e2e.proofs.http_shopper import Form, Shopper

SHOPPERS, UNITS, AT_ONCE = 200, 20, 50


def at_once(books: Books, carts: list[list[tuple[str, int]]], *, slug: str) -> Counter[str]:
    """Let one shopper per cart fill it and read the order sheet; then all press the button together."""
    shoppers = [Shopper(url=books.stack.base_url, number=number) for number in range(len(carts))]

    def prepare(pair: tuple[Shopper, list[tuple[str, int]]]) -> Form:
        shopper, lines = pair
        for sku, quantity in lines:
            assert shopper.add(slug=slug, sku=sku, quantity=quantity).status_code == 302
        return shopper.sheet()

    def press(pair: tuple[Shopper, Form]) -> str:
        shopper, form = pair
        answer = shopper.place(form)
        went = answer.headers.get("location", "")
        if answer.status_code == 303 and "/checkout/pay/" in went:
            return "placed"
        return "told" if answer.status_code == 200 and 'name="cart_token"' in answer.text else str(answer)

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        forms = list(crowd.map(prepare, zip(shoppers, carts, strict=True)))
        results = Counter(crowd.map(press, zip(shoppers, forms, strict=True)))
    for shopper in shoppers:
        shopper.__exit__()
    return results


def test_exactly_as_many_orders_as_units(plain_shop: Books) -> None:
    plain_shop.stock_up(slug="drop", skus=("DROP",), units=UNITS)

    results = at_once(plain_shop, [[("DROP", 1)]] * SHOPPERS, slug="drop")

    assert results == {"placed": UNITS, "told": SHOPPERS - UNITS}
    assert plain_shop.units_in_orders("DROP") == UNITS
    assert plain_shop.shelf("DROP") == (UNITS, UNITS)
    assert plain_shop.deadlocks() == 0
    assert plain_shop.disagreements() == []


def test_the_same_two_things_in_opposite_order_never_deadlock(plain_shop: Books) -> None:
    plain_shop.stock_up(slug="pair", skus=("LEFT", "RIGHT"), units=100)
    forth, back = [("LEFT", 1), ("RIGHT", 1)], [("RIGHT", 1), ("LEFT", 1)]

    results = at_once(plain_shop, [forth, back] * 12, slug="pair")

    assert results == {"placed": 24}
    assert plain_shop.shelf("LEFT") == plain_shop.shelf("RIGHT") == (100, 24)
    assert plain_shop.deadlocks() == 0
    assert plain_shop.disagreements() == []


def test_twin_with_the_locks_off_sells_what_it_does_not_have() -> None:
    with a_shop(wsgi="e2e.proofs.unlocked:application") as shop:
        shop.do("ALTER TABLE commerce_stockitem DROP CONSTRAINT stock_not_oversold")
        shop.stock_up(slug="drop", skus=("DROP",), units=2)

        results = at_once(shop, [[("DROP", 1)]] * 16, slug="drop")

        assert set(results) <= {"placed", "told"}
        assert shop.units_in_orders("DROP") == results["placed"] > 2
