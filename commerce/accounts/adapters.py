"""How allauth behaves in this shop: mails go through the outbox, addresses are believed with care, clients counted."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commerce.accounts import clients, letters, sealing, services, trust
from commerce.customers.models import User
from commerce.events.types.customers import SignedInBy

_PROVIDERS: dict[str, SignedInBy] = {"kakao": "kakao", "naver": "naver", "google": "google"}
_ASK_FOR_TOKEN = ("naver", "google")  # Kakao takes the shop's own key
NOWHERE = "0.0.0.0"  # noqa: S104  # no address to listen on: of a client that none is known of


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts with an address and a password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _("Too many tries to sign in. Please wait a few minutes."),
        "incorrect_code": _("This code is not right."),
        "rate_limited": _("That was too often in a short time. Please wait a moment."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Leave a mail for the workers, who write it in the shop's look."""
        services.write_letter(
            kind=letters.kind(template_prefix),
            to=email,
            language=get_language() or "ko",
            details=letters.details(context),
            now=timezone.now(),
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return who asks, as the shop's other limits see them (CLIENT_ADDRESS_HEADER)."""
        return clients.address(request) or NOWHERE

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether `next` may lead there: to this host only, whatever else ALLOWED_HOSTS has."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        """Record the sign-in; what was completed with a provider proves the link to it."""
        response: HttpResponse = super().post_login(request, user, **how)
        records = get_authentication_records(request, user)
        linked = (how.get("signal_kwargs") or {}).get("sociallogin")
        if linked is not None and linked.account.pk and not linked.account.extra_data.get(trust.PROVEN):
            linked.account.extra_data[trust.PROVEN] = True
            linked.account.save(update_fields=["extra_data"])
        services.greet(
            user_id=user.pk,
            by=_by(records),
            second_factor=any(record.get("method") == "mfa" for record in records),
            now=timezone.now(),
        )
        return response


class SocialAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts of Kakao, Naver and Google. None opens an existing account by its address alone."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": _("This is your last way to sign in. Please set a password first."),
        "no_verified_email": _("This is your last way to sign in. Please confirm your e-mail address first."),
    }

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[Any]:
        """Return the keys of the environment; rows of allauth's own table switch nothing on."""
        found = super().list_apps(request, provider=provider, client_id=client_id)
        return [app for app in found if app.pk is None]

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Decide what is believed of a profile before anything looks an address up, and keep little of it."""
        account = sociallogin.account
        profile = account.extra_data or {}
        for entry in sociallogin.email_addresses:
            entry.verified = trust.believes(
                provider=account.provider, profile=profile, verified=bool(entry.verified)
            )
        user: User = super().populate_user(request, sociallogin, data)
        user.first_name, user.last_name = _name(profile)[:150], ""
        known = trust.kept(provider=account.provider, uid=account.uid)
        account.extra_data = trust.essential(provider=account.provider, profile=profile) | known
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Cut a link that was made with an address somebody else proved later, and lead to the password.

        Whoever signs up at a provider with an address that is not theirs never gets past its code. Should its owner
        take the account over by resetting the password, the link of the stranger must not open it.
        """
        account = sociallogin.account
        _keep_token(sociallogin)
        if sociallogin.state.get("process") == "connect":
            account.extra_data[trust.PROVEN] = True  # whoever links is signed in
            return
        if not account.pk or account.extra_data.get(trust.PROVEN):
            return
        if EmailAddress.objects.filter(user_id=account.user_id, verified=True).exists():
            services.cut_unproven(link_id=account.pk, now=timezone.now())
            messages.error(
                request, _("Please sign in with your password. Then you can connect this account again.")
            )
            raise ImmediateHttpResponse(redirect("account_login"))

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Tell of a link that is new; it is the one place that knows of every one."""
        super().send_notification_mail(template_prefix, user, *args, **kwargs)
        if template_prefix.endswith("account_connected"):
            provider = kwargs["context"]["account"].provider
            services.tell_of_link(user_id=user.pk, provider=provider, now=timezone.now())


def _keep_token(sociallogin: Any) -> None:
    """Keep, sealed, the token by which the provider can be told one day that its owner left; it is used for nothing else."""
    account, token = sociallogin.account, getattr(sociallogin.token, "token_secret", "")
    if not token or account.provider not in _ASK_FOR_TOKEN:
        return
    account.extra_data[trust.TOKEN] = sealing.seal(token)
    if account.pk:
        account.save(update_fields=["extra_data"])


def _name(profile: dict[str, Any]) -> str:
    """Return how a provider calls somebody; Korean names are one field."""
    kakao = (profile.get("kakao_account") or {}).get("profile") or {}
    return str(profile.get("name") or profile.get("nickname") or kakao.get("nickname") or "").strip()


def _by(records: list[dict[str, Any]]) -> SignedInBy:
    """Return what somebody signed in with first: the records of a session tell its steps in order.

    Of a sign-up that was completed with the code of its mail they tell nothing.
    """
    if not records:
        return "code"
    for record in records:
        method = record.get("method")
        if method == "socialaccount":
            return _PROVIDERS.get(record.get("provider", ""), "other")
        if method == "mfa" and record.get("passwordless"):
            return "passkey"
        if method in ("password", "code"):
            return method  # type: ignore[no-any-return]
    return "other"
