"""Addresses of the catalog; they are also the addresses of the pages on which it is written."""

from django.urls import path

from commerce.catalog import views

urlpatterns = [
    path("p/<slug:slug>/", views.product, name="product"),
    path("recent/", views.recent, name="recent"),
    path("c/", views.listing, name="catalog"),
    path("c/<path:path>/", views.listing, name="category"),
]
