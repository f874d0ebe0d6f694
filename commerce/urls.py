"""The shop's own addresses, in both languages."""

from django.urls import include, path

from commerce.checkout.refund_account import views as refund_account
from commerce.checkout.views import paying
from commerce.claims import views as claims
from commerce.claims.cancellation import views as cancellation
from commerce.fulfilment import views as parcels
from commerce.mypage.keeping import views as keeping
from commerce.mypage.orders import views as my_orders
from commerce.questions import views as questions
from commerce.restock import views as restock
from commerce.reviews import views as reviews
from commerce.wishlist import views as wishlist

urlpatterns = [
    path("p/<slug:slug>/reviews/", reviews.listing, name="reviews"),
    path("p/<slug:slug>/questions/", questions.listing, name="questions"),
    path("", include("commerce.catalog.urls")),
    path("search/", include("commerce.search.urls")),
    path("cart/", include("commerce.cart.urls")),
    path("checkout/", include("commerce.checkout.urls")),
    path("orders/<slug:token>/retry/", paying.retry, name="order-retry"),  # paying again is checkout's
    path("orders/<slug:token>/confirm/", parcels.confirm, name="order-confirm"),
    path("orders/<slug:token>/received/<int:parcel>/", parcels.received, name="parcel-received"),
    path("orders/<slug:token>/refund-account/", refund_account.ask, name="refund-account"),
    path("orders/<slug:token>/cancel/", cancellation.ask, name="order-cancel"),
    path("orders/<slug:token>/claims/", claims.ask, name="claim"),
    path("orders/<slug:token>/claims/<int:claim>/withdraw/", claims.withdraw, name="claim-withdraw"),
    path("orders/<slug:token>/reviews/stop/", reviews.stop, name="review-stop"),
    path("orders/<slug:token>/reviews/<int:line>/", reviews.write, name="review-write"),
    path("orders/<slug:token>/reviews/<int:line>/withdraw/", reviews.withdraw, name="review-withdraw"),
    path(
        "orders/<slug:token>/reviews/<int:line>/photos/<int:photo>/",
        reviews.own_photo,
        name="review-own-photo",
    ),
    path("reviews/policy/", reviews.policy, name="review-policy"),
    path("reviews/photos/<slug:name>.jpg", reviews.photo, name="review-photo"),
    path("reviews/<int:review>/report/", reviews.report, name="review-report"),
    path("questions/<slug:token>/", questions.show, name="question"),
    path("questions/<slug:token>/withdraw/", questions.withdraw, name="question-withdraw"),
    path("wishlist/", wishlist.show, name="wishlist"),
    path("wishlist/change/", wishlist.change, name="wishlist-change"),
    path("newsletter/", include("commerce.newsletter.urls")),
    path("restock/", restock.ask, name="restock-ask"),
    path("restock/<slug:token>/", restock.show, name="restock"),
    path("restock/<slug:token>/take/", restock.take, name="restock-take"),
    path("restock/<slug:token>/stop/", restock.stop, name="restock-stop"),
    path("restock/<slug:token>/cancel/", restock.cancel, name="restock-cancel"),
    path("account/questions/", questions.mine, name="account-questions"),
    path("account/restock/", restock.mine, name="account-restock"),
    path("account/reviews/", reviews.mine, name="account-reviews"),
    path("orders/<slug:token>/again/", my_orders.again, name="order-again"),
    path("orders/<slug:token>/claim/", my_orders.claim, name="order-claim"),
    path("orders/<slug:token>/keep/", keeping.keep, name="order-keep"),
    path("orders/", include("commerce.orders.urls")),
    path("account/", include("commerce.mypage.urls")),
]
