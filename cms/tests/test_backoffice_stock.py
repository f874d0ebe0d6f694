"""Stock: the list, the page, the two ways to change it, and what editors see of it."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.tests import desk, factories
from commerce.catalog.models import Category, CategoryText, Variant
from commerce.customers.models import User
from commerce.events.models import OutboxEvent
from commerce.inventory.models import StockItem, StockMovement

LIST = "/admin/stock/"


def address(variant: Variant) -> str:
    return reverse("stock:inspect", args=[variant.stock.pk])


def skus(answer) -> list[str]:
    return [row.variant.sku for row in answer.context["object_list"]]


def receive(quantity: object = "5", reason: str = "가마 3차") -> dict[str, object]:
    return {"act": "receive", "receive-quantity": quantity, "receive-reason": reason}


def count(on_hand: object = "7", reason: str = "실사") -> dict[str, object]:
    return {"act": "count", "count-on_hand": on_hand, "count-reason": reason}


def everything() -> tuple[object, ...]:
    return (
        list(StockItem.objects.order_by("pk").values()),
        StockMovement.objects.count(),
        OutboxEvent.objects.count(),
        ModelLogEntry.objects.count(),
    )


def test_the_list_shows_the_numbers(staff, cups):
    desk.order(item=cups, quantity=3)

    html = staff.get(LIST).content.decode()

    row = html[html.index("CUP-W") :]
    assert "달항아리 컵" in html
    assert "백자" in html
    assert [number in row for number in ("10", "3", "7")] == [True, True, True]
    item = StockItem.objects.get()
    assert (item.on_hand, item.reserved, item.available) == (10, 3, 7)


def test_filters_and_search(staff, cups):
    out = desk.variant(sku="PLATE", title="검정 접시", on_hand=0)
    low = desk.variant(sku="SPOON", title="놋 숟가락", on_hand=4)
    off = desk.variant(sku="OLD", title="옛날 컵", on_hand=9, active=False)
    shelf = Category.objects.create(key=uuid.uuid4(), path="plates")
    CategoryText.objects.create(category=shelf, language="ko", title="접시")
    out.product.categories.add(shelf)

    assert skus(staff.get(LIST, {"level": "out"})) == [out.sku]
    assert skus(staff.get(LIST, {"level": "low"})) == [low.sku]
    assert skus(staff.get(LIST, {"level": "plenty"})) == [cups.sku, off.sku]
    assert skus(staff.get(LIST, {"on_sale": "false"})) == [off.sku]
    assert skus(staff.get(LIST, {"category": shelf.pk})) == [out.sku]
    assert skus(staff.get(LIST, {"q": "spo"})) == [low.sku]
    Variant.objects.filter(pk=off.pk).update(barcode="8801234567893")
    assert skus(staff.get(LIST, {"q": "8801234567893"})) == [off.sku]
    assert skus(staff.get(LIST, {"q": "8 801234-567893"})) == [off.sku]
    assert skus(staff.get(LIST, {"q": "88012345"})) == []
    assert skus(staff.get(LIST, {"q": "컵"})) == [cups.sku, off.sku]
    assert skus(staff.get(LIST, {"ordering": "left"}))[0] == out.sku
    assert "접시" in staff.get(LIST).content.decode()


def test_the_list_asks_the_same_number_of_queries_for_many_items(staff, cups, django_assert_max_num_queries):
    for number in range(12):
        desk.variant(sku=f"CUP-{number}")

    with django_assert_max_num_queries(15):
        staff.get(LIST)


def test_units_arrive(staff, cups):
    answer = staff.post(address(cups), receive("5", "가마 3차"))

    movement = StockMovement.objects.latest("pk")
    me = User.objects.get(email="staff@maru.example")
    assert answer.status_code == 302
    [told] = get_messages(answer.wsgi_request)
    assert "CUP-W" in str(told)
    assert str(told).count("15") == 2
    assert desk.stock_of(cups) == (15, 0)
    assert (movement.kind, movement.on_hand_difference, movement.reason) == ("received", 5, "가마 3차")
    assert movement.actor == f"user:{me.pk}"
    fact = OutboxEvent.objects.latest("pk")
    assert (fact.type, fact.payload["on_hand"], fact.actor) == ("stock.changed", 15, f"user:{me.pk}")
    assert ModelLogEntry.objects.get().data == {"quantity": 5, "reason": "가마 3차"}


def test_a_count_sets_the_shelf(staff, cups):
    staff.post(address(cups), count("7", "실사"))

    movement = StockMovement.objects.latest("pk")
    assert desk.stock_of(cups) == (7, 0)
    assert (movement.kind, movement.on_hand_difference, movement.reason) == ("adjusted", -3, "실사")


def test_a_count_below_what_is_promised_is_refused_and_what_was_typed_stays(staff, cups):
    desk.order(item=cups, quantity=4)
    before = everything()

    answer = staff.post(address(cups), count("3", "실사"))

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "4" in answer.context["count"].errors["on_hand"][0]
    assert 'name="count-on_hand" value="3"' in html
    assert 'name="count-reason" value="실사"' in html
    assert everything() == before


@pytest.mark.parametrize(
    ("data", "form", "field"),
    [
        (receive("0"), "receive", "quantity"),
        (receive("-5"), "receive", "quantity"),
        (receive("many"), "receive", "quantity"),
        (receive("5", ""), "receive", "reason"),
        (receive("9999999999"), "receive", "quantity"),
        (count("-1"), "count", "on_hand"),
        (count("7", " "), "count", "reason"),
        (count(""), "count", "on_hand"),
    ],
)
def test_nonsense_is_refused_and_nothing_changes(staff, cups, data, form, field):
    before = everything()

    answer = staff.post(address(cups), data)

    assert answer.status_code == 422
    assert list(answer.context[form].errors) == [field]
    assert everything() == before


def test_a_post_without_an_act_changes_nothing(staff, cups):
    before = everything()

    assert staff.post(address(cups), {"act": "burn"}).status_code == 302
    assert everything() == before


def test_the_ledger_tells_who_and_when_and_links_orders(staff, cups):
    order = desk.order(item=cups, quantity=2, now=desk.NOW + timedelta(hours=1))
    staff.post(address(cups), receive("5", "가마 3차"))

    answer = staff.get(address(cups))

    rows = answer.context["movements"]
    moved = {(row["on_hand"], row["reserved"]): row for row in rows}
    assert set(moved) == {("+5", ""), ("", "+2"), ("+10", "")}
    assert moved["+5", ""]["person"] == "박하나"
    assert moved["", "+2"]["at"] == "2026-11-24 19:30"
    assert moved["+10", ""]["at"] == "2026-11-24 18:30"
    assert f'href="/admin/orders/{order.pk}/"' in answer.content.decode()


def test_the_page_is_bounded(staff, cups, django_assert_max_num_queries):
    for number in range(60):
        StockMovement.objects.create(
            item=cups.stock, kind="received", on_hand_difference=1, actor=f"user:{number}", at=desk.NOW
        )

    with django_assert_max_num_queries(17):
        answer = staff.get(address(cups))

    assert len(answer.context["movements"]) == 50
    assert len(staff.get(address(cups), {"p": 2}).context["movements"]) == 11


@pytest.mark.parametrize("data", [receive(), count()])
def test_who_may_only_look_changes_nothing(sign_in, cups, data):
    client = sign_in(permissions=("access_admin", "view_stockitem"))
    before = everything()

    shown = client.get(address(cups))
    answer = client.post(address(cups), data)

    assert shown.status_code == 200
    assert 'name="act"' not in shown.content.decode()
    assert answer.status_code == 302
    assert answer["Location"] == "/admin/"
    assert everything() == before


@pytest.mark.parametrize("who", [{"group": "Editors"}, {"permissions": ("access_admin", "change_stockitem")}])
def test_who_may_not_look_changes_nothing_either(sign_in, cups, who):
    client = sign_in(**who)
    before = everything()

    assert client.get(address(cups)).status_code == 302
    assert client.post(address(cups), receive()).status_code == 302
    assert everything() == before


def test_visitors_change_nothing(client, cups):
    before = everything()

    assert client.post(address(cups), receive())["Location"].startswith("/admin/login/")
    assert everything() == before


def test_nobody_edits_the_numbers_by_hand(sign_in, cups):
    client = sign_in(is_superuser=True)

    for path in ("new/", f"edit/{cups.stock.pk}/", f"delete/{cups.stock.pk}/"):
        assert client.get(LIST + path).status_code == 404


def test_editors_read_stock_on_the_product_page_and_cannot_type_it(sign_in, shop):
    page = factories.publish(factories.product(shop, skus=("RB-W", "RB-C")))
    StockItem.objects.filter(variant__sku="RB-W").update(on_hand=10, reserved=3)
    client = sign_in("editor@maru.example", group="Editors")

    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    panel = html[html.index('class="bo-table"') :]
    panel = panel[: panel.index("</table>")]
    assert "RB-W" in panel
    assert ">10<" in panel
    assert ">7<" in panel
    assert "10,000원" in panel
    assert "<input" not in panel
    assert "<a " not in panel  # an editor may not open the stock page


def test_staff_who_write_products_get_a_link_to_the_stock_page(sign_in, shop):
    page = factories.publish(factories.product(shop, skus=("RB-W",)))
    item = StockItem.objects.get(variant__sku="RB-W")
    client = sign_in(is_superuser=True)

    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert f'href="/admin/stock/{item.pk}/"' in html


def test_a_new_product_has_no_stock_panel(sign_in, shop):
    page = factories.product(shop, skus=("RB-W",))
    client = sign_in(is_superuser=True)

    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert 'class="bo-table"' not in html


# --- what is sold before it is here -----------------------------------------------------------------------


def terms(limit: object = "20", day: str = "2099-12-10", reason: str = "가마 4차") -> dict[str, object]:
    return {
        "act": "terms",
        "terms-backorder_limit": limit,
        "terms-ships_on": day,
        "terms-reason": reason,
    }


def test_a_preorder_is_opened_with_reason_and_person(staff, cups):
    answer = staff.post(address(cups), terms())

    item, movement = StockItem.objects.get(), StockMovement.objects.latest("pk")
    me = User.objects.get(email="staff@maru.example")
    assert answer.status_code == 302
    assert (item.backorder_limit, str(item.ships_on), item.available) == (20, "2099-12-10", 30)
    assert (movement.kind, movement.limit_difference, str(movement.ships_on)) == ("terms", 20, "2099-12-10")
    assert (movement.reason, movement.actor) == ("가마 4차", f"user:{me.pk}")
    assert ModelLogEntry.objects.get().data == {
        "backorder_limit": 20,
        "ships_on": "2099-12-10",
        "reason": "가마 4차",
    }
    page = staff.get(address(cups)).content.decode()
    assert "+20 · 2099-12-10 발송 예정" in page
    assert 'name="terms-ships_on" value="2099-12-10"' in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (terms(limit="-1"), "backorder_limit"),
        (terms(limit="x"), "backorder_limit"),
        (terms(limit="1000001"), "backorder_limit"),
        (terms(limit=""), "backorder_limit"),
        (terms(day="2020-01-01"), "ships_on"),
        (terms(day="soon"), "ships_on"),
        (terms(limit="0"), "ships_on"),
        (terms(reason=" "), "reason"),
    ],
)
def test_impossible_terms_change_nothing(staff, cups, change, field):
    before = everything()

    answer = staff.post(address(cups), change)

    assert answer.status_code == 422
    assert list(answer.context["terms"].errors) == [field]
    assert everything() == before


def test_a_limit_below_what_orders_wait_for_is_refused_in_words(staff, cups):
    staff.post(address(cups), terms(limit="5", day=""))
    desk.order(item=cups, quantity=13)
    before = everything()

    answer = staff.post(address(cups), terms(limit="2", day=""))

    assert answer.status_code == 422
    assert "이미 3개를 기다리는 주문이 있어" in answer.content.decode()
    assert everything() == before


def test_numbers_in_doubt_are_shown_and_listed(staff, cups):
    StockItem.objects.update(doubt="on hand 5, movements 2")
    desk.variant(sku="POT")

    assert skus(staff.get(LIST, {"doubt": "on"})) == ["CUP-W"]
    assert "on hand 5, movements 2" in staff.get(address(cups)).content.decode()


def test_a_list_that_nobody_narrowed_names_no_filter(staff, cups):
    assert staff.get(LIST).context["view"].active_filters == []
    assert len(staff.get(LIST, {"doubt": "on"}).context["view"].active_filters) == 1
