"""Areas that cost more: charged also when delivery is free, and never a surprise."""

import re
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from commerce.checkout.services import CartChanged
from commerce.orders.models import Order
from commerce.shipping import ranges, selectors, zones
from commerce.shipping.models import PostcodeRange, ShippingZone
from commerce.shipping.ranges import Range
from commerce.tests.factories import CONTACT, cart, place, product
from commerce.tests.fakes import FakeGateway
from commerce.tests.shopping import fill, nothing_ordered, submit, text, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
JEJU, ULLEUNG, SEOUL = "63122", "40205", "03044"


@pytest.mark.parametrize(
    ("postcode", "surcharge"),
    [
        (SEOUL, 0),
        ("", 0),
        ("6312", 0),
        ("62999", 0),
        ("63000", 3_000),
        (JEJU, 3_000),
        ("63644", 3_000),
        ("63645", 0),
        (ULLEUNG, 5_000),
        ("58826", 5_000),
        ("28826", 0),
        ("59790", 5_000),
        ("32133", 5_000),
    ],
)
def test_a_postcode_decides(postcode: str, surcharge: int) -> None:
    rate = selectors.rate(goods=10_000, language="ko", postcode=postcode)

    assert (rate.base, rate.surcharge, rate.fee) == (3_000, surcharge, 3_000 + surcharge)


def test_the_surcharge_is_paid_also_when_delivery_is_free() -> None:
    rate = selectors.rate(goods=60_000, language="en", postcode=JEJU)

    assert (rate.base, rate.surcharge, rate.fee, rate.full_name) == (0, 3_000, 3_000, "Parcel (Jeju)")


def test_a_zone_may_have_a_threshold_of_its_own() -> None:
    ShippingZone.objects.filter(name_en="Jeju").update(free_from=100_000)

    fees = [selectors.rate(goods=goods, language="ko", postcode=JEJU).fee for goods in (99_999, 100_000)]

    assert fees == [3_000, 0]


def test_a_zone_that_is_off_costs_nothing() -> None:
    ShippingZone.objects.update(active=False)

    rate = selectors.rate(goods=10_000, language="ko", postcode=JEJU)

    assert (rate.fee, rate.remote) == (3_000, ())


def test_while_the_postcode_is_unknown_the_rate_says_what_it_may_cost() -> None:
    assert selectors.rate(goods=10_000, language="ko").remote == (3_000, 5_000)
    assert selectors.rate(goods=10_000, language="ko", postcode=SEOUL).remote == ()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("63000-63644", [Range(63000, 63644)]),
        ("32133", [Range(32133, 32133)]),
        ("63000 ~ 63644,\n40200–40240; 01000", [Range(1000, 1000), Range(40200, 40240), Range(63000, 63644)]),
        ("６３０００－６３００１", [Range(63000, 63001)]),
        ("", []),
    ],
)
def test_ranges_are_read_as_people_write_them(typed: str, read: list[Range]) -> None:
    assert ranges.parse(typed) == read


@pytest.mark.parametrize("typed", ["6300", "630000", "abc", "63644-63000", "63000-", "-63000", "1-2-3"])
def test_what_is_no_range_is_refused(typed: str) -> None:
    with pytest.raises(ranges.NotARange):
        ranges.parse(typed)


def test_the_database_keeps_a_postcode_in_one_zone() -> None:
    before = list(PostcodeRange.objects.values_list("first", "last"))
    island = ShippingZone.objects.get(name_en="Islands")

    with pytest.raises(IntegrityError), transaction.atomic():
        zones.set_ranges(zone_id=island.pk, ranges=[Range(63644, 63700)])

    assert list(PostcodeRange.objects.values_list("first", "last")) == before


def test_an_order_to_an_island_pays_the_surcharge_and_says_so(client: Client) -> None:
    product(price=30_000)

    placed = place(cart(("CUP", 2)), total=63_000, contact=_contact(JEJU))

    assert (placed.shipping_total, placed.shipping_surcharge, placed.total) == (3_000, 3_000, 63_000)
    assert placed.shipping_name == "택배 (제주)"
    assert "택배 (제주), 추가 배송비 3,000원 포함" in text(client.get(f"/orders/{placed.token}/"))


def test_the_sum_without_the_surcharge_is_refused() -> None:
    product(price=30_000)

    with pytest.raises(CartChanged) as refusal:
        place(cart(("CUP", 2)), total=60_000, contact=_contact(JEJU))

    assert refusal.value.quote.total == 63_000
    nothing_ordered()


def test_the_cart_and_the_product_say_that_it_may_cost_more(client: Client) -> None:
    product()
    fill(client)

    assert "51,000원부터" in text(client.get("/cart/"))
    for page in ("/cart/", "/p/cup/", "/checkout/"):
        assert "제주·도서 산간은 배송비 3,000원~5,000원이 추가됩니다." in text(client.get(page)), page


def test_an_island_typed_into_the_sheet_stops_the_order_in_words(
    client: Client, gateway: FakeGateway
) -> None:
    product()
    fill(client)

    answer = submit(client, postcode=JEJU, shown=hidden(client, "shown"))

    said = text(answer)
    assert "배송비가 3,000원에서 6,000원으로 바뀌었습니다. 배송지가 제주 지역입니다." in said
    assert "결제 금액이 51,000원에서 54,000원으로 바뀌었습니다." in said
    assert "54,000원 결제하기" in said
    assert f'name="postcode" value="{JEJU}"' in answer.content.decode()
    nothing_ordered()

    submit(client, postcode=JEJU, total=54_000, shown=_hidden(answer, "shown"))
    assert Order.objects.get().total == 54_000


def test_without_scripts_the_fee_can_be_looked_up_before_anything_else_is_filled_in(client: Client) -> None:
    product()
    fill(client)

    answer = submit(client, postcode=ULLEUNG, name="", phone="", apply="1", shown=hidden(client, "shown"))

    said = text(answer)
    assert "도서 산간 지역은 배송비 5,000원이 추가되어 결제 금액이 56,000원입니다." in said
    assert "56,000원 결제하기" in said
    assert "이름을 입력해 주세요." not in said  # nothing is complained about yet
    assert _hidden(answer, "shown_total") == "56000"
    nothing_ordered()


def test_beside_a_mistake_the_new_sum_is_said_too_and_agreed_to_again(client: Client) -> None:
    product()
    fill(client)

    answer = submit(client, postcode=JEJU, name="")

    said = text(answer)
    assert "제주 지역은 배송비 3,000원이 추가되어 결제 금액이 54,000원입니다." in said
    assert "이름을 입력해 주세요." in said
    assert not re.search(r'name="agree_order"[^>]*checked', answer.content.decode())
    nothing_ordered()


@pytest.mark.parametrize("typed", ["", "631", "abcde"])
def test_looking_up_without_a_postcode_asks_for_it(client: Client, typed: str) -> None:
    product()
    fill(client)

    assert "우편번호 다섯 자리를 입력해 주세요." in text(submit(client, postcode=typed, apply="1"))


def test_the_script_gets_the_parts_that_change(client: Client) -> None:
    product()
    fill(client)

    answer = client.post(
        "/en/checkout/sums/",
        {"cart_token": token(), "shown_total": 51_000, "postcode": JEJU, "shown": hidden(client, "shown")},
    )

    page = answer.content.decode()
    assert re.findall(r'data-part="(\w+)"', page) == ["total", "sums", "pay", "news", "coupon", "points"]
    assert "Pay ₩54,000" in page
    assert 'name="shown_total" value="54000"' in page
    assert "Delivery to Jeju costs ₩3,000 more. The total is ₩54,000." in unescape(page)


def hidden(client: Client, name: str) -> str:
    """Return what the sheet carries hidden."""
    return _hidden(client.get("/checkout/"), name)


def _hidden(answer: object, name: str) -> str:
    page = unescape(answer.content.decode())  # type: ignore[attr-defined]
    return re.findall(rf'name="{name}" value="([^"]*)"', page)[-1]


def _contact(postcode: str) -> object:
    return type(CONTACT)(
        **{name: getattr(CONTACT, name) for name in CONTACT.__slots__} | {"postcode": postcode}
    )
