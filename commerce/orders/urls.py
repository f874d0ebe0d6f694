"""Addresses of orders. A token is what `secrets.token_urlsafe` makes: letters, digits, - and _."""

from django.urls import path

from commerce.orders import views

urlpatterns = [
    path("lookup/", views.lookup, name="order-lookup"),
    path("<slug:token>/", views.show, name="order"),
    path("<slug:token>/document/", views.print_document, name="order-document"),
]
