"""What Google and Naver read of the shop: exact lines."""

from typing import Any
from xml.etree import ElementTree

import pytest

from commerce.catalog.models import ProductText
from commerce.feeds import google, naver, selectors
from commerce.feeds.shapes import Goods
from commerce.tests.factories import NOW, product, withdraw
from commerce.tests.feeding import jar, shop, text

BASE = "https://shop.example"
G = "{http://base.google.com/ns/1.0}"


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Any) -> Any:
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": storage}
    return tmp_path


def read(language: str = "ko") -> list[Goods]:
    return list(selectors.goods(language=language, base=BASE, now=NOW))


@pytest.mark.django_db
def test_google_reads_an_item_for_each_variant() -> None:
    jar()

    found = text(google.lines(goods=read(), shop=shop()))

    assert found == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n'
        "<channel>\n<title>마루</title>\n<link>https://shop.example/</link>\n<description>마루</description>\n"
        "<item>\n"
        "<g:id>JAR-W</g:id>\n"
        "<g:item_group_id>00000000-0000-0000-0000-000000000007</g:item_group_id>\n"
        "<g:title>달항아리 &lt;큰&gt; – 백자</g:title>\n"
        "<g:description>백자 달항아리 둥근 항아리 &amp; 뚜껑</g:description>\n"
        "<g:link>https://shop.example/p/moon-jar/?variant=JAR-W</g:link>\n"
        "<g:image_link>https://shop.example/media/jar%201.webp</g:image_link>\n"
        "<g:additional_image_link>https://cdn.example/c.webp</g:additional_image_link>\n"
        "<g:availability>in_stock</g:availability>\n"
        "<g:price>90000 KRW</g:price>\n"
        "<g:brand>흙빛</g:brand>\n"
        "<g:identifier_exists>no</g:identifier_exists>\n"
        "<g:condition>new</g:condition>\n"
        "<g:product_type>식기 &gt; 항아리</g:product_type>\n"
        "<g:shipping><g:country>KR</g:country><g:service>택배</g:service><g:price>0 KRW</g:price></g:shipping>\n"
        "</item>\n"
        "<item>\n"
        "<g:id>JAR-C</g:id>\n"
        "<g:item_group_id>00000000-0000-0000-0000-000000000007</g:item_group_id>\n"
        "<g:title>달항아리 &lt;큰&gt; – 청자</g:title>\n"
        "<g:description>백자 달항아리 둥근 항아리 &amp; 뚜껑</g:description>\n"
        "<g:link>https://shop.example/p/moon-jar/?variant=JAR-C</g:link>\n"
        "<g:image_link>https://cdn.example/c.webp</g:image_link>\n"
        "<g:additional_image_link>https://shop.example/media/jar%201.webp</g:additional_image_link>\n"
        "<g:availability>in_stock</g:availability>\n"
        "<g:price>40000 KRW</g:price>\n"
        "<g:sale_price>30000 KRW</g:sale_price>\n"
        "<g:sale_price_effective_date>2026-11-23T12:00+0900/2026-11-26T12:00+0900</g:sale_price_effective_date>\n"
        "<g:brand>흙빛</g:brand>\n"
        "<g:identifier_exists>no</g:identifier_exists>\n"
        "<g:condition>new</g:condition>\n"
        "<g:product_type>식기 &gt; 항아리</g:product_type>\n"
        "<g:shipping><g:country>KR</g:country><g:service>택배</g:service><g:price>3000 KRW</g:price></g:shipping>\n"
        "</item>\n"
        "</channel>\n</rss>\n"
    )
    assert len(ElementTree.fromstring(found).findall("channel/item")) == 2


@pytest.mark.django_db
def test_naver_reads_a_line_for_each_product_at_its_lowest_price() -> None:
    jar()

    head, line = text(naver.lines(goods=read(), shop=shop(points_percent=1))).splitlines()

    assert head.split("\t") == list(naver.COLUMNS)
    assert dict(zip(naver.COLUMNS, line.split("\t"), strict=True)) == {
        "id": "00000000-0000-0000-0000-000000000007",
        "title": "달항아리 <큰>",
        "price_pc": "30000",
        "price_mobile": "30000",
        "normal_price": "40000",
        "link": "https://shop.example/p/moon-jar/",
        "mobile_link": "https://shop.example/p/moon-jar/",
        "image_link": "https://shop.example/media/jar%201.webp",
        "add_image_link": "https://cdn.example/c.webp",
        "category_name1": "식기",
        "category_name2": "항아리",
        "category_name3": "",
        "category_name4": "",
        "condition": "신상품",
        "order_made": "",
        "product_flag": "",
        "barcode": "",
        "brand": "흙빛",
        "maker": "흙빛 공방",
        "origin": "대한민국",
        "event_words": "손으로 빚음",
        "point": "쇼핑몰자체포인트^300",
        "review_count": "0",
        "shipping": "3000",
    }


@pytest.mark.django_db
def test_a_feed_has_what_the_shop_shows_in_its_language() -> None:
    jar()
    product("cup", skus=("CUP",))
    product("bowl", skus=("BOWL",))
    withdraw("bowl")
    ProductText.objects.filter(product__slug="cup", language="en").delete()

    assert [one.title for one in read()] == ["달항아리 <큰>", "찻잔"]
    (english,) = read("en")
    assert (english.link, english.shelves) == ("https://shop.example/en/p/moon-jar/", ("Tableware", "Jars"))
    assert [item.label for item in english.items] == ["White", "Celadon"]


@pytest.mark.django_db
def test_goods_come_in_readings_of_a_fixed_size(django_assert_num_queries: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(selectors, "CHUNK", 2)
    for number in range(5):
        product(f"cup-{number}", skus=(f"CUP-{number}",))

    looked: list[int] = []
    with django_assert_num_queries(1 + 3 * 4 + 1):  # titles; three readings; the last finds nothing
        found = list(selectors.goods(language="ko", base=BASE, now=NOW, going_on=lambda: looked.append(1)))

    assert [one.link[-6:] for one in found] == [f"cup-{number}/" for number in range(5)]
    assert len(looked) == 4
