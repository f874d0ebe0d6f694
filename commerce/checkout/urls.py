"""Addresses of the order sheet and of everything around a payment."""

from django.urls import path

from commerce.checkout.views import paying, returning, sheet

urlpatterns = [
    path("", sheet.sheet, name="checkout"),
    path("sums/", sheet.sums, name="checkout-sums"),
    path("pay/<slug:token>/", paying.pay, name="pay"),
    path("return/<slug:token>/", returning.payment_return, name="payment-return"),
    path("state/<slug:token>/", returning.payment_state, name="payment-state"),
]
