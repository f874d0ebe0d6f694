"""Addresses of my page."""

from django.urls import path

from commerce.mypage import views
from commerce.mypage.addresses import views as addresses
from commerce.mypage.coupons import views as coupons
from commerce.mypage.orders import views as orders
from commerce.mypage.privacy import views as privacy

urlpatterns = [
    path("", views.overview, name="account"),
    path("orders/", orders.listing, name="account-orders"),
    path("addresses/", addresses.listing, name="account-addresses"),
    path("addresses/new/", addresses.add, name="account-address-add"),
    path("addresses/<int:pk>/", addresses.change, name="account-address"),
    path("addresses/<int:pk>/delete/", addresses.delete, name="account-address-delete"),
    path("addresses/<int:pk>/default/", addresses.make_default, name="account-address-default"),
    path("points/", views.points, name="account-points"),
    path("coupons/", coupons.coupons, name="account-coupons"),
    path("privacy/", privacy.show, name="account-privacy"),
    path("privacy/copy/", privacy.ask_for_copy, name="account-copy"),
    path("privacy/copy/progress/", privacy.progress, name="account-copy-progress"),
    path("privacy/copy/<uuid:key>/", privacy.download, name="account-copy-file"),
    path("privacy/leave/", privacy.leave, name="account-leave"),
]
