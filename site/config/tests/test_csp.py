"""The policy of shop pages is remembered, and it is always the one that django-csp would have put together."""

from collections.abc import Callable
from typing import Any

import pytest
from csp.constants import HEADER, HEADER_REPORT_ONLY
from csp.exceptions import CSPNonceError
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config import csp
from config.csp import PolicyMiddleware

FRAMES = {"frame-src": ["https://films.example"]}
Ask = Callable[..., HttpResponse]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Tell which policies were put together."""
    asked: list[Any] = []

    def told(**parts: Any) -> str:
        asked.append(parts)
        return build_policy(**parts)

    monkeypatch.setattr(csp, "build_policy", told)
    return asked


@pytest.fixture
def ask() -> Ask:
    """Answer requests with what a view leaves at its answer."""
    left: dict[str, Any] = {}

    def view(_request: HttpRequest) -> HttpResponse:
        response = HttpResponse("ok")
        for name, value in left.items():
            setattr(response, name, value)
        return response

    middleware = PolicyMiddleware(view)

    def ask(path: str = "/", **names: Any) -> HttpResponse:
        left.clear()
        left.update(names)
        answer = middleware(RequestFactory().get(path))
        assert isinstance(answer, HttpResponse)
        return answer

    return ask


def test_it_is_put_together_once(ask: Ask, made: list[Any]) -> None:
    answers = [ask("/"), ask("/c/"), ask("/p/cup/")]

    assert [answer[HEADER] for answer in answers] == [build_policy()] * 3
    assert made == [{"update": None}]


def test_what_a_view_adds_is_its_own(ask: Ask) -> None:
    ask("/")

    assert ask("/story/", _csp_update=FRAMES)[HEADER] == build_policy(update=FRAMES)
    assert "https://films.example" not in ask("/")[HEADER]


@pytest.mark.parametrize(
    "left",
    [
        {"_csp_replace": {"img-src": ["https://a.example"]}},
        {"_csp_config": {"img-src": ["https://a.example"]}},
    ],
)
def test_what_a_view_puts_in_its_place_counts(ask: Ask, left: dict[str, Any]) -> None:
    ask("/")

    assert "img-src https://a.example" in ask("/", **left)[HEADER]


def test_a_view_may_be_exempt(ask: Ask) -> None:
    assert HEADER not in ask("/", _csp_exempt=True)


def test_the_admin_has_its_own(ask: Ask) -> None:
    ask("/")

    assert "'unsafe-inline'" in ask("/admin/")[HEADER]
    assert "'unsafe-inline'" not in ask("/")[HEADER]


def test_sign_in_leads_to_the_providers(ask: Ask, settings: Any) -> None:
    settings.SOCIAL_FORM_TARGETS = ["https://kauth.example"]
    ask("/")

    assert "https://kauth.example" in ask("/accounts/login/")[HEADER]
    assert "https://kauth.example" in ask("/en/accounts/login/")[HEADER]
    assert "https://kauth.example" not in ask("/")[HEADER]


def test_addresses_may_be_excluded(ask: Ask, settings: Any) -> None:
    settings.CONTENT_SECURITY_POLICY = settings.CONTENT_SECURITY_POLICY | {"EXCLUDE_URL_PREFIXES": ["/odd/"]}

    assert HEADER not in ask("/odd/page/")
    assert HEADER in ask("/")


def test_a_policy_on_trial_is_told_too(ask: Ask, settings: Any) -> None:
    settings.CONTENT_SECURITY_POLICY_REPORT_ONLY = {"DIRECTIVES": {"img-src": ["'none'"]}}

    assert "img-src 'none'" in ask("/")[HEADER_REPORT_ONLY]


def test_a_nonce_comes_too_late_afterwards() -> None:
    request = RequestFactory().get("/")
    PolicyMiddleware(lambda _request: HttpResponse("ok"))(request)

    with pytest.raises(CSPNonceError):
        str(request.csp_nonce)  # type: ignore[attr-defined]  # django-csp's own
