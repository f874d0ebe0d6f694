"""Shipping zones in the back office: postcodes as text, refusals in words."""

import pytest

from commerce.shipping.models import PostcodeRange, ShippingZone

LIST = "/admin/shipping-zones/"
ZONE = {
    "name_ko": "서해 5도",
    "name_en": "West Sea",
    "surcharge": "7000",
    "free_from": "",
    "postcodes": "11000-11010\n11020",
    "active": "on",
    "position": "2",
}


def jeju() -> ShippingZone:
    return ShippingZone.objects.get(name_en="Jeju")


def ranges(zone: ShippingZone) -> list[str]:
    return [str(one) for one in zone.ranges.all()]


def test_the_first_zones_are_there(staff):
    html = staff.get(LIST).content.decode()

    assert "제주" in html
    assert "5,000원" in html
    assert "63000-63644" in staff.get(f"{LIST}edit/{jeju().pk}/").content.decode()


def test_a_zone_is_made_with_its_postcodes(staff):
    answer = staff.post(f"{LIST}new/", ZONE)

    assert answer.status_code == 302, answer.context["form"].errors
    zone = ShippingZone.objects.get(name_en="West Sea")
    assert (zone.surcharge, zone.free_from, ranges(zone)) == (7_000, None, ["11000-11010", "11020"])


def test_the_postcodes_of_a_zone_are_replaced(staff):
    answer = staff.post(
        f"{LIST}edit/{jeju().pk}/",
        ZONE | {"name_en": "Jeju", "surcharge": "4000", "postcodes": "63000-63500, 63600"},
    )

    assert answer.status_code == 302
    assert (jeju().surcharge, ranges(jeju())) == (4_000, ["63000-63500", "63600"])


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("63645-63700 12", "“12”은(는) 다섯 자리 우편번호나 범위가 아닙니다."),
        ("63700-63645", "“63700-63645”은(는)"),
        ("11000-11010 11010-11020", "11000-11010과(와) 11010-11020이(가) 겹칩니다."),
        ("63644-63700", "63644-63700이(가) 제주 지역의 63000-63644과(와) 겹칩니다."),
        ("", ""),
    ],
)
def test_wrong_postcodes_are_refused_in_words_and_kept(staff, typed, why):
    before = list(PostcodeRange.objects.values())

    answer = staff.post(f"{LIST}new/", ZONE | {"postcodes": typed})

    html = answer.content.decode()
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["postcodes"]
    assert why in html
    assert typed in html
    assert list(PostcodeRange.objects.values()) == before
    assert not ShippingZone.objects.filter(name_en="West Sea").exists()
