"""Two windows cut off the last two providers at the same moment: one stays. The twin shows what the lock prevents."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from commerce.accounts import services
from commerce.customers.models import User
from commerce.tests import signing
from commerce.tests.test_stock_race import at_once

pytestmark = pytest.mark.usefixtures("committed", "_nobody_stays")


@pytest.fixture
def _nobody_stays(committed: None) -> Iterator[None]:
    yield
    User.objects.all().delete()


def cut_off_both() -> list[Any]:
    """Let somebody without a password cut both of their providers off, each in a window of its own."""
    user = signing.person(password=None)
    links = [
        SocialAccount.objects.create(user=user, provider=name, uid="1", extra_data={"proven": True})
        for name in ("kakao", "naver")
    ]
    windows = [Client(), Client()]
    for window in windows:
        window.force_login(user)
    return at_once(
        [
            lambda window=window, link=link: (
                window.post("/accounts/3rdparty/", {"account": link.pk}).status_code
            )
            for window, link in zip(windows, links, strict=True)
        ]
    )


def test_one_way_in_stays() -> None:
    answers = cut_off_both()

    assert SocialAccount.objects.count() == 1
    assert set(answers) <= {200, 302}


def test_without_the_lock_nobody_gets_in_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_looked = threading.Barrier(2)
    tell = services.tell_of_unlink

    def wait_then_tell(**what: Any) -> None:
        both_have_looked.wait(timeout=30)
        tell(**what)

    monkeypatch.setattr(User.objects, "select_for_update", User.objects.all)
    monkeypatch.setattr(services, "tell_of_unlink", wait_then_tell)

    cut_off_both()

    assert SocialAccount.objects.count() == 0
