"""The shop's own addresses, in both languages."""

from django.urls import include, path

from commerce.checkout import views as checkout
from commerce.checkout.refund_account import views as refund_account
from commerce.claims import views as claims
from commerce.claims.cancellation import views as cancellation
from commerce.fulfilment import views as parcels
from commerce.mypage.orders import views as my_orders

urlpatterns = [
    path("", include("commerce.catalog.urls")),
    path("search/", include("commerce.search.urls")),
    path("cart/", include("commerce.cart.urls")),
    path("checkout/", include("commerce.checkout.urls")),
    path("orders/<slug:token>/retry/", checkout.retry, name="order-retry"),  # paying again is checkout's
    path("orders/<slug:token>/confirm/", parcels.confirm, name="order-confirm"),
    path("orders/<slug:token>/received/<int:parcel>/", parcels.received, name="parcel-received"),
    path("orders/<slug:token>/refund-account/", refund_account.ask, name="refund-account"),
    path("orders/<slug:token>/cancel/", cancellation.ask, name="order-cancel"),
    path("orders/<slug:token>/claims/", claims.ask, name="claim"),
    path("orders/<slug:token>/claims/<int:claim>/withdraw/", claims.withdraw, name="claim-withdraw"),
    path("orders/<slug:token>/again/", my_orders.again, name="order-again"),
    path("orders/<slug:token>/claim/", my_orders.claim, name="order-claim"),
    path("orders/", include("commerce.orders.urls")),
    path("account/", include("commerce.mypage.urls")),
]
