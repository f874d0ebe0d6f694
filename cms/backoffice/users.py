"""People in the admin. They sign in with an e-mail address and have one name, as Koreans write it."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import account
from wagtail.admin.views.account import ChangePasswordPanel, NameEmailSettingsPanel, PasswordResetConfirmView
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet

from cms.backoffice import people, staff_facts
from commerce.customers import services as customers
from commerce.customers.models import User


class OneName(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The name in one field, the address in lower case and only once."""

    def clean_email(self) -> str:
        """Return the address as the shop stores it."""
        email = str(self.cleaned_data["email"]).strip().lower()
        others = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("Somebody has this e-mail address already."))
        return email


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class Creation(OneName, UserCreationForm):
    """Add a person."""

    first_name = _name()
    last_name = None

    class Meta(UserCreationForm.Meta):
        fields = ["email", "first_name", "phone", "is_superuser", "groups"]


class Edit(OneName, UserEditForm):
    """Change a person."""

    first_name = _name()
    last_name = None

    class Meta(UserEditForm.Meta):
        fields = ["email", "first_name", "phone", "is_active", "is_superuser", "groups"]


class OwnName(OneName, account.NameEmailForm):
    """What people change of themselves."""

    first_name = _name()
    last_name = None

    def save(self, commit: bool = True) -> Any:
        """Store it, with its fact."""
        with customers.telling(user_ids=[self.instance.pk], now=timezone.now()):
            return super().save(commit)

    class Meta(account.NameEmailForm.Meta):
        fields = ["first_name", "email"]


class OwnPassword(PasswordChangeForm):
    """A new password by who knows the old one."""

    def save(self, commit: bool = True) -> User:
        """Store it, with its fact."""
        with customers.telling(user_ids=[self.user.pk], now=timezone.now()):
            return super().save(commit)


class ForgottenPassword(SetPasswordForm):  # type: ignore[type-arg]  # not generic at run time
    """A new password by who opened the link in their mail: they are not signed in, and act all the same."""

    def save(self, commit: bool = True) -> Any:
        """Store it, with its fact."""
        with people.acting(self.user), customers.telling(user_ids=[self.user.pk], now=timezone.now()):
            return super().save(commit)


class People(UserViewSet):
    """Wagtail's list of users with our forms."""

    add_view_class = staff_facts.PersonCreate
    edit_view_class = staff_facts.PersonEdit
    delete_view_class = staff_facts.PersonDelete

    def get_form_class(self, for_update: bool = False) -> Any:
        """Return the form for a new or a known person."""
        return Edit if for_update else Creation


def adopt() -> None:
    """Give the pages about one's own account our forms: Wagtail has no setting for it."""
    NameEmailSettingsPanel.form_class = OwnName
    ChangePasswordPanel.form_class = OwnPassword
    PasswordResetConfirmView.form_class = ForgottenPassword
