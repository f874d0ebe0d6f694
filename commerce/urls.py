"""The shop's own addresses, in both languages."""

from django.urls import include, path

urlpatterns = [
    path("", include("commerce.catalog.urls")),
    path("cart/", include("commerce.cart.urls")),
    path("checkout/", include("commerce.checkout.urls")),
    path("orders/", include("commerce.orders.urls")),
]
