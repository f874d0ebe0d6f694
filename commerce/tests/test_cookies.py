"""The shop's own cookies: over https browsers keep them to this very host, and the names of before still count."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from commerce import cookies
from commerce.cart import session
from commerce.cart.models import Cart
from commerce.checkout import saved
from commerce.tests.factories import product
from commerce.tests.fakes import FakeGateway
from commerce.tests.shopping import fill, submit, text


@pytest.fixture
def https(settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    settings.CSRF_COOKIE_SECURE = True


@pytest.fixture
def shopper() -> Client:
    """A browser that speaks https to the shop."""
    return Client(headers={"host": "testserver"}, **{"wsgi.url_scheme": "https"})


@pytest.mark.django_db
@pytest.mark.usefixtures("noon", "https")
def test_over_https_the_cart_belongs_to_this_very_host(shopper: Client) -> None:
    product()

    answer = shopper.post("/cart/add/", {"sku": "CUP", "quantity": "2"})

    cookie = answer.cookies["__Host-cart"]
    assert [cookie[part] for part in ("secure", "path", "domain", "httponly", "samesite")] == [
        True,
        "/",
        "",
        True,
        "Lax",
    ]
    assert "찻잔" in text(shopper.get("/cart/"))


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_a_cart_of_the_release_before_is_kept_and_takes_the_new_name(shopper: Client) -> None:
    product()
    fill(shopper)  # the older release: a plain name
    assert set(shopper.cookies) >= {"cart"}

    with override_settings(SESSION_COOKIE_SECURE=True):
        assert "찻잔" in text(shopper.get("/cart/"))
        answer = shopper.post("/cart/add/", {"sku": "CUP", "quantity": "1"})

    assert Cart.objects.count() == 1
    assert answer.cookies["__Host-cart"].value
    assert (answer.cookies["cart"].value, answer.cookies["cart"]["max-age"]) == ("", 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("noon", "https")
def test_nobody_lays_a_cart_under_a_shopper_who_has_one(shopper: Client) -> None:
    product()
    stranger = Client(**{"wsgi.url_scheme": "https"})
    fill(stranger)
    fill(shopper, quantity=1)

    shopper.cookies["cart"] = stranger.cookies["__Host-cart"].value  # from a neighbour below the same domain

    assert 'value="1"' in shopper.get("/cart/").content.decode()
    assert 'value="2"' not in shopper.get("/cart/").content.decode()


@pytest.mark.usefixtures("https")
def test_forgetting_takes_both_names_and_browsers_obey() -> None:
    answer = HttpResponse()

    session.forget(answer)

    assert {name: (kept.value, kept["max-age"], kept["secure"]) for name, kept in answer.cookies.items()} == {
        "__Host-cart": ("", 0, True),
        "cart": ("", 0, True),
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_an_address_of_the_release_before_is_still_known_and_forgotten_on_demand(
    shopper: Client, gateway: FakeGateway
) -> None:
    product(units=9)
    fill(shopper)
    submit(shopper, remember="on")
    fill(shopper)
    with override_settings(SESSION_COOKIE_SECURE=True):
        assert "김하나" in shopper.get("/checkout/").content.decode()

        shopper.post("/checkout/", {"forget": "1"})

        assert "김하나" not in shopper.get("/checkout/").content.decode()
    assert (shopper.cookies["address"].value, shopper.cookies["__Host-address"].value) == ("", "")


@pytest.mark.parametrize(("secure", "name"), [(True, "__Host-address"), (False, "address")])
def test_names_follow_the_way_the_shop_is_spoken_to(settings, secure: bool, name: str) -> None:
    settings.SESSION_COOKIE_SECURE = secure
    request = RequestFactory().get("/")
    request.COOKIES = {name: "kept"}

    assert (cookies.called(saved.COOKIE), cookies.read(request, name=saved.COOKIE)) == (name, "kept")


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_a_new_signing_key_forgets_no_cart_while_the_old_one_is_a_fallback(shopper: Client) -> None:
    """docs/runbooks/rotate-secrets.md; without a fallback, as after a leak, carts on devices are forgotten."""
    product()
    with override_settings(SECRET_KEY="the-old-one"):
        fill(shopper)

    with override_settings(SECRET_KEY="the-new-one", SECRET_KEY_FALLBACKS=["the-old-one"]):
        assert "찻잔" in text(shopper.get("/cart/"))
    with override_settings(SECRET_KEY="the-new-one", SECRET_KEY_FALLBACKS=[]):
        assert "장바구니가 비어 있습니다" in text(shopper.get("/cart/"))
