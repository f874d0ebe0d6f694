"""Whom the shop believes that somebody owns an address. A wrong yes gives an account away."""

from typing import Any

from allauth.socialaccount.models import SocialAccount

PROVEN = "proven"  # in a link's data: its owner has once completed a sign-in with it
TOKEN = "token"  # … and, sealed, what the provider asks for when its owner leaves


def believes(*, provider: str, profile: dict[str, Any], verified: bool) -> bool:
    """Return whether an address counts as proved, from what a provider says of it.

    Kakao must say both: `is_email_valid` is false when the address belongs to another Kakao account by now. Naver
    lets people enter any address. Google proves what it says.
    """
    if provider == "kakao":
        account = profile.get("kakao_account") or {}
        return bool(account.get("is_email_valid")) and bool(account.get("is_email_verified"))
    return provider == "google" and bool(verified)


def proved_address(sociallogin: Any) -> str:
    """Return the address that a provider proved in this sign-in, or nothing."""
    return next((entry.email for entry in sociallogin.email_addresses if entry.verified), "")


def essential(*, provider: str, profile: dict[str, Any]) -> dict[str, Any]:
    """Return of a provider's profile what the shop keeps: enough to show which account it is."""
    if provider == "kakao":
        account = profile.get("kakao_account") or {}
        nickname = (account.get("profile") or {}).get("nickname", "")
        return {"kakao_account": {"email": account.get("email", ""), "profile": {"nickname": nickname}}}
    return {name: profile[name] for name in ("email", "name", "nickname") if profile.get(name)}


def kept(*, provider: str, uid: str) -> dict[str, Any]:
    """Return what a known link keeps whatever the provider says of its owner this time."""
    data = (
        SocialAccount.objects.filter(provider=provider, uid=uid).values_list("extra_data", flat=True).first()
    )
    return {name: data[name] for name in (PROVEN, TOKEN) if data and data.get(name)}
