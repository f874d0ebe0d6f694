"""Pages from the cache: the same for everybody but for what is a visitor's own, and never older than the facts."""

import re
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from cms import context
from cms.models import ProductPage
from cms.tests import factories
from cms.tests.factories import Shop
from commerce import copies, near
from commerce.catalog import bestsellers
from commerce.catalog.models import Variant
from commerce.events import outbox
from commerce.events.types import ShippingChanged
from commerce.shipping.models import ShippingMethod
from commerce.tests.factories import on_shelf
from config import page_copies
from config.page_copies import PageCopiesMiddleware
from workers.handlers import pages

PRODUCT = "/p/rice-bowl/"
SHOWING = ("/", PRODUCT, "/c/", "/en/c/")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"')


@pytest.fixture(autouse=True)
def _copies(settings: Any) -> Iterator[None]:
    """Keep copies, of whole pages and of their parts."""
    settings.PAGE_COPIES = True
    settings.CACHES = {
        **settings.CACHES,
        "parts": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "test-parts"},
    }
    cache.clear()
    page_copies._at_hand.clear()
    for kept in (copies._near, context._near, bestsellers._near):
        kept.clear()
    yield
    cache.clear()
    page_copies._at_hand.clear()
    for kept in (copies._near, context._near, bestsellers._near):
        kept.clear()


@pytest.fixture
def shop(db: None) -> Shop:
    return Shop()


@pytest.fixture
def bowl(shop: Shop) -> ProductPage:
    """A product of which there is plenty."""
    factories.publish(factories.category(shop, slug="tableware", title="그릇"))
    page: ProductPage = factories.publish(factories.product(shop))
    factories.publish(shop.home)
    for variant in Variant.objects.all():
        on_shelf(variant, 500)
    return page


def queries(visitor: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(path).status_code == 200
    return len(captured)


def text(visitor: Client, path: str) -> str:
    return visitor.get(path).content.decode()


def reprice(page: ProductPage, price: int) -> None:
    for variant in (variants := page.variants.all()):
        variant.price = price
    page.variants = variants
    factories.publish(page)


@pytest.mark.parametrize("path", SHOWING)
def test_the_second_visitor_costs_no_query(bowl: ProductPage, path: str) -> None:
    assert queries(Client(), path) > 0

    assert queries(Client(), path) == 0


def test_a_copy_is_the_page_but_for_the_token_of_forms(bowl: ProductPage) -> None:
    first, second = text(Client(), PRODUCT), text(Client(), PRODUCT)

    assert TOKEN.sub("", first) == TOKEN.sub("", second)
    assert TOKEN.findall(first) != TOKEN.findall(second)


def test_answers_have_the_same_headers(bowl: ProductPage) -> None:
    first, second = Client().get(PRODUCT), Client().get(PRODUCT)

    own = {"X-Request-ID", "Content-Length"}
    assert {k: v for k, v in first.items() if k not in own} == {
        k: v for k, v in second.items() if k not in own
    }
    assert first["X-Request-ID"] != second["X-Request-ID"]
    assert "nonce" not in second["Content-Security-Policy"]


def test_two_visitors_have_two_secrets_and_each_form_works_for_its_own(bowl: ProductPage) -> None:
    one, other = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    tokens = [TOKEN.findall(text(visitor, PRODUCT))[0] for visitor in (one, other)]
    secrets = [visitor.cookies["csrftoken"].value for visitor in (one, other)]

    def add(visitor: Client, token: str) -> int:
        form = {"sku": "RB-W", "quantity": 1, "csrfmiddlewaretoken": token}
        return visitor.post("/cart/add/", form).status_code

    assert secrets[0] != secrets[1]
    assert add(other, tokens[0]) == 403
    assert add(one, tokens[0]) == add(other, tokens[1]) == 302


def test_a_visitor_keeps_her_secret_when_a_copy_answers(bowl: ProductPage) -> None:
    visitor = Client()
    text(visitor, PRODUCT)
    before = visitor.cookies["csrftoken"].value

    text(visitor, PRODUCT)

    assert visitor.cookies["csrftoken"].value == before


def test_everybody_sees_the_number_of_things_in_their_own_cart(bowl: ProductPage) -> None:
    buyer, other = Client(), Client()
    buyer.post("/cart/add/", {"sku": "RB-W", "quantity": 3})
    buyer.get("/cart/")  # what was said of it is read

    for _again in range(2):
        assert 'data-count="3"' in text(buyer, "/c/")
        assert 'data-count="0"' in text(other, "/c/")
    assert 'data-count="0"' in text(Client(), "/c/")
    assert queries(buyer, "/c/") == 1


def test_a_page_of_somebody_with_a_cart_is_not_kept(bowl: ProductPage) -> None:
    buyer = Client()
    buyer.post("/cart/add/", {"sku": "RB-W", "quantity": 3})
    buyer.get("/cart/")
    copies.forget()

    text(buyer, "/c/")

    assert queries(Client(), "/c/") > 0


def test_staff_get_pages_of_their_own(bowl: ProductPage, admin_client: Client) -> None:
    text(Client(), "/")

    assert queries(admin_client, "/") > 0
    copies.forget()
    text(admin_client, "/")

    assert queries(Client(), "/") > 0


def test_who_is_told_something_gets_a_page_of_her_own(bowl: ProductPage) -> None:
    visitor = Client()
    text(Client(), "/c/")
    visitor.post("/cart/add/", {"sku": "RB-W", "quantity": 1})
    assert "messages" in visitor.cookies

    assert 'class="page messages"' in text(visitor, "/c/")
    assert 'class="page messages"' not in text(Client(), "/c/")


def test_a_preview_is_no_copy_and_makes_none(bowl: ProductPage) -> None:
    home = bowl.get_parent().get_parent().specific
    text(Client(), "/")
    draft = type(home).objects.get(pk=home.pk)
    draft.seo_title = "Not yet"

    assert "Not yet" in draft.make_preview_request().content.decode()
    copies.forget()
    draft.make_preview_request()
    assert "Not yet" not in text(Client(), "/")


@pytest.fixture(params=[0, 60], ids=["asking", "at hand"])
def _at_hand(request: pytest.FixtureRequest, settings: Any) -> None:
    """Let the process that changes something show it: once asking the cache each time, once not."""
    settings.PAGE_COPIES_NEAR = request.param


@pytest.mark.usefixtures("_at_hand")
@pytest.mark.parametrize("path", SHOWING)
def test_a_new_price_is_on_every_page_with_the_commit(
    bowl: ProductPage, path: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    factories.publish(bowl)
    before = text(Client(), path)

    with django_capture_on_commit_callbacks(execute=True):
        reprice(bowl, 77_000)

    after = text(Client(), path)
    if path != "/":  # the home page of this shop has no bands
        assert "77,000" not in before
        assert "77,000" in after


def test_a_new_price_is_shown_when_only_the_handler_ran(bowl: ProductPage) -> None:
    text(Client(), PRODUCT)
    reprice(bowl, 77_000)
    assert "77,000" not in text(Client(), PRODUCT)  # whoever committed it died: the copy is still there

    pages.renew(None, None)  # type: ignore[arg-type]  # it asks nothing of them

    assert "77,000" in text(Client(), PRODUCT)


@pytest.mark.usefixtures("_at_hand")
def test_a_new_shelf_is_in_the_menu_of_every_page(
    bowl: ProductPage, shop: Shop, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert "유리잔" not in text(Client(), "/cart/")

    with django_capture_on_commit_callbacks(execute=True):
        factories.category(shop, slug="glass", title="유리잔")

    assert "유리잔" in text(Client(), "/cart/")


@pytest.mark.usefixtures("_at_hand")
def test_a_shelf_that_goes_is_gone_from_listings_and_crumbs(
    bowl: ProductPage, shop: Shop, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    shelf = factories.publish(factories.category(shop, slug="glass", title="유리잔"))
    copies.forget()
    assert Client().get("/c/glass/").status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        shelf.unpublish()

    assert Client().get("/c/glass/").status_code == 404


@pytest.mark.usefixtures("_at_hand")
def test_a_new_fee_is_on_the_product_page(
    bowl: ProductPage, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    ShippingMethod.objects.all().delete()
    parcel = ShippingMethod.objects.create(code="parcel", name_ko="택배", name_en="Parcel", fee=3_100)
    copies.forget()
    assert "3,100원" in text(Client(), PRODUCT)

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        ShippingMethod.objects.update(fee=4_500)
        outbox.record(
            ShippingChanged(
                method_id=parcel.pk,
                code=parcel.code,
                changed=("fee",),
                fee=4_500,
                free_from=None,
                active=True,
                occurred_at=timezone.now(),
            )
        )

    assert "4,500원" in text(Client(), PRODUCT)


def test_the_menu_is_read_once(bowl: ProductPage) -> None:
    first = queries(Client(), "/cart/")

    assert queries(Client(), "/cart/") < first


def test_a_page_that_was_read_before_a_change_is_never_shown_after_it() -> None:
    made = []

    def view(_request: HttpRequest) -> HttpResponse:
        made.append(1)
        if len(made) == 1:
            copies.forget()  # somebody publishes while the page is made
        return copies.alike(HttpResponse(f"page {len(made)}"), seconds=60)

    answer = PageCopiesMiddleware(view)
    shown = [answer(RequestFactory().get("/x/")).content for _ in range(3)]

    assert shown == [b"page 1", b"page 2", b"page 2"]


@pytest.mark.parametrize(
    ("path", "made"), [("/x/?sort=price", b"page 2"), ("/admin/x/", b"page 2"), ("/x/", b"page 1")]
)
def test_only_plain_addresses_of_the_shop_are_kept(path: str, made: bytes) -> None:
    count = iter(range(1, 9))
    answer = PageCopiesMiddleware(
        lambda _request: copies.alike(HttpResponse(f"page {next(count)}"), seconds=60)
    )

    answer(RequestFactory().get(path))

    assert answer(RequestFactory().get(path)).content == made


@pytest.mark.parametrize("near", [0, 5])
def test_a_copy_does_not_outlive_the_moment_at_which_its_page_changes(
    settings: Any, monkeypatch: pytest.MonkeyPatch, near: int
) -> None:
    settings.PAGE_COPIES_NEAR = near
    now = timezone.now()
    made: list[int] = []

    def view(_request: HttpRequest) -> HttpResponse:
        made.append(1)
        ends_at = now + timedelta(seconds=30)
        return copies.alike(HttpResponse(f"page {len(made)}"), seconds=300, ends_at=ends_at)

    answer = PageCopiesMiddleware(view)

    def shown(after: float) -> bytes:
        monkeypatch.setattr(page_copies.timezone, "now", lambda: now + timedelta(seconds=after))
        return answer(RequestFactory().get("/x/")).content

    assert [shown(0), shown(1), shown(29.9)] == [b"page 1"] * 3
    assert shown(30) == b"page 2"


def test_a_banner_is_gone_from_kept_pages_when_its_window_closes(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    shop.home.body = [("banner", {"heading": "가을 소식", "ends": now + timedelta(seconds=60), "link": {}})]
    factories.publish(shop.home)
    assert "가을 소식" in text(Client(), "/")
    assert queries(Client(), "/") == 0

    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(seconds=61))

    assert "가을 소식" not in text(Client(), "/")


@pytest.mark.parametrize("kind", ["hotspots", "look", "product", "products"])
def test_a_new_price_is_in_every_band_of_a_kept_page_with_the_commit(
    bowl: ProductPage,
    shop: Shop,
    kind: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    picture = factories.image("table")
    bands = {
        "hotspots": {"image": picture, "points": [{"product": bowl, "x": 1, "y": 2}]},
        "look": {"heading": "찻자리", "image": picture, "products": [bowl], "link": {}},
        "product": {"product": bowl},
        "products": {"source": "picked", "products": [bowl], "limit": 4, "link": {}},
    }
    shop.home.body = [(kind, bands[kind])]
    factories.publish(shop.home)
    assert "77,000" not in text(Client(), "/")
    assert queries(Client(), "/") == 0

    with django_capture_on_commit_callbacks(execute=True):
        reprice(bowl, 77_000)

    assert "77,000" in text(Client(), "/")


def _own(response: HttpResponse) -> HttpResponse:
    response.set_cookie("cart", "mine")
    return response


@pytest.mark.parametrize(
    "page",
    [
        lambda: HttpResponse("own"),
        lambda: _own(copies.alike(HttpResponse("own"), seconds=60)),
        lambda: copies.alike(HttpResponse("missing", status=404), seconds=60),
        lambda: copies.alike(HttpResponse("<i data-csrfmiddlewaretoken=x>"), seconds=60),
    ],
    ids=["not alike", "sets a cookie", "not found", "a token in another form"],
)
def test_what_is_a_visitors_own_is_not_kept(page: Any) -> None:
    made = []
    answer = PageCopiesMiddleware(lambda _request: made.append(1) or page())

    for _visitor in range(2):
        answer(RequestFactory().get("/x/"))

    assert len(made) == 2


def test_a_page_that_counts_units_is_not_kept(bowl: ProductPage) -> None:
    variant = Variant.objects.first()
    assert variant is not None
    on_shelf(variant, 3)
    text(Client(), PRODUCT)

    assert queries(Client(), PRODUCT) > 0


def test_the_languages_and_hosts_do_not_share_pages(bowl: ProductPage, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    korean = text(Client(), "/c/")

    assert text(Client(), "/en/c/") != korean
    assert Client().get("/c/", headers={"host": "other.example"}).wsgi_request.get_host() == "other.example"
    with CaptureQueriesContext(connection) as captured:
        Client().get("/c/", headers={"host": "third.example"})
    assert len(captured) > 0


def test_without_a_cache_pages_are_only_slower(bowl: ProductPage, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any, **_kwargs: Any) -> None:
        raise ConnectionError

    for module in (copies, page_copies):
        monkeypatch.setattr(module, "cache", SimpleNamespace(get=away, set=away, add=away))

    assert [queries(Client(), PRODUCT) > 0 for _visitor in range(2)] == [True, True]


def test_a_process_answers_again_for_a_moment_without_asking_the_cache(
    client: Client, bowl: ProductPage, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PAGE_COPIES_NEAR, now = 0.5, 1000.0
    monkeypatch.setattr(near.time, "monotonic", lambda: now)
    for _ in range(2):  # made and kept, then found
        client.get("/c/")
    asked = [_listen(monkeypatch, module) for module in (copies, page_copies)]
    cache.set(copies.VERSION, "of-another-process")

    now += 0.49
    assert queries(client, "/c/") == 0
    assert asked == [[], []]

    now += 0.02
    assert queries(client, "/c/") > 0
    assert asked[0] == [copies.VERSION]


def test_what_a_process_changes_itself_it_shows_at_once(bowl: ProductPage, settings: Any) -> None:
    settings.PAGE_COPIES_NEAR = 60
    for _ in range(2):
        text(Client(), "/c/")
    reprice(bowl, 77_000)

    copies.forget()

    assert "77,000" in text(Client(), "/c/")


def test_a_copy_at_hand_is_not_older_than_the_one_in_the_cache_may_be(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PAGE_COPIES_NEAR, now = 60, 1000.0
    monkeypatch.setattr(near.time, "monotonic", lambda: now)
    monkeypatch.setattr(page_copies.time, "time", lambda: now)
    count = iter(range(1, 9))
    answer = PageCopiesMiddleware(lambda _: copies.alike(HttpResponse(f"page {next(count)}"), seconds=30))

    def shown() -> bytes:
        return answer(RequestFactory().get("/x/")).content

    assert shown() == b"page 1"
    now += 20
    assert shown() == b"page 1"  # at hand from now on, for the ten seconds that are left
    cache.delete("page:2:http:testserver:/x/")
    now += 9
    assert shown() == b"page 1"
    now += 2
    assert shown() == b"page 2"


def _listen(monkeypatch: pytest.MonkeyPatch, module: Any) -> list[str]:
    asked: list[str] = []

    def get(key: str) -> Any:
        asked.append(key)
        return cache.get(key)

    monkeypatch.setattr(module, "cache", SimpleNamespace(get=get, add=cache.add, set=cache.set))
    return asked


def test_everybody_sees_their_own_hearts_in_a_copy(bowl: ProductPage) -> None:
    empty, full = ('name="add" value="rice-bowl"', 'name="remove" value="rice-bowl"')
    other, fond = Client(), Client()
    headers = {"Sec-Fetch-Site": "same-origin"}
    fond.post("/wishlist/change/", {"add": "rice-bowl", "next": "/c/"}, headers=headers)
    fond.get("/wishlist/")  # what was said of it is read
    text(other, "/c/")  # the copy

    for _again in range(2):
        assert full in text(fond, "/c/")
        assert empty not in text(fond, "/c/")
        assert empty in text(other, "/c/")
        assert full not in text(other, "/c/")
    assert queries(fond, "/c/") == 1


def test_a_page_of_somebody_with_a_wishlist_is_not_kept(bowl: ProductPage) -> None:
    fond = Client()
    headers = {"Sec-Fetch-Site": "same-origin"}
    fond.post("/wishlist/change/", {"add": "rice-bowl", "next": "/c/"}, headers=headers)
    fond.get("/wishlist/")
    copies.forget()

    text(fond, "/c/")

    assert 'name="add" value="rice-bowl"' in text(Client(), "/c/")


def test_copies_are_neither_made_from_parts_of_pages_nor_sent_to_scripts(
    client: Client, bowl: ProductPage
) -> None:
    part = {"HX-Request": "true"}

    assert "<html" not in client.get("/c/", headers=part).content.decode()
    assert "<html" in client.get("/c/").content.decode()  # made anew and kept
    assert "<html" not in client.get("/c/", headers=part).content.decode()
    with CaptureQueriesContext(connection) as made:
        kept = client.get("/c/")
    assert "<html" in kept.content.decode()
    assert "HX-Request" in kept["Vary"].split(", ")
    assert len(made) == 0
