"""Wagtail's app of users, told to use our forms. Settings list it instead of `wagtail.users`."""

from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(WagtailUsersAppConfig):
    user_viewset = "cms.backoffice.users.People"
