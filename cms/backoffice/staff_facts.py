"""Let every way to change an account of the back office leave a fact, in the transaction of the change."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import HeaderButton
from wagtail.users.views import users

from cms.backoffice import accesses, policies
from commerce.customers import services as customers
from commerce.customers.models import User

_KNOWN = "_accounts_before"  # on the request, from before a bulk action until after it


class _Telling:
    """A form's view; Wagtail opens a transaction around `save_instance`."""

    form: Any

    def save_instance(self) -> User:
        """Store the account and record how it differs."""
        before = customers.standing(user_id=self.form.instance.pk)
        user: User = super().save_instance()  # type: ignore[misc]  # of Wagtail's view
        customers.tell_of_change(user_id=user.pk, before=before, now=timezone.now())
        return user


class PersonCreate(_Telling, users.CreateView):
    """Add a person."""


class PersonEdit(_Telling, users.EditView):
    """Change a person."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Lead to the person's coupons."""
        if not self.request.user.has_perms((policies.SEE_COUPONS, policies.SEE_PEOPLE)):
            return []
        address = reverse("coupons:person", args=[self.object.pk])
        return [HeaderButton(_("Coupons"), url=address, icon_name="tag")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the account, and note who sees it."""
        accesses.note(request, act="person", subject=f"customer:{self.object.pk}")
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response


class PersonDelete(users.DeleteView):
    """Remove a person."""

    def delete_action(self) -> None:
        """Delete the account, with its fact."""
        with customers.telling(user_ids=[self.object.pk], now=timezone.now()):
            super().delete_action()


def before_bulk(request: HttpRequest, _kind: str, objects: Iterable[Any], action: Any) -> None:
    """Remember how the chosen accounts stand, within the bulk action's transaction."""
    if action.model is User:
        keys = sorted(user.pk for user in objects)
        setattr(request, _KNOWN, {key: customers.standing(user_id=key) for key in keys})


def after_bulk(request: HttpRequest, _kind: str, _objects: Iterable[Any], action: Any) -> None:
    """Record how they differ."""
    if action.model is User:
        for key, known in getattr(request, _KNOWN).items():
            customers.tell_of_change(user_id=key, before=known, now=timezone.now())
