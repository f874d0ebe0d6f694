"""What Google and Naver read of the shop: exact lines, what is left out, and how files are kept and served."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.storage import storages
from django.test import Client

from commerce.catalog import prices
from commerce.catalog import services as catalog
from commerce.catalog.models import ProductText, Variant
from commerce.feeds import google, kinds, naver, plain, selectors, services
from commerce.feeds.models import Feed
from commerce.feeds.shapes import Delivery, Goods, Item, Shop
from commerce.inventory.selectors import Supply
from commerce.tests.factories import NOW, on_shelf, product, withdraw

BASE = "https://shop.example"
G = "{http://base.google.com/ns/1.0}"


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Any) -> Any:
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": storage}
    return tmp_path


def picture(name: str, path: str) -> dict[str, Any]:
    return {"name": name, "url": path, "width": 800, "height": 800, "alt": {"ko": name}}


def jar(**changes: Any) -> None:
    """Put a jar with two variants on sale, with everything that feeds tell."""
    shelf, below = uuid.uuid4(), uuid.uuid4()
    for key, path, parent, titles in (
        (shelf, "tableware", None, ("식기", "Tableware")),
        (below, "tableware/jars", shelf, ("항아리", "Jars")),
    ):
        for language, title in zip(("ko", "en"), titles, strict=True):
            text = catalog.TextPayload(title=title)
            row = catalog.CategoryPayload(
                key=key,
                language=language,
                version=1,
                text=text,
                path=path,
                parent=parent,
                leads=language == "ko",
            )
            catalog.list_category(payload=row, now=NOW)
    facts: dict[str, Any] = {
        "slug": "moon-jar",
        "option_names": ({"ko": "유약", "en": "Glaze"},),
        "variants": (
            catalog.VariantPayload(
                sku="JAR-W", options=({"ko": "백자", "en": "White"},), price=90_000, picture="white"
            ),
            catalog.VariantPayload(
                sku="JAR-C",
                options=({"ko": "청자", "en": "Celadon"},),
                price=40_000,
                picture="celadon",
                sale_price=30_000,
                sale_from=NOW - timedelta(days=1),
                sale_until=NOW + timedelta(days=2),
            ),
        ),
        "pictures": (picture("white", "/media/jar 1.webp"), picture("celadon", "https://cdn.example/c.webp")),
        "categories": (shelf, below),
        "brand": {"key": "heulkbit", "ko": "흙빛", "en": "Heulkbit"},
        "notice": "other",
        "badges": ({"ko": "손으로 빚음", "en": "Made by hand"},),
    }
    words = {
        "ko": catalog.TextPayload(
            title="달항아리 <큰>",
            summary="백자\t달항아리\x0b",
            body="<p>둥근</p><p>항아리 &amp; 뚜껑</p><script>alert(1)</script>",
            notice={"maker": "흙빛 공방", "origin": "대한민국"},
        ),
        "en": catalog.TextPayload(title="Moon jar", summary="A white jar"),
    }
    for language in ("ko", "en"):
        payload = catalog.ProductPayload(
            key=uuid.UUID(int=7),
            language=language,
            version=1,
            text=words[language],
            goods=catalog.GoodsPayload(**facts | changes) if language == "ko" else None,
        )
        catalog.list_product(payload=payload, now=NOW)
    on_shelf(Variant.objects.get(sku="JAR-W"), 3)
    on_shelf(Variant.objects.get(sku="JAR-C"), 1)


def shop(language: str = "ko", **changes: Any) -> Shop:
    facts: dict[str, Any] = {
        "brand": "마루",
        "home": f"{BASE}/",
        "language": language,
        "now": NOW,
        "delivery": Delivery(name="택배", fee=3_000, free_from=50_000),
        "points_percent": 0,
    }
    return Shop(**facts | changes)


def read(language: str = "ko") -> list[Goods]:
    return list(selectors.goods(language=language, base=BASE, now=NOW))


def text(lines: Any) -> str:
    return "".join(part for part, _count in lines)


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


def item(**changes: Any) -> Item:
    facts: dict[str, Any] = {
        "pk": 5,
        "sku": "CUP",
        "label": "",
        "price": 24_000,
        "terms": prices.Terms(24_000),
        "supply": Supply(2),
        "picture": "",
        "barcode": "",
    }
    return Item(**facts | changes)


def goods(*items: Item, **changes: Any) -> Goods:
    facts: dict[str, Any] = {
        "key": "k",
        "link": f"{BASE}/p/cup/",
        "title": "찻잔",
        "description": "찻잔",
        "brand": "",
        "maker": "",
        "origin": "",
        "pictures": (f"{BASE}/1.webp",),
        "shelves": ("식기",),
        "items": items or (item(),),
        "reviews": 0,
        "badges": (),
        "made_to_order": False,
    }
    return Goods(**facts | changes)


def facts(one: Item, **changes: Any) -> dict[str, str]:
    found = text(google.lines(goods=[goods(one, **changes)], shop=shop()))
    (entry,) = ElementTree.fromstring(found).findall("channel/item")
    return {element.tag.removeprefix(G): element.text or "" for element in entry}


@pytest.mark.parametrize(
    ("supply", "told"),
    [
        (Supply(1), {"availability": "in_stock"}),
        (Supply(0), {"availability": "out_of_stock"}),
        (Supply(0, 3), {"availability": "backorder"}),
        (
            Supply(0, 3, date(2026, 12, 20)),
            {"availability": "preorder", "availability_date": "2026-12-20T00:00+0900"},
        ),
        (Supply(0, 3, date(2028, 1, 1)), {"availability": "out_of_stock"}),
    ],
)
def test_google_is_told_when_it_can_be_had(supply: Supply, told: dict[str, str]) -> None:
    found = facts(item(supply=supply))

    assert {name: value for name, value in found.items() if name.startswith("availability")} == told


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        (None, None, {"sale_price": "9000 KRW"}),
        (NOW - timedelta(days=1), None, {"sale_price": "9000 KRW"}),
        (NOW + timedelta(days=1), None, {}),  # Google wants an end; it is told when the sale begins
        (None, NOW, {}),  # over
        (
            None,
            NOW + timedelta(hours=1),
            {
                "sale_price": "9000 KRW",
                "sale_price_effective_date": "2026-11-24T12:00+0900/2026-11-24T13:00+0900",
            },
        ),
        (
            NOW + timedelta(days=1),
            NOW + timedelta(days=2),
            {
                "sale_price": "9000 KRW",
                "sale_price_effective_date": "2026-11-25T12:00+0900/2026-11-26T12:00+0900",
            },
        ),
    ],
)
def test_google_is_told_of_lower_prices(since: Any, until: Any, told: dict[str, str]) -> None:
    found = facts(item(terms=prices.Terms(12_000, 9_000, since, until)))

    assert found["price"] == "12000 KRW"
    assert {name: value for name, value in found.items() if name.startswith("sale")} == told


def test_only_a_barcode_that_is_a_gtin_is_told() -> None:
    found = facts(item(barcode="8801234567893"))

    assert found["gtin"] == "8801234567893"
    assert "identifier_exists" not in found
    assert [google.gtin(code) for code in ("8801234567894", "880", "٨٨٠١٢٣٤٥٦٧٨٩٣", "")] == ["", "", "", ""]
    assert google.gtin("96385074") == "96385074"


def test_long_words_are_cut_where_one_ends_and_long_skus_have_a_number() -> None:
    found = facts(item(sku="S" * 51), title="달 " * 100, description="항아리 " * 2000)

    assert found["id"] == "V5"
    assert (len(found["title"]), found["title"][-1]) == (149, "달")
    assert len(found["description"]) <= 5000


def test_a_text_that_looks_like_markup_stays_a_text() -> None:
    found = facts(item(), title="<g:price>1 KRW</g:price>", brand="a & b")

    assert (found["title"], found["brand"], found["price"]) == (
        "<g:price>1 KRW</g:price>",
        "a & b",
        "24000 KRW",
    )


def test_naver_is_not_told_of_what_it_would_refuse() -> None:
    sold_out = goods(item(supply=Supply(0)))
    bare = goods(shelves=())
    unseen = goods(pictures=())
    far = goods(link="x" * 256)
    coming = goods(item(supply=Supply(0, 2, date(2026, 12, 1))), made_to_order=True)

    lines = list(naver.lines(goods=[sold_out, bare, unseen, far, coming], shop=shop(delivery=None)))

    assert [count for _part, count in lines] == [0, 1]
    told = dict(zip(naver.COLUMNS, lines[1][0].removesuffix("\n").split("\t"), strict=True))
    assert (told["product_flag"], told["order_made"], told["shipping"]) == ("예약판매", "Y", "")


def test_naver_has_no_room_for_the_number_of_a_carton() -> None:
    for code, told in (("10614141000415", ""), ("8801234567893", "8801234567893")):
        lines = text(naver.lines(goods=[goods(item(barcode=code))], shop=shop())).splitlines()

        assert dict(zip(naver.COLUMNS, lines[1].split("\t"), strict=True))["barcode"] == told


def test_naver_tells_the_price_of_what_can_be_ordered() -> None:
    gone = item(sku="SMALL", price=5_000, supply=Supply(0))

    lines = text(naver.lines(goods=[goods(gone, item())], shop=shop())).splitlines()

    assert lines[1].split("\t")[2] == "24000"


@pytest.mark.parametrize(
    ("given", "plain_text"),
    [
        ("가\x00나\x1f\ud800다", "가 나 다"),
        ("a\tb\r\nc\u2028d", "a b c d"),
        ("\u202ehidden\u2066", "hidden"),
    ],
)
def test_control_characters_are_spaces(given: str, plain_text: str) -> None:
    assert plain.text(given) == plain_text


def test_html_is_read_as_a_reader_sees_it() -> None:
    assert plain.of_html("<h2>흙</h2><p>과 <b>불</b>&nbsp;&lt;3</p><style>p{}</style>") == "흙 과 불 <3"


def make(name: str = "naver", *, edition: str = "one", now: datetime = NOW) -> bool:
    return services.make(name=name, brand="마루", base=BASE, points_percent=0, edition=edition, now=now)


@pytest.mark.django_db
def test_a_new_file_takes_the_place_of_the_old_one(private: Any) -> None:
    jar()
    make()
    first = Feed.objects.get()

    make(now=NOW + timedelta(hours=1))

    row = Feed.objects.get()
    content = storages["private"].open(row.file).read()
    assert (row.entries, row.size, row.made_at) == (1, len(content), NOW + timedelta(hours=1))
    assert row.file != first.file
    assert [path.name for path in private.glob("feeds/*")] == [row.file.removeprefix("feeds/")]


@pytest.mark.django_db
def test_an_older_feed_never_replaces_a_newer_one(private: Any) -> None:
    make(now=NOW)

    assert make(now=NOW - timedelta(minutes=1)) is False

    assert Feed.objects.get().made_at == NOW
    assert len(list(private.glob("feeds/*"))) == 1


@pytest.mark.django_db
def test_what_stops_a_making_leaves_the_feed_before(private: Any) -> None:
    jar()
    make()
    before = Feed.objects.get()

    class Leaving(Exception):
        pass

    def leave() -> None:
        raise Leaving

    with pytest.raises(Leaving):
        services.make(
            name="naver", brand="", base=BASE, points_percent=0, edition="two", now=NOW, going_on=leave
        )

    assert Feed.objects.get().file == before.file
    assert len(list(private.glob("feeds/*"))) == 1


@pytest.mark.django_db
def test_a_feed_is_due_when_what_is_shown_changed_or_after_hours() -> None:
    assert services.is_due(name="naver", edition="one", now=NOW)

    make(edition="one")

    assert not services.is_due(name="naver", edition="one", now=NOW + timedelta(hours=5))
    assert services.is_due(name="naver", edition="two", now=NOW)
    assert services.is_due(name="naver", edition="one", now=NOW + services.MOST_AGE)


@pytest.mark.django_db
def test_a_feed_is_served_with_its_age_and_answers_304(client: Client, settings: Any) -> None:
    jar()
    make("google-ko")
    address = kinds.address(name="google-ko").removeprefix(settings.SHOP_BASE_URL)

    answer = client.get(address)
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]

    row = Feed.objects.get()
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    assert answer["ETag"] == f'"{row.digest}"'
    assert answer["Last-Modified"] == "Tue, 24 Nov 2026 03:00:00 GMT"
    assert (answer["X-Robots-Tag"], answer["Content-Length"]) == ("noindex", str(len(body)))
    assert body.startswith(b"<?xml")
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    since = {"if-modified-since": "Tue, 24 Nov 2026 03:00:00 GMT"}
    assert client.get(address, headers=since).status_code == 304
    assert client.get(address, headers={"if-none-match": '"else"'}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["guess/naver.txt", "{key}/naver.xml", "{key}/other.txt", "{key}/google-ko.xml"]
)
def test_other_addresses_lead_nowhere(client: Client, path: str) -> None:
    make("naver")

    assert client.get(f"/feeds/{path.format(key=kinds.key())}").status_code == 404


@pytest.mark.django_db
def test_the_address_can_be_chosen(client: Client, settings: Any) -> None:
    settings.FEED_KEY = "spring-2027"
    make("naver")

    assert client.get("/feeds/spring-2027/naver.txt").status_code == 200
