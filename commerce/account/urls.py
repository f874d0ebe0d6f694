"""Addresses of my page."""

from django.urls import path

from commerce.account import views
from commerce.account.addresses import views as addresses
from commerce.account.orders import views as orders

urlpatterns = [
    path("", views.overview, name="account"),
    path("orders/", orders.listing, name="account-orders"),
    path("addresses/", addresses.listing, name="account-addresses"),
    path("addresses/new/", addresses.add, name="account-address-add"),
    path("addresses/<int:pk>/", addresses.change, name="account-address"),
    path("addresses/<int:pk>/delete/", addresses.delete, name="account-address-delete"),
    path("addresses/<int:pk>/default/", addresses.make_default, name="account-address-default"),
]
