"""Addresses of the order sheet and of everything around a payment."""

from django.urls import path

from commerce.checkout import views

urlpatterns = [
    path("", views.sheet, name="checkout"),
    path("sums/", views.sums, name="checkout-sums"),
    path("pay/<slug:token>/", views.pay, name="pay"),
    path("return/<slug:token>/", views.payment_return, name="payment-return"),
    path("state/<slug:token>/", views.payment_state, name="payment-state"),
]
