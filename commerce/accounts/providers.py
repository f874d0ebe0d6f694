"""Tell Kakao, Naver and Google that somebody does not sign in here any more, so that they forget it as well.

Kakao: /v1/user/unlink with the admin key. Naver: a fresh token by the refresh token, then `grant_type=delete`. Google:
OAuth's revocation of the refresh token (RFC 7009). What is gone there already is as good.
"""

from typing import Any

import httpx
from django.conf import settings

ADDRESSES = {
    "kakao": "https://kapi.kakao.com/v1/user/unlink",
    "naver": "https://nid.naver.com/oauth2.0/token",
    "google": "https://oauth2.googleapis.com/revoke",
}
SECONDS = 10.0
_KAKAO_KNOWS_NOBODY = -101


class StillLinked(Exception):
    """The provider did not do it, or was not reached; try again."""


def can_cut(*, provider: str, token: str) -> bool:
    """Return whether the shop has what the provider asks for: Kakao's admin key, the others' refresh token."""
    if provider == "kakao":
        return bool(settings.KAKAO_ADMIN_KEY)
    return provider in ADDRESSES and provider in settings.SOCIAL_KEYS and bool(token)


def cut(*, provider: str, uid: str, token: str) -> None:
    """Let a provider forget that somebody, `uid` there, signs in here. Done again it changes nothing.

    Raises:
        StillLinked: it was not done.
    """
    try:
        {"kakao": _kakao, "naver": _naver, "google": _google}[provider](uid, token)
    except httpx.HTTPError as trouble:
        raise StillLinked(f"{provider} cannot be reached: {type(trouble).__name__}") from trouble


def _kakao(uid: str, _token: str) -> None:
    answer = httpx.post(
        ADDRESSES["kakao"],
        headers={"Authorization": f"KakaoAK {settings.KAKAO_ADMIN_KEY}"},
        data={"target_id_type": "user_id", "target_id": uid},
        timeout=SECONDS,
    )
    if answer.status_code != 200 and _said(answer).get("code") != _KAKAO_KNOWS_NOBODY:
        raise StillLinked(f"kakao answers {answer.status_code}")


def _naver(_uid: str, token: str) -> None:
    key = settings.SOCIAL_KEYS["naver"]
    ours = {"client_id": key.client_id, "client_secret": key.secret}
    fresh = _naver_says({**ours, "grant_type": "refresh_token", "refresh_token": token})
    if "access_token" not in fresh:
        if fresh.get("error"):
            return  # the token counts no more: she cut the shop off there, or did not come back for a year
        raise StillLinked("naver gives no token")
    gone = _naver_says(
        {**ours, "grant_type": "delete", "access_token": fresh["access_token"], "service_provider": "NAVER"}
    )
    if gone.get("result") != "success":
        raise StillLinked("naver keeps the link")


def _naver_says(asked: dict[str, str]) -> dict[str, Any]:
    answer = httpx.post(ADDRESSES["naver"], data=asked, timeout=SECONDS)
    if answer.status_code >= 500:
        raise StillLinked(f"naver answers {answer.status_code}")
    return _said(answer)


def _google(_uid: str, token: str) -> None:
    answer = httpx.post(ADDRESSES["google"], data={"token": token}, timeout=SECONDS)
    if answer.status_code != 200 and _said(answer).get("error") != "invalid_token":
        raise StillLinked(f"google answers {answer.status_code}")


def _said(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
