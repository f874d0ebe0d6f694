"""Addresses of the cart."""

from django.urls import path

from commerce.cart import views

urlpatterns = [
    path("", views.show, name="cart"),
    path("add/", views.add, name="cart-add"),
    path("change/", views.change, name="cart-change"),
    path("remove/", views.remove, name="cart-remove"),
]
