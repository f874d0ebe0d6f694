"""Django's own admin, for operators: people, and a look at orders and facts. The shop is run in the back office."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminPasswordChangeForm as AdminOwnPasswordChangeForm
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commerce.customers import services as customers
from commerce.customers.models import User
from commerce.events.models import OutboxEvent
from commerce.orders.models import Order

admin.site.site_header = admin.site.site_title = "마루"


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


class NewPerson(AdminUserCreationForm):  # type: ignore[type-arg]  # not generic at run time
    """A new person, by e-mail address."""

    class Meta:
        model = User
        fields = ("email",)


class _TellingPassword:
    """A form that stores a new password of `user` with its fact: Django has no other place for it."""

    user: User

    def save(self, commit: bool = True) -> User:
        """Store it and record it, both or neither."""
        with transaction.atomic(), customers.telling(user_ids=[self.user.pk], now=timezone.now()):
            user: User = super().save(commit)  # type: ignore[misc]  # of Django's form
        return user


class SomeonesPassword(_TellingPassword, AdminPasswordChangeForm):  # type: ignore[type-arg]  # not generic at run time
    """A new password for somebody else, or none."""


class OwnPassword(_TellingPassword, AdminOwnPasswordChangeForm):
    """A new password of one's own."""


admin.site.password_change_form = OwnPassword


@admin.register(User)
class People(UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Accounts of shoppers and colleagues."""

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
class Orders(LookOnly):
    """Orders as they are stored; shown to those who may see customers."""

    list_display = ("number", "placed_at", "status", "payment_status", "fulfilment_status", "total", "flag")
    list_filter = ("status", "payment_status", "fulfilment_status")
    search_fields = ("number",)
    date_hierarchy = "placed_at"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask for the right to see people too: nothing is masked here."""
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
