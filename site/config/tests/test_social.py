"""A provider is there exactly when its keys are; the stand-in never in production."""

import json

import pytest

from config import social, strength
from config.tests.test_production import run

NAMES = [f"{name}_{part}" for name in ("KAKAO", "NAVER", "GOOGLE") for part in ("CLIENT_ID", "SECRET_KEY")]
ASK = """
import json
import django; django.setup()
from django.conf import settings
from django.urls import resolve
print(json.dumps({
    "views": {name: resolve(f"/accounts/{name}/login/").url_name for name in ("kakao", "naver", "google")},
    "back": {name: resolve(f"/accounts/{name}/login/callback/").url_name for name in ("kakao", "naver", "google")},
    "apps": [app.rpartition(".")[2] for app in settings.INSTALLED_APPS if ".providers." in app],
    "targets": settings.SOCIAL_FORM_TARGETS,
    "standin": settings.SOCIAL_STANDIN_URL,
    "mfa": settings.STAFF_MFA_REQUIRED,
}))
"""


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch) -> None:
    for name in (*NAMES, "SOCIAL_STANDIN_URL"):
        monkeypatch.delenv(name, raising=False)


def production(**more: str) -> dict:
    done = run("-c", ASK, **more)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_without_keys_there_is_no_provider_and_its_addresses_are_those_of_no_page():
    found = production()

    assert found["apps"] == found["targets"] == []
    assert set(found["views"].values()) | set(found["back"].values()) == {
        "wagtail_serve"
    }  # which answers 404
    assert (found["standin"], found["mfa"]) == ("", True)


def test_with_both_keys_of_one_there_is_that_one():
    found = production(NAVER_CLIENT_ID="id", NAVER_SECRET_KEY="secret")

    assert found["apps"] == ["naver"]
    assert found["views"] == {"kakao": "wagtail_serve", "naver": "naver_login", "google": "wagtail_serve"}
    assert found["back"]["naver"] == "naver_callback"
    assert found["targets"] == ["https://nid.naver.com"]


def test_half_a_pair_is_none(monkeypatch):
    monkeypatch.setenv("KAKAO_CLIENT_ID", "id")
    monkeypatch.setenv("GOOGLE_SECRET_KEY", "secret")

    assert social.keys() == {}
    assert social.half_given() == ["KAKAO", "GOOGLE"]


def test_production_refuses_half_a_pair_and_the_stand_in(monkeypatch):
    before = strength.weaknesses(rehearsal=True)
    monkeypatch.setenv("KAKAO_CLIENT_ID", "id")
    monkeypatch.setenv("SOCIAL_STANDIN_URL", "http://127.0.0.1:8011")

    assert [weakness for weakness in strength.weaknesses(rehearsal=True) if weakness not in before] == [
        "KAKAO_CLIENT_ID and KAKAO_SECRET_KEY belong together: set both, or neither",
        "SOCIAL_STANDIN_URL is for development: whoever reaches that server signs in as anybody",
    ]
