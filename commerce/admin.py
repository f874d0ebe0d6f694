"""Django's own admin, for operators: people, and a look at orders and facts. The shop is run in the back office."""

from functools import partial
from typing import Any

from allauth.mfa import admin as _second_factors  # noqa: F401  registers what is taken out below
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as _providers  # noqa: F401
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.usersessions import admin as _devices  # noqa: F401
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commerce import limits
from commerce.consents.models import Consent
from commerce.customers import services as customers
from commerce.customers.models import User
from commerce.events.models import OutboxEvent
from commerce.orders.models import Order
from commerce.privacy import access

admin.site.site_header = admin.site.site_title = "마루"
# Keys come from the environment, second factors are reset by a command that writes it down, devices are their owner's.
admin.site.unregister([SocialApp, SocialToken, Authenticator, UserSession])


class LookOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


class Noted:
    """A page about people: who opens it is noted."""

    noted_as: tuple[str, str]  # the act, and what its subject is called

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the row, and note who sees it."""
        response: HttpResponse = super().change_view(request, object_id, *args, **kwargs)  # type: ignore[misc]
        if response.status_code == 200:
            act, subject = self.noted_as
            access.note(
                user_id=int(request.user.pk or 0),
                act=act,
                subject=f"{subject}:{object_id}",
                address=limits.client(request),
                now=timezone.now(),
            )
        return response


class NewPerson(AdminUserCreationForm):  # type: ignore[type-arg]  # not generic at run time
    """A new person, by e-mail address."""

    class Meta:
        model = User
        fields = ("email",)


class SomeonesPassword(AdminPasswordChangeForm):  # type: ignore[type-arg]  # not generic at run time
    """A new password for somebody else, or none."""

    user: User

    def save(self, commit: bool = True) -> Any:
        """Store it with its fact: both or neither."""
        with customers.telling(user_ids=[self.user.pk], now=timezone.now()):
            return super().save(commit)


def _change_own_password(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """Let somebody change the own password, with its fact: Django's view takes no other form."""
    change = partial(admin.AdminSite.password_change, admin.site)
    if request.method != "POST":
        return change(request, extra_context)
    with customers.telling(user_ids=[int(request.user.pk or 0)], now=timezone.now()):
        return change(request, extra_context)


admin.site.password_change = _change_own_password  # type: ignore[method-assign, assignment]  # has no setting


@admin.register(User)
class People(Noted, UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Accounts of shoppers and colleagues."""

    noted_as = ("person", "customer")
    add_form = NewPerson
    change_password_form = SomeonesPassword
    ordering = ("email",)
    list_display = ("email", "first_name", "is_staff", "is_active", "last_login")
    search_fields = ("email", "first_name", "phone")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("first_name", "phone")}),
        (
            _("Permissions"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
    )
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Store the account; Django has opened a transaction."""
        form.known = customers.standing(user_id=obj.pk)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store the groups, then record how the account differs."""
        super().save_related(request, form, formsets, change)
        customers.tell_of_change(user_id=form.instance.pk, before=form.known, now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete an account, with its fact."""
        with customers.telling(user_ids=[obj.pk], now=timezone.now()):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[User]") -> None:
        """Delete accounts, with their facts."""
        with customers.telling(user_ids=queryset.values_list("pk", flat=True), now=timezone.now()):
            super().delete_queryset(request, queryset)


@admin.register(Order)
class Orders(Noted, LookOnly):
    """Orders as they are stored; shown to those who may see customers."""

    noted_as = ("order", "order")
    list_display = ("number", "placed_at", "status", "payment_status", "fulfilment_status", "total", "flag")
    list_filter = ("status", "payment_status", "fulfilment_status")
    search_fields = ("number",)
    date_hierarchy = "placed_at"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask for the right to see people too: nothing is masked here."""
        sees_people = request.user.has_perm("commerce.view_personal_data")
        return sees_people and super().has_view_permission(request, obj)


@admin.register(Consent)
class Consents(LookOnly):
    """What people agreed to and took back, as evidence; shown to those who may see customers."""

    list_display = ("id", "user_id", "kind", "given", "text_version", "channel", "at")
    list_filter = ("kind", "given", "channel")
    search_fields = ("user__email",)
    ordering = ("-id",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask for the right to see people too."""
        sees_people = request.user.has_perm("commerce.view_personal_data")
        return sees_people and super().has_view_permission(request, obj)


@admin.register(OutboxEvent)
class Facts(LookOnly):
    """What happened, in the order in which it was recorded."""

    list_display = ("id", "type", "aggregate_type", "aggregate_id", "actor", "occurred_at", "fanned_out_at")
    list_filter = ("type",)
    search_fields = ("aggregate_id", "correlation_id")
    show_full_result_count = False
    ordering = ("-id",)
