"""Addresses of the API; they have no language, the requests name theirs."""

from django.urls import path

from commerce.checkout.api import views

urlpatterns = [
    path("orders/", views.orders, name="api-orders"),
    path("orders/<slug:token>/", views.order, name="api-order"),
]
