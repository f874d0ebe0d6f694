"""Lead sign-ins to the stand-in for the providers (tools/social_standin); only development and tests have one."""

from importlib import import_module

from commerce.accounts import providers as leaving

_CLASSES = {"kakao": "KakaoOAuth2Adapter", "naver": "NaverOAuth2Adapter", "google": "GoogleOAuth2Adapter"}
_LEAVING = {"kakao": "unlink", "naver": "token", "google": "revoke"}


def use(*, address: str, providers: tuple[str, ...]) -> None:
    """Let the installed providers be spoken to at `address`; allauth reads these attributes with each request."""
    for name in providers:
        views = import_module(f"allauth.socialaccount.providers.{name}.views")
        adapter = getattr(views, _CLASSES[name])
        adapter.authorize_url = f"{address}/{name}/authorize"
        adapter.access_token_url = f"{address}/{name}/token"
        leaving.ADDRESSES[name] = f"{address}/{name}/{_LEAVING[name]}"
        setattr(adapter, "identity_url" if name == "google" else "profile_url", f"{address}/{name}/profile")
