"""Tools of a developer's machine, below /dev/."""

from django.urls import URLPattern, path

from config.dev import views

urlpatterns: list[URLPattern] = [
    path("mails/", views.mail_list, name="dev-mails"),
    path("mails/<slug:name>/", views.mail, name="dev-mail"),
    path("mails/<slug:name>/html/", views.mail_html, name="dev-mail-html"),
]
