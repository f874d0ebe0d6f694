"""Customers of tests."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from commerce.customers.addresses import Place
from commerce.customers.models import User

PLACE = Place(
    recipient_name="김하나",
    recipient_phone="01012345678",
    postcode="03044",
    address1="서울 종로구 효자로 12",
    address2="3층",
)


def customer(email: str = "hana@example.com", **fields: str) -> User:
    """Create a customer who may sign in."""
    return User.objects.create_user(email, "a-long-password", **fields)


def signed_in(user: User) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(user)
    return client


def sign_in(client: Client, user: User) -> None:
    """Sign in with the cookies that the browser has, as a page does: the test client's own way forgets them."""
    request = RequestFactory().get("/")
    request.COOKIES = {name: cookie.value for name, cookie in client.cookies.items()}
    request.session, request.user = client.session, AnonymousUser()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
