"""What a guest's order costs over HTTP, as multiples of an empty view."""

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from commerce.orders.models import Order
from commerce.orders.states import Status
from e2e.proofs.http_shopper import ANSWERS, form_with
from tools.bench import goods
from tools.bench.multiples import Times
from tools.bench.serving import backends, served
from tools.bench.wire import Browser

STEPS = ("order sheet", "place the order", "payment page", "way back", "confirmation")
ADD = "add to cart"
GOALS = {ADD: 8}
WHOLE = 50  # the goal of the last five together


def measure(*, guests: int, demo: bool) -> None:
    """Let guests buy one thing each and print what their requests cost."""
    if demo:
        call_command("seed_demo", verbosity=0)
    goods.put_on_shelf(rows=100, now=timezone.now())
    goods.settle()
    connection.close()
    with served() as (floor, shop, pids):
        times = Times(Browser(floor), pids)
        for number in range(-8, guests):  # the first ones find everything cold
            if number == 0:
                times = Times(Browser(floor), {**pids, "shop": [*pids["shop"], *backends()]})
            _buy(times, shop, number + 8)
    _tell(times)


def _buy(times: Times, shop: int, number: int) -> None:
    guest = Browser(shop)
    item = goods.GOODS + number % 100
    form = form_with(guest.get(f"/p/bench-{item}/").body, "quantity")
    wanted = form.values | {"sku": f"BENCH{item}", "quantity": "1"}
    times.of(ADD, lambda: guest.post(form.action, wanted), status=302)
    page = times.of(STEPS[0], lambda: guest.get("/checkout/"), status=200).body
    sheet = form_with(page, "cart_token")
    agreed = {name: value for name, value in sheet.boxes.items() if name.startswith("agree")}
    filled = sheet.values | agreed | ANSWERS | {"same_recipient": "on", "email": "bench@example.com"}
    placed = times.of(STEPS[1], lambda: guest.post("/checkout/", filled), status=303)
    times.of(STEPS[2], lambda: guest.get(placed.location), status=200)
    token = placed.location.split("/")[3]
    back = times.of(STEPS[3], lambda: guest.get(f"/checkout/return/{token}/"), status=302)
    times.of(STEPS[4], lambda: guest.get(back.location), status=200)
    if not Order.objects.filter(token=token, status=Status.PAID).exists():
        raise SystemExit("the order was not paid, so something else was measured")


def _tell(times: Times) -> None:
    times.tell((ADD, *STEPS), goals=GOALS)
    whole, computing = sum(map(times.multiple, STEPS)), sum(map(times.cpu_multiple, STEPS))
    print(f"{'a whole order: the last five':34}{'':8}{whole:10.1f}{'':9}{computing:10.1f}{WHOLE:7g}")
