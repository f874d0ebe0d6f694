"""The providers by which people may sign in: exactly those whose keys the environment has."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from config import env


@dataclass(frozen=True, slots=True)
class Key:
    """What a provider's console gave the shop."""

    client_id: str
    secret: str


# A sign-in button posts to the shop, which redirects; browsers check `form-action` at each step of that.
_FORM_TARGETS = {
    "kakao": ("https://kauth.kakao.com", "https://accounts.kakao.com"),
    "naver": ("https://nid.naver.com",),
    "google": ("https://accounts.google.com",),
}
_SETTINGS: dict[str, dict[str, Any]] = {
    "google": {
        "SCOPE": ["profile", "email"],
        "AUTH_PARAMS": {"access_type": "offline"},
        "OAUTH_PKCE_ENABLED": True,
    },
}


def keys() -> dict[str, Key]:
    """Return the keys of each provider that has both; half a pair counts as none (production refuses it)."""
    found = {
        "kakao": Key(env.text("KAKAO_CLIENT_ID"), env.text("KAKAO_SECRET_KEY")),
        "naver": Key(env.text("NAVER_CLIENT_ID"), env.text("NAVER_SECRET_KEY")),
        "google": Key(env.text("GOOGLE_CLIENT_ID"), env.text("GOOGLE_SECRET_KEY")),
    }
    return {name: key for name, key in found.items() if key.client_id and key.secret}


def apps(*, keys: Collection[str]) -> list[str]:
    """Return the applications of these providers. One without keys must not be installed: its pages would fail."""
    return [f"allauth.socialaccount.providers.{name}" for name in keys]


def providers(*, keys: dict[str, Key]) -> dict[str, dict[str, Any]]:
    """Return SOCIALACCOUNT_PROVIDERS."""
    return {
        name: {**_SETTINGS.get(name, {}), "APPS": [{"client_id": key.client_id, "secret": key.secret}]}
        for name, key in keys.items()
    }


def form_targets(*, keys: Collection[str], standin: str = "") -> list[str]:
    """Return the origins to which a sign-in button may lead."""
    return [standin] if standin else [origin for name in keys for origin in _FORM_TARGETS[name]]


def half_given() -> list[str]:
    """Return the providers of which the environment has an id without its secret, or the reverse."""
    pairs = {
        "KAKAO": (env.text("KAKAO_CLIENT_ID"), env.text("KAKAO_SECRET_KEY")),
        "NAVER": (env.text("NAVER_CLIENT_ID"), env.text("NAVER_SECRET_KEY")),
        "GOOGLE": (env.text("GOOGLE_CLIENT_ID"), env.text("GOOGLE_SECRET_KEY")),
    }
    return [name for name, pair in pairs.items() if any(pair) and not all(pair)]
