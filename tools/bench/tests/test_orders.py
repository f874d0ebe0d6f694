"""That the measurement of orders runs, does the same work on both sides, and leaves nothing behind."""

import re

import pytest
from django.utils import timezone

from commerce.cart.models import Cart
from commerce.inventory.models import StockItem, StockMovement
from commerce.orders.models import Order, OrderLine
from commerce.payments.models import Payment
from tools.bench import goods, orders, placing
from tools.bench.tests.running import bench
from workers.tests.factories import an_order

RESULTS = (
    r"an order of one line: 17 statements",
    r"1 client +\d+ +\d+ +\d+\.\d\d",
    r"8 clients +\d+ +\d+ +\d+\.\d\d",
    r"8 clients, all want the same +\d+ +\d+ +\d+\.\d\d",
    r"add to cart +\d+\.\d +\d+\.\d",
    r"order sheet +\d+\.\d +\d+\.\d",
    r"place the order +\d+\.\d +\d+\.\d",
    r"payment page +\d+\.\d +\d+\.\d",
    r"way back +\d+\.\d +\d+\.\d",
    r"confirmation +\d+\.\d +\d+\.\d",
    r"a whole order: the last five +\d+\.\d",
)


def test_it_runs_and_tells_what_it_found(emptied, valkey_server):
    done = bench("orders", "--tiny", port=valkey_server.port)

    assert done.returncode == 0, done.stdout + done.stderr
    missing = [result for result in RESULTS if not re.search(result, done.stdout)]
    assert not missing, done.stdout
    assert not Order.objects.exists()
    assert not Cart.objects.exists()


def test_pgbench_places_the_orders_that_the_shop_would(emptied):
    goods.put_on_shelf(rows=5, now=timezone.now())
    goods.fill_carts(numbers=[goods.CARTS], rows=5, now=timezone.now())
    sent = placing.statements(cart=goods.CARTS)
    model = Order.objects.select_related("payment").get()
    script = placing.script(sent=sent, order=model, cart=goods.CARTS, rows=5)
    run = placing.Run(first=goods.CARTS + 1, clients=2, each=3, rows=5)
    goods.fill_carts(numbers=run.carts, rows=5, now=timezone.now())

    placing.by_pgbench(run=run, script=script)

    assert Order.objects.count() == OrderLine.objects.count() == Payment.objects.count() == 7
    assert {order.total for order in Order.objects.all()} == {goods.PRICE}
    assert sum(StockItem.objects.values_list("reserved", flat=True)) == 7
    assert StockMovement.objects.count() == 7
    ordered = {
        (order.cart_id, line.variant_id) for order in Order.objects.all() for line in order.lines.all()
    }
    assert ordered == {(cart, goods.held(cart, 5)) for cart in range(goods.CARTS, goods.CARTS + 7)}


def test_it_leaves_a_shop_alone(committed):
    an_order()

    with pytest.raises(SystemExit, match="This database has orders"):
        orders.measure(size=orders.TINY)

    assert Order.objects.count() == 1
