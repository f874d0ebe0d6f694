"""Wishlists: hearts without scripts, the guest's list that joins the account's, and that nobody changes another's."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from commerce.tests.factories import NOW, on_shelf, product, withdraw
from commerce.tests.shopping import text
from commerce.tests.told import told
from commerce.wishlist import selectors, services
from commerce.wishlist.models import MOST, Wishlist, WishlistItem

pytestmark = pytest.mark.django_db
OURS = {"Sec-Fetch-Site": "same-origin"}
OFF, ON = 'name="add" value="cup" aria-pressed="false"', 'name="remove" value="cup" aria-pressed="true"'


def press(client: Client, act: str = "add", slug: str = "cup", **more: Any) -> Any:
    form = {act: slug, "next": "/en/c/"}
    return client.post("/en/wishlist/change/", form, **{"headers": OURS} | more)


def listed() -> list[str]:
    return list(WishlistItem.objects.order_by("pk").values_list("product__slug", flat=True))


def test_a_heart_is_pressed_and_pressed_again(client: Client) -> None:
    product()
    assert OFF in client.get("/en/c/").content.decode()

    assert press(client)["Location"] == "/en/c/"
    assert listed() == ["cup"]
    assert ON in client.get("/en/c/").content.decode()
    assert ON in client.get("/en/p/cup/").content.decode()
    press(client)  # it is there already
    assert listed() == ["cup"]
    press(client, "remove")

    assert listed() == []
    assert [fact["added"] for fact in told("wishlist.changed")] == [True, False]


def test_a_script_gets_json(client: Client) -> None:
    product()

    answer = press(client, headers=OURS | {"Accept": "application/json"})

    assert answer.json() == {"on": True, "text": "Put on your wishlist."}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/testserver"},
        {},
    ],
)
def test_a_page_elsewhere_changes_nobodys_list(client: Client, headers: dict[str, str]) -> None:
    product()

    answer = press(client, headers=headers)

    assert (answer.status_code, listed()) == (403, [])
    assert "wishlist" not in answer.cookies


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Referer": "http://testserver/c/"}])
def test_older_browsers_say_it_otherwise(client: Client, headers: dict[str, str]) -> None:
    product()

    assert press(client, headers=headers).status_code == 302
    assert listed() == ["cup"]


def test_a_tampered_cookie_opens_no_list(client: Client) -> None:
    product()
    press(client)
    token = str(Wishlist.objects.get().token)

    for forged in (token, f"{client.cookies['wishlist'].value}x", "", "\x00"):
        other = Client()
        other.cookies["wishlist"] = forged
        assert "Nothing is on your wishlist" in text(other.get("/en/wishlist/"))


def test_the_list_joins_the_accounts_at_sign_in_and_both_are_kept(
    client: Client, django_user_model: Any
) -> None:
    product()
    product("pot", skus=("POT",))
    me = django_user_model.objects.create_user("me@example.com", "pw")
    services.add(token=None, customer_id=me.pk, slug="pot", now=NOW)
    press(client)

    client.force_login(me)
    answer = client.get("/en/wishlist/")

    assert selectors.slugs(token=None, customer_id=me.pk) == {"cup", "pot"}
    assert Wishlist.objects.count() == 1
    assert answer.cookies["wishlist"].value == ""


def test_an_accounts_list_is_opened_by_no_token(client: Client, django_user_model: Any) -> None:
    product()
    me = django_user_model.objects.create_user("me@example.com", "pw")
    mine = services.add(token=None, customer_id=me.pk, slug="cup", now=NOW)

    assert selectors.find(token=mine.token, customer_id=None) is None
    assert services.merge(token=mine.token, customer_id=me.pk, now=NOW) == 0
    assert not services.remove(token=mine.token, slug="cup", now=NOW)
    assert listed() == ["cup"]


@pytest.mark.parametrize("slug", ["nothing", "", "<script>", "x" * 500, "\x00"])
def test_odd_products_are_refused_in_words(client: Client, slug: str) -> None:
    product()

    answer = press(client, slug=slug)

    assert (answer.status_code, listed()) == (302, [])


def test_a_foreign_address_is_not_gone_to(client: Client) -> None:
    product()

    answer = client.post("/wishlist/change/", {"add": "cup", "next": "https://evil.example/"}, headers=OURS)

    assert answer["Location"] == "/wishlist/"


def test_a_list_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    product()
    product("pot", skus=("POT",))
    monkeypatch.setattr(services, "MOST", 1)
    wishlist = services.add(token=None, slug="cup", now=NOW)

    with pytest.raises(services.Full):
        services.add(token=wishlist.token, slug="pot", now=NOW)

    assert listed() == ["cup"]
    assert MOST == 200


def test_the_page_says_what_can_be_done_with_each(client: Client) -> None:
    (cup,) = product()
    press(client)
    page = client.get("/en/wishlist/").content.decode()
    assert 'name="sku" value="CUP"' in page

    on_shelf(cup, 0)
    assert 'href="/en/restock/?sku=CUP"' in client.get("/en/wishlist/").content.decode()
    withdraw()
    assert "no longer sold" in text(client.get("/en/wishlist/"))


def test_lists_of_guests_are_forgotten(django_user_model: Any) -> None:
    product()
    me = django_user_model.objects.create_user("me@example.com", "pw")
    services.add(token=None, slug="cup", now=NOW)
    services.add(token=None, customer_id=me.pk, slug="cup", now=NOW)

    assert services.forget(now=NOW + timedelta(days=180)) == 0
    assert services.forget(now=NOW + timedelta(days=181)) == 1
    assert Wishlist.objects.get().customer == me


def test_what_a_browser_remembers_is_shown_in_its_order(client: Client) -> None:
    product()
    product("pot", skus=("POT",))

    page = client.get("/en/recent/?p=pot&p=nothing&p=cup&p=%00").content.decode()

    assert page.index("/en/p/pot/") < page.index("/en/p/cup/")
    assert page.count("<article") == 2
