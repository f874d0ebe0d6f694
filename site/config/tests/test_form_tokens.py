"""Tokens of forms that are made here are Django's own to everything that reads them."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.middleware import csrf
from django.middleware.csrf import CsrfViewMiddleware
from django.test import RequestFactory

from config import form_tokens

pytestmark = pytest.mark.django_db  # the page that refuses a form is one of the shop
FORMS = CsrfViewMiddleware(lambda _request: HttpResponse("ok"))


def post(cookie: str, token: str) -> int:
    """Send a form with a cookie and a token through Django's middleware; return the status."""
    request = RequestFactory(enforce_csrf_checks=True).post("/", {"csrfmiddlewaretoken": token})
    request.COOKIES[settings.CSRF_COOKIE_NAME] = cookie
    request._dont_enforce_csrf_checks = False
    FORMS.process_request(request)
    refused = FORMS.process_view(request, lambda _request: HttpResponse("ok"), (), {})
    return refused.status_code if refused else 200


def test_a_new_visitor_gets_a_cookie_and_a_token_that_belong_together():
    request = RequestFactory().get("/")

    token = form_tokens.token(request, forms=FORMS)
    response = FORMS.process_response(request, HttpResponse())

    cookie = response.cookies[settings.CSRF_COOKIE_NAME].value
    assert (len(token), len(cookie)) == (csrf.CSRF_TOKEN_LENGTH, csrf.CSRF_SECRET_LENGTH)
    assert post(cookie, token) == 200
    assert post(cookie, form_tokens.masked(form_tokens._random())) == 403


def test_who_has_a_cookie_keeps_it_and_every_token_is_another():
    request = RequestFactory().get("/")
    secret = csrf._get_new_csrf_string()
    request.COOKIES[settings.CSRF_COOKIE_NAME] = secret

    tokens = {form_tokens.token(request, forms=FORMS) for _ in range(3)}

    assert len(tokens) == 3
    assert {post(secret, token) for token in tokens} == {200}
    assert {csrf._unmask_cipher_token(token) for token in tokens} == {secret}


@pytest.mark.parametrize("broken", ["", "short", "ü" * 32, "a" * 33])
def test_a_broken_cookie_is_replaced(broken: str):
    request = RequestFactory().get("/")
    request.COOKIES[settings.CSRF_COOKIE_NAME] = broken

    token = form_tokens.token(request, forms=FORMS)
    response = FORMS.process_response(request, HttpResponse())

    assert post(response.cookies[settings.CSRF_COOKIE_NAME].value, token) == 200


def test_letters_are_those_of_django_and_all_of_them_come():
    assert form_tokens._LETTERS == csrf.CSRF_ALLOWED_CHARS
    assert {letter for _ in range(200) for letter in form_tokens._random()} == set(csrf.CSRF_ALLOWED_CHARS)
